"""Small projects, written for one test each."""

from __future__ import annotations

from pathlib import Path

FRONT = """\
+++
slug = "leaflet"
language = "en"
title = "A leaflet"
subtitle = "For a test"
summary = "What the test is about."
version = "1.0"
issued = 2026-01-02
review = 2028-01-02
+++
"""

BODY = "\n## One {#one}\n\nText. {#text}\n"

HANDOUTS = """\
[project]
source = "leaflet.md"

[build]
languages = ["en"]

[build.formats]
html = ["clear"]

[[handout]]
id = "leaflet"
"""

GLOSSARY = """\
[[term]]
id = "tea"
term = "tea"
explanation = "A hot drink."

[[abbreviation]]
id = "who"
text = "WHO"
expansion = "World Health Organization"
"""

DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200" width="300" height="200">
  <rect x="0" y="0" width="300" height="200" fill="#EAF3F8"/>
  <text id="label" x="150" y="100" data-width="280" data-lines="2">Words</text>
</svg>
"""

FIGURE = """
:::: figure picture
![A rectangle. {#picture-alt}](figures/drawing.svg)

A caption. {#picture-caption}

::: description
A rectangle with a word in it. {#picture-long}
:::
::::
"""


def write_project(
    root: Path,
    *,
    front: str = FRONT,
    body: str = BODY,
    handouts: str = HANDOUTS,
    glossary: str = GLOSSARY,
    drawing: str | bytes = DRAWING,
) -> Path:
    """Write a project into the folder `root` and return it."""
    figures = root / "source" / "figures"
    figures.mkdir(parents=True)
    (root / "source" / "leaflet.md").write_text(front + body, "utf-8")
    (root / "source" / "handouts.toml").write_text(handouts, "utf-8")
    (root / "source" / "glossary.toml").write_text(glossary, "utf-8")
    data = drawing if isinstance(drawing, bytes) else drawing.encode()
    (figures / "drawing.svg").write_bytes(data)
    return root
