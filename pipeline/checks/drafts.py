"""The characters of a page as PDFium gives them, put in the order in which a screen reader speaks them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

from pipeline.checks.pdfium import ranks

# What has no place in the structure tree comes after all that has.
LAST = 1 << 30

# PDFium gives a hyphen at the end of a line as U+0002 if the word seems to go on.
_HYPHEN_AT_END = 2


@dataclass(slots=True)
class Draft:
    """Characters of one text object, as they are met."""

    item: Any
    text: str = ""
    indexes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Unit:
    """Drafts that follow each other without a space: they are moved as one."""

    rank: int
    drafts: list[Draft] = field(default_factory=list)


def in_order(page: Any, text_page: Any, *, tagged: bool) -> tuple[list[list[Draft]], int | None]:
    """Return the characters of a page in reading order, in groups without a space between them, and
    how many of the first groups the structure tree holds: None where there are no tags."""
    ranking = ranks(page)
    tagged = tagged or bool(ranking)
    units: list[_Unit] = []
    fresh = True
    for draft in _drafts(text_page):
        if draft.item is None:
            fresh = True
            continue
        if fresh or not units:
            marked = raw.FPDFPageObj_GetMarkedContentID(draft.item)
            units.append(_Unit(ranking.get(marked, LAST if tagged else 0)))
        units[-1].drafts.append(draft)
        fresh = draft.text != draft.text.rstrip()
    units.sort(key=lambda unit: unit.rank)
    spoken = sum(unit.rank != LAST for unit in units) if tagged else None
    return [unit.drafts for unit in units], spoken


def _drafts(text_page: Any) -> Iterator[Draft]:
    """Yield the characters of the page by text object; a space that PDFium supplied has none."""
    current: Draft | None = None
    address = 0
    handle = text_page.raw
    for index in range(text_page.count_chars()):
        item = raw.FPDFText_GetTextObject(handle, index)
        here = ctypes.addressof(item.contents) if item else 0
        if current is None or here != address:
            if current is not None:
                yield current
            current, address = Draft(item if item else None), here
        code = raw.FPDFText_GetUnicode(handle, index)
        current.text += "-" if code == _HYPHEN_AT_END else chr(code)
        current.indexes.append(index)
    if current is not None:
        yield current
