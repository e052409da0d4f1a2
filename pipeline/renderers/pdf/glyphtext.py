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
from dataclasses import dataclass
from functools import cache, cached_property, wraps
from itertools import groupby, pairwise
from typing import Any

import pydyf
from weasyprint.draw import text as drawing
from weasyprint.pdf import fonts, stream
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

from pipeline.fonts import glyph_text, has_glyph, own_glyphs

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

# Pango's own glyphs.
_EMPTY, _UNKNOWN = pango.PANGO_GLYPH_EMPTY, pango.PANGO_GLYPH_UNKNOWN_FLAG

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
        code: int = self._codes.get((glyph, text), self.glyph_count + len(self._codes))
        if code >= _CODES:
            return glyph
        self._codes[glyph, text] = code
        self.glyphs[code] = glyph
        self.to_unicode[code] = text
        return code

    @cached_property
    def letters(self) -> Mapping[str, int]:
        """The glyph of each character by itself."""
        return _own_glyphs(bytes(self.file_content), self.index)

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


@cache
def _own_glyphs(data: bytes, index: int) -> Mapping[str, int]:
    return own_glyphs(data, index)


def _said(draw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(draw)
    def draw_first_line(page: Any, box: Any, *rest: Any) -> Any:
        text = box.text
        if _REORDERED.search(text):
            # As WeasyPrint sets it, so that it finds the line that is changed here.
            pango.pango_layout_set_single_paragraph_mode(box.pango_layout.layout, True)
            _encode(page, box.pango_layout)
        # In a line from right to left PDFium takes a blank by itself for none, and sees the gap without.
        if not text.isspace() or not box.pango_layout.text or box.style["direction"] == "rtl":
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
    item = layout.get_first_line()[0].runs[0]
    while item != ffi.NULL:
        part, shaped = item.data.item, item.data.glyphs
        item = item.next
        if part.analysis.level % 2 == 0:
            run = _Run(page, part.analysis.font, *page.add_font(part.analysis.font))
            own = text[part.offset : part.offset + part.length]
            infos = list(shaped.glyphs[0 : shaped.num_glyphs])
            starts = ffi.unpack(shaped.log_clusters, shaped.num_glyphs)
            clusters = {n: starts[n] for n, info in enumerate(infos) if _is_painted(info.glyph)}
            for said, numbers in _syllables(own, clusters):
                run.encode(said, [infos[number] for number in numbers])


def _is_painted(glyph: int) -> bool:
    """Return whether a glyph is one of the font's, not the space of nothing or the mark of a missing one."""
    return glyph != _EMPTY and not glyph & _UNKNOWN


def _syllables(text: bytes, clusters: Mapping[int, int]) -> Iterator[tuple[str, list[int]]]:
    """Yield the syllables of a run and their glyphs. `clusters` has for each where its syllable begins.

    What has no glyph, such as a joiner, goes with the syllable before it.
    """
    groups = [list(numbers) for _, numbers in groupby(clusters, clusters.__getitem__)]
    starts = [0, *(clusters[numbers[0]] for numbers in groups[1:]), len(text)]
    for numbers, (start, end) in zip(groups, pairwise(starts), strict=True):
        yield text[start:end].decode(), numbers


@dataclass(frozen=True, slots=True)
class _Run:
    """What is known of glyphs in one font: the page, the font of Pango's and ours, the size in px."""

    page: Any
    pango_font: Any
    font: ReadableFont
    size: float

    def encode(self, said: str, glyphs: list[Any]) -> None:
        """Give the glyphs of a syllable the codes under which they say it."""
        if len(said) == 1 and len(glyphs) > 1:
            glyphs = self._put_together(said, glyphs)
        for info, part in zip(glyphs, _shares(said, len(glyphs)), strict=True):
            glyph = info.glyph
            code = self.font.code(glyph, part)
            if code not in self.font.widths:
                self.font.widths[code] = self._width(glyph)
            if code != glyph:
                info.glyph = code

    def _put_together(self, letter: str, glyphs: list[Any]) -> list[Any]:
        """Return the glyph of a letter that was taken apart so that marks could join its parts."""
        whole = self.font.letters.get(letter)
        if whole is None or self._width(whole) != sum(self._width(info.glyph) for info in glyphs):
            return glyphs
        first, *others = glyphs
        first.glyph, first.geometry.x_offset, first.geometry.y_offset = whole, 0, 0
        for info in others:
            first.geometry.width += info.geometry.width
            info.glyph, info.geometry.width = _EMPTY, 0
        return [first]

    def _width(self, glyph: int) -> int:
        """Return the width of a glyph in thousandths of an em, as WeasyPrint reckons it."""
        if glyph not in self.font.widths:
            inside, whole = self.page.ink_rect, self.page.logical_rect
            pango.pango_font_get_glyph_extents(self.pango_font, glyph, inside, whole)
            return round(float(whole.width * 1000 * FROM_UNITS / self.size))
        return int(self.font.widths[glyph])


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
    parts = [syllable[start:end] for start, end in pairwise(cuts)]
    return (*parts, *[_NOTHING] * (count - len(parts)))


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
