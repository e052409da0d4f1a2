"""What the PDF says that each glyph stands for, where WeasyPrint's guess is not good enough.

WeasyPrint 70 notes for a glyph the text of the first cluster that it was drawn for, all of it: an
Arabic letter that first appeared with a mark then reads as letter and mark wherever it stands. Our
own table of an Arabic font, read from its rules, takes the guess's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from weasyprint.pdf import stream
from weasyprint.pdf.fonts import Font

from pipeline.fonts import glyph_text, has_glyph

_ALEF = "\u0627"


class _GlyphTexts(dict[int, str]):
    """What each glyph used so far says: known texts come before those that are noted."""

    def __init__(self, known: Mapping[int, str]) -> None:
        super().__init__()
        self._known = known

    def __setitem__(self, glyph: int, text: str) -> None:
        # A glyph that says nothing still needs a text: the empty one is malformed (ISO 32000-1, 9.10.3).
        super().__setitem__(glyph, self._known.get(glyph, text) or "\u200b")


class ReadableFont(Font):  # type: ignore[misc]
    """WeasyPrint's font of a PDF, which knows what the glyphs of an Arabic face say."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.to_unicode = _GlyphTexts(_arabic_texts(bytes(self.file_content), self.index))


def install() -> None:
    """Let every PDF made from now on use `ReadableFont`."""
    stream.Font = ReadableFont


@cache
def _arabic_texts(data: bytes, index: int) -> Mapping[int, str]:
    """Return the texts of an Arabic font's glyphs; none of another font, whose clusters are letters."""
    return glyph_text(data, index) if has_glyph(data, _ALEF, index) else {}
