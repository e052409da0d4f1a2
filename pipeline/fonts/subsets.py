"""Fonts with only what is needed: a static instance of a variable font, a web font of one text.

HarfBuzz does both in milliseconds, and writes the same bytes every time.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import uharfbuzz
from fontTools.ttLib import TTFont

from pipeline.fonts.metrics import coverage
from pipeline.fonts.naming import rename
from pipeline.fonts.typeface import REGULAR
from pipeline.memory import digest_of, remembered

# What an instance keeps of a variable font of the European scripts: Latin, Greek, Cyrillic,
# punctuation, arrows, operators.
_KEPT = (
    *range(0x20, 0x250),
    *range(0x2B0, 0x530),
    *range(0x1E00, 0x2070),
    *range(0x20A0, 0x20D0),
    *range(0x2100, 0x2150),
    *range(0x2190, 0x2270),
    0xFEFF,
)

_NAMES = range(26)
# Copyright, family, style, license and its address.
_WEB_NAMES = (0, 1, 2, 13, 14)

NOTE = "Static instance of the variable font {family}{fewer}; unchanged otherwise."


def freeze(path: Path, weight: int, *, whole: bool = False) -> bytes:
    """Return a static instance of the variable font at `path`, with the characters that we keep or all."""
    face = _face(path)
    plan = _plan(sorted(coverage(path)) if whole else _KEPT, _NAMES)
    # The table of styles would still speak of the axes that are gone.
    plan.drop_table_tag_set.add(int.from_bytes(b"STAT", "big"))
    plan.pin_all_axes_to_default(face)
    plan.pin_axis_location(face, "wght", weight)
    font = TTFont(io.BytesIO(_subset(plan, face)), recalcTimestamp=False)
    family = font["name"].getBestFamilyName()
    rename(
        font,
        family=family,
        bold=weight > REGULAR,
        note=NOTE.format(family=family, fewer="" if whole else ", with fewer characters"),
    )
    return _saved(font)


def web_font(path: Path, text: str) -> bytes:
    """Return the characters of `text` from the font file at `path`, as WOFF2; the same every time."""
    return _web_font(path, frozenset(text))


@lru_cache(maxsize=64)
def _web_font(path: Path, characters: frozenset[str]) -> bytes:
    def make() -> bytes:
        plan = _plan(map(ord, characters), _WEB_NAMES)
        font = TTFont(io.BytesIO(_subset(plan, _face(path))), recalcTimestamp=False)
        font.flavor = "woff2"
        return _saved(font)

    return remembered(make, "web font", digest_of(path), "".join(sorted(characters)))


def _face(path: Path) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))


def _plan(points: Iterable[int], names: Iterable[int]) -> uharfbuzz.SubsetInput:
    """Return what to keep: these characters, all that layout makes of them, and these names."""
    plan = uharfbuzz.SubsetInput()
    plan.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    plan.unicode_set.set(set(points))
    plan.name_id_set.set(set(names))
    # Every feature: the set holds the usual ones, and its opposite only the others.
    plan.layout_feature_tag_set.clear()
    plan.layout_feature_tag_set.invert()
    return plan


def _subset(plan: uharfbuzz.SubsetInput, face: uharfbuzz.Face) -> bytes:
    data: bytes = plan.subset(face).blob.data
    return data


def _saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()
