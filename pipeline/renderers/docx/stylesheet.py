"""The style sheet: every paragraph style of a leaflet, measured out for an edition.

The look is that of the printed page: sizes from the edition, nothing smaller than the body text, a
line between paragraphs, headings that stay with what follows.

No style has the name of a PDF structure type ("Figure", "Quote"): LibreOffice would then write that
type into a PDF, where PDF/UA forbids it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.editions import Layout
from pipeline.renderers.docx.measures import (
    ACCENT,
    BOX_INDENT,
    HEADING_PITCH,
    INK,
    LOOKS,
    NOTICE,
    PRIMARY,
    WHITE,
    Look,
    body_pt,
    list_indent_pt,
    size_pt,
)
from pipeline.renderers.docx.numbering import BOXED_BULLETS, BULLETS, NUMBERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A paragraph style. `size` is in pt, `before` and `after` are in lines, indents in pt.

    `next` is the style of the paragraph that an editor begins after it; "" means the same. A style
    for pictures has lines as tall as what stands in them.
    """

    name: str
    based: str = "Normal"
    next: str = ""
    size: float = 0.0
    bold: bool = False
    color: str = ""
    pitch: float = 0.0
    pictures: bool = False
    before: float = 0.0
    after: float = 1.0
    start: float = 0.0
    end: float = 0.0
    hanging: float = 0.0
    together: bool = False
    outline: int | None = None
    numbering: int | None = None
    look: Look | None = None
    rule: str = ""
    toward_end: bool = False


def style_id(name: str) -> str:
    """Return the id of the style `name`: `Heading1` for `heading 1`, `TOC1` for `toc 1`."""
    return "".join(word.upper() if word == "toc" else word[:1].upper() + word[1:] for word in name.split())


def paragraph_styles(layout: Layout) -> Iterator[Style]:
    """Yield the paragraph styles, each behind the one that it is based on."""
    body, hang = body_pt(layout), list_indent_pt(layout)
    yield Style(name="Normal", based="", size=body, color=INK)
    yield Style(name="Body Text")
    yield Style(
        name="Title", next="Subtitle", size=size_pt(layout.heading_pt(1)), bold=True, color=PRIMARY,
        pitch=HEADING_PITCH, after=0.4, together=True, outline=0,
    )  # fmt: skip
    yield Style(
        name="Subtitle",
        next="Version Line",
        size=size_pt(layout.heading_pt(3)),
        pitch=HEADING_PITCH,
        after=0.5,
    )
    yield Style(name="Version Line", next="Body Text", rule=ACCENT)
    for level, (before, after) in enumerate(((1.5, 0.6), (1.2, 0.4), (1.0, 0.4), (1.0, 0.4)), start=1):
        yield Style(
            name=f"heading {level}", next="Body Text", size=size_pt(layout.heading_pt(level + 1)), bold=True,
            color=PRIMARY, pitch=HEADING_PITCH, before=before, after=after, together=True, outline=level - 1,
        )  # fmt: skip
    yield Style(name="List Bullet", after=0.3, start=hang, hanging=hang, numbering=BULLETS)
    yield Style(name="List Number", after=0.3, start=hang, hanging=hang, numbering=NUMBERS)
    yield Style(name="List Continue", after=0.3, start=hang)
    yield Style(name="Glossary Term", next="Definition", bold=True, color=PRIMARY, after=0, together=True)
    yield Style(name="Definition", next="Glossary Term", after=0.6)
    yield Style(name="Block Text", start=hang)
    yield Style(name="Picture", next="caption", pictures=True, after=0.4, together=True)
    yield Style(name="caption", next="Body Text", bold=True, color=PRIMARY, after=0.4, together=True)
    yield Style(name="Description Title", next="Description", bold=True, after=0, together=True)
    yield Style(name="Description")
    yield Style(name="Table Text", pitch=HEADING_PITCH, after=0)
    yield Style(
        name="Table Head",
        based="Table Text",
        bold=True,
        color=WHITE,
        pitch=HEADING_PITCH,
        after=0,
        together=True,
    )
    yield Style(name="Table Row Head", based="Table Text", bold=True, pitch=HEADING_PITCH, after=0)
    yield Style(name="Stacked Columns", bold=True, color=PRIMARY, after=0, together=True)
    yield Style(name="Stacked Row", next="Stacked Cell", bold=True, before=0.6, after=0, together=True)
    yield Style(name="Stacked Cell", after=0, start=hang)
    yield Style(name="Note Text", after=0.6)
    yield Style(name="Separator", rule=PRIMARY)
    yield Style(
        name="TOC Heading", next="toc 1", size=size_pt(layout.heading_pt(2)), bold=True, color=PRIMARY,
        pitch=HEADING_PITCH, after=0.6, together=True,
    )  # fmt: skip
    for level in (1, 2, 3):
        yield Style(name=f"toc {level}", after=0.15, start=hang * (level - 1))
    yield Style(name="footer", bold=True, after=0, toward_end=True)
    for look in (NOTICE, *LOOKS.values()):
        yield from _box_styles(look, hang)


def _box_styles(look: Look, hang: float) -> Iterator[Style]:
    yield Style(name=look.style, start=BOX_INDENT, end=BOX_INDENT, look=look)
    yield Style(
        name=f"{look.style} Title", based=look.style, next=look.style, bold=True, color=look.rule, after=0,
        start=BOX_INDENT, end=BOX_INDENT, together=True, look=look,
    )  # fmt: skip
    yield Style(
        name=f"{look.style} List", based=look.style, after=0.3, start=BOX_INDENT + hang, end=BOX_INDENT,
        hanging=hang, numbering=BOXED_BULLETS, look=look,
    )  # fmt: skip
