"""What each glyph of a font says: the text that a program reading the page should find.

A glyph that no character maps to (a letter's form inside a word, a ligature, a mark in its place)
gets its text from the substitutions that lead to it.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

from fontTools.ttLib import TTFont

_PRIVATE = range(0xE000, 0xF900)
_PRESENTATION_FORMS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFD))
# Characters that share a glyph with the one that is meant: no-break space, soft hyphen.
_DOUBLES = (0xA0, 0xAD)
_TATWEEL = "\u0640"


def glyph_text(data: bytes, index: int = 0) -> dict[int, str]:
    """Return what each glyph of a font file says, by glyph id, letters in reading order.

    `index` is the font's place in a collection. Glyphs that say nothing known are left out.
    """
    with TTFont(io.BytesIO(data), fontNumber=index, lazy=True) as font:
        return {font.getGlyphID(name): text for name, text in glyph_names_text(font).items()}


def has_glyph(data: bytes, character: str, index: int = 0) -> bool:
    """Return whether a font file has a glyph for `character`."""
    with TTFont(io.BytesIO(data), fontNumber=index, lazy=True) as font:
        return ord(character) in font.getBestCmap()


def own_glyphs(data: bytes, index: int = 0) -> dict[str, int]:
    """Return the glyph that a font file has for each character by itself."""
    with TTFont(io.BytesIO(data), fontNumber=index, lazy=True) as font:
        return {chr(point): font.getGlyphID(name) for point, name in font.getBestCmap().items()}


def glyph_names_text(font: TTFont) -> dict[str, str]:
    """Return what each glyph of a font says, by glyph name."""
    texts = _mapped(font)
    steps = list(_substitutions(font)) if "GSUB" in font else []
    grown = True
    while grown:
        grown = False
        for parts, result in steps:
            if result not in texts and all(part in texts for part in parts):
                texts[result] = unicodedata.normalize("NFC", "".join(texts[part] for part in parts))
                grown = True
    return texts


def subtables(font: TTFont, table: str, kind: int = 0) -> Iterator[Any]:
    """Yield the subtables of a layout table, of one kind or of all, without the wrapper of large ones."""
    for lookup in font[table].table.LookupList.Lookup:
        for wrapped in lookup.SubTable:
            subtable = getattr(wrapped, "ExtSubTable", wrapped)
            if kind in (0, subtable.LookupType):
                yield subtable


def _mapped(font: TTFont) -> dict[str, str]:
    """Return the texts of the glyphs that characters map to, each by its plainest character."""
    points: dict[str, set[int]] = {}
    for table in font["cmap"].tables:
        if table.isUnicode():
            for point, name in table.cmap.items():
                points.setdefault(name, set()).add(point)
    plainest = {name: min(found, key=_oddness) for name, found in points.items()}
    # A private character is only a name that the font gave to a glyph; it says nothing to a reader.
    return {name: _plain(point) for name, point in plainest.items() if point not in _PRIVATE}


def _oddness(point: int) -> tuple[bool, bool, bool, int]:
    return _is_presentation_form(point), point in _PRIVATE, point in _DOUBLES, point


def _is_presentation_form(point: int) -> bool:
    return any(point in forms for forms in _PRESENTATION_FORMS)


def _plain(point: int) -> str:
    """Return a character as text that is searched for: letters, not their shapes."""
    character = chr(point)
    if not _is_presentation_form(point):
        return character
    # A mark's presentation form stands on a space or a tatweel, which is no part of what it says.
    plain = unicodedata.normalize("NFKC", character).replace(" ", "").replace(_TATWEEL, "")
    return plain or character


def _substitutions(font: TTFont) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each substitution that makes one glyph, as the glyphs that it takes and the one it gives."""
    for subtable in subtables(font, "GSUB"):
        match subtable.LookupType:
            case 1:
                yield from (((old,), new) for old, new in subtable.mapping.items())
            case 3:
                yield from (((old,), new) for old, news in subtable.alternates.items() for new in news)
            case 4:
                for first, ligatures in subtable.ligatures.items():
                    yield from (((first, *one.Component), one.LigGlyph) for one in ligatures)
            case _:
                pass
