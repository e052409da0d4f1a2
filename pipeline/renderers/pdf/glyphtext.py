"""What the PDF says that each glyph stands for, where WeasyPrint's guess is not good enough.

WeasyPrint 70 notes for a glyph the text of the first cluster that it was drawn for, all of it: an
Arabic letter that first appeared with a mark then reads as letter and mark wherever it stands. Our
own table of an Arabic font, read from its rules, takes the guess's place.

In the scripts of India and its neighbors no such table is possible: what a glyph stands for changes
with the syllable around it. There a glyph has a code for each text that it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, wraps
from itertools import groupby
from typing import Any

import pydyf
from weasyprint.draw import text as drawing
from weasyprint.pdf import fonts, stream
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

from pipeline.fonts import glyph_text, has_glyph

__all__ = ["PATCHED", "ReadableFont", "install"]

# What of WeasyPrint is replaced: a test says when another version has them no more.
PATCHED = (
    "weasyprint.draw.text.draw_first_line",
    "weasyprint.pdf.fonts._build_vector_font_dictionary",
    "weasyprint.pdf.stream.Font",
)

_ALEF = "\u0627"

# For a glyph that says nothing: an empty text is malformed (ISO 32000-1, 9.10.3).
_NOTHING = "\u200b"

# Scripts whose glyphs do not say which letters they stand for, written from left to right.
_REORDERED = re.compile("[\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff]")

# Codes have two bytes.
_CODES = 0x10000


class _GlyphTexts(dict[int, str]):
    """What each glyph used so far says: known texts come before those that are noted."""

    def __init__(self, known: Mapping[int, str]) -> None:
        super().__init__()
        self._known = known

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, self._known.get(glyph, text) or _NOTHING)


class ReadableFont(Font):  # type: ignore[misc]
    """WeasyPrint's font of a PDF, which knows what its glyphs say.

    A glyph's first code is its number. `glyphs` has the glyphs of the further codes.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.to_unicode = _GlyphTexts(_arabic_texts(bytes(self.file_content), self.index))
        self.glyphs: dict[int, int] = {}
        self._codes: dict[tuple[int, str], int] = {}

    def code(self, glyph: int, text: str) -> int:
        """Return the code under which `glyph` says `text`; without a free one, the glyph's first."""
        if glyph not in self.to_unicode:
            self.to_unicode[glyph] = text
        if self.to_unicode[glyph] == text:
            return glyph
        code = self._codes.get((glyph, text), self.glyph_count + len(self._codes))
        if code >= _CODES:
            return glyph
        self._codes[glyph, text] = code
        self.glyphs[code] = glyph
        self.to_unicode[code] = text
        return code

    def clean(self, to_unicode: Mapping[int, str], hinting: bool) -> None:
        """Drop from the font what no code needs."""
        super().clean({self.glyphs.get(code, code): text for code, text in to_unicode.items()}, hinting)


def install() -> None:
    """Let every PDF made from now on use `ReadableFont`."""
    if stream.Font is ReadableFont:
        return
    stream.Font = ReadableFont
    drawing.draw_first_line = _said(drawing.draw_first_line)
    fonts._build_vector_font_dictionary = _mapped(fonts._build_vector_font_dictionary)


@cache
def _arabic_texts(data: bytes, index: int) -> Mapping[int, str]:
    """Return the texts of an Arabic font's glyphs; none of another font, whose clusters are letters."""
    return glyph_text(data, index) if has_glyph(data, _ALEF, index) else {}


def _said(draw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(draw)
    def draw_first_line(page: Any, box: Any, *rest: Any) -> Any:
        text = box.text
        if _REORDERED.search(text):
            # As WeasyPrint sets it, so that it finds the line that is changed here.
            pango.pango_layout_set_single_paragraph_mode(box.pango_layout.layout, True)
            _encode(page, box.pango_layout)
        if not text.isspace() or not box.pango_layout.text:
            return draw(page, box, *rest)
        box.text = "blank"  # which is looked at only to leave out a text without ink
        try:
            return draw(page, box, *rest)
        finally:
            box.text = text

    return draw_first_line


def _encode(page: Any, layout: Any) -> None:
    """Put codes in the place of the glyphs of a line that is about to be drawn."""
    text = layout.text.encode()
    run = layout.get_first_line()[0].runs[0]
    while run != ffi.NULL:
        item, shaped = run.data.item, run.data.glyphs
        run = run.next
        if item.analysis.level % 2:
            continue
        font, size = page.add_font(item.analysis.font)
        own = text[item.offset : item.offset + item.length]
        for number, said in _glyph_texts(own, shaped.log_clusters[0 : shaped.num_glyphs]):
            info = shaped.glyphs[number]
            if info.glyph == pango.PANGO_GLYPH_EMPTY or info.glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
                continue
            code = font.code(info.glyph, said)
            if code not in font.widths:
                font.widths[code] = _width(page, item.analysis.font, info.glyph, size)
            info.glyph = code


def _glyph_texts(text: bytes, clusters: list[int]) -> Iterator[tuple[int, str]]:
    """Yield what each glyph of a run says. `clusters` has for each where its syllable begins in `text`."""
    groups = [(start, list(group)) for start, group in groupby(range(len(clusters)), clusters.__getitem__)]
    ends = [start for start, _ in groups[1:]] + [len(text)]
    for (start, numbers), end in zip(groups, ends, strict=True):
        yield from zip(numbers, _shares(text[start:end].decode(), len(numbers)), strict=True)


@cache
def _shares(syllable: str, count: int) -> tuple[str, ...]:
    """Return `syllable` in `count` parts, in reading order, for its glyphs from left to right.

    No part shows what its own glyph looks like, and together they read right. A part begins with a
    letter or a vowel that stands beside one as long as there are such; a mark takes no room, and
    readers do not expect its glyph to take any.
    """
    inner = range(1, len(syllable))
    best = sorted(inner, key=lambda at: (unicodedata.category(syllable[at]) == "Mn", -at))
    cuts = [0, *sorted(best[: count - 1]), len(syllable)]
    parts = [syllable[start:end] for start, end in zip(cuts, cuts[1:], strict=False)]
    return (*parts, *[_NOTHING] * (count - len(parts)))


def _width(page: Any, font: Any, glyph: int, size: float) -> int:
    """Return the width of a glyph in thousandths of an em, as WeasyPrint reckons it."""
    pango.pango_font_get_glyph_extents(font, glyph, page.ink_rect, page.logical_rect)
    return round(page.logical_rect.width * 1000 * FROM_UNITS / size)


def _mapped(build: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(build)
    def build_vector_font_dictionary(dictionary: Any, pdf: Any, font: Any, *rest: Any) -> None:
        build(dictionary, pdf, font, *rest)
        if font.glyphs:
            # ISO 32000-1, 9.7.4.3: two bytes for each code, the higher first.
            codes = range(max(font.to_unicode) + 1)
            numbers = [font.glyphs.get(code, code) if code in font.to_unicode else 0 for code in codes]
            table = pydyf.Stream([b"".join(n.to_bytes(2, "big") for n in numbers)], compress=True)
            pdf.add_object(table)
            _descendant(dictionary, pdf)["CIDToGIDMap"] = table.reference

    return build_vector_font_dictionary


def _descendant(dictionary: Any, pdf: Any) -> Any:
    (reference,) = dictionary["DescendantFonts"]
    return pdf.objects[int(reference.split()[0])]
