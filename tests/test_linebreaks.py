"""Lines are filled: no word is sent to the next line that had room on this one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break

from pipeline.fonts import Typeface, advance, typefaces
from pipeline.languages import language
from pipeline.renderers.pdf import engine

WORDS = "One two three, and this leaflet has a part about <a href='#x'>treatment</a>. And five more words"
SIZE = 20.0


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> tuple[Typeface, ...]:
    return typefaces(language("en"), WORDS, cache_folder=tmp_path_factory.mktemp("fonts"))


def lines(html: str, width: float, faces: tuple[Typeface, ...]) -> list[str]:
    """Return the text of each line of `html`, set `width` pt wide."""
    family = repr(
        faces[0].family
    )  # The faces are shared by all documents of the process, and their names too.
    sources = "".join(
        f"@font-face {{ font-family: {family}; font-weight: {weight}; src: url(font:{Path(path).name}) }}"
        for weight, path in faces[0].files
    )
    css = f"{sources} @page {{ size: 900pt 900pt }}"
    css += f" p {{ font: {SIZE}pt {family}; width: {width}pt; margin: 0 }}"
    document = engine.lay_out(f"<p id=x>{html}</p>", (css,), faces=faces, pictures={})
    return [text.strip() for text in _lines(document.pages[0]._page_box)]


def _lines(box: Any) -> Iterator[str]:
    if isinstance(box, boxes.LineBox):
        yield "".join(child.text for child in box.descendants() if isinstance(child, boxes.TextBox))
    else:
        for child in getattr(box, "children", ()):
            yield from _lines(child)


@pytest.mark.parametrize("width", range(140, 620, 4))
def test_a_line_takes_every_word_that_fits(width: int, faces: tuple[Typeface, ...]) -> None:
    made = lines(WORDS, width, faces)
    assert " ".join(made).split() == WORDS.replace("<a href='#x'>", "").replace("</a>", "").split()
    for line, following in pairwise(made):
        longer = f"{line} {following.split()[0]}"
        # A tenth of a point: WeasyPrint and HarfBuzz round in ways of their own.
        assert advance(longer, faces) * SIZE > width - 0.1, (line, following)


def test_what_is_replaced_still_exists() -> None:
    assert inline.split_first_line.__wrapped__ is line_break.split_first_line
