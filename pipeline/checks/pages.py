"""The pages of a finished PDF as PDFium sees them: runs of text, filled areas, lines; sizes in pt.

The raw interface is used because it alone tells sizes, fonts and colors. Coordinates are PDF's own:
the origin is the page's lower left corner. Runs come in the order of the structure tree, which is
the order in which a screen reader speaks them; what the tree does not hold (page numbers) comes last.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from pipeline.checks.grounds import ground
from pipeline.checks.pdfium import (
    WHITE,
    Area,
    Color,
    Font,
    bounds,
    box,
    font,
    loose_box,
    paint,
    ranks,
    true_height,
)

# The letters whose ink is measured: those that an x-height is read from.
PLAIN_LETTERS = frozenset("xzvwхинкχκν")

# PDFium gives a hyphen at the end of a line as U+0002 if the word seems to go on.
_HYPHEN_AT_END = 2

_INVISIBLE = 3
_LAST = 1 << 30


class UnreadableError(Exception):
    """The bytes are not a file of their format, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that one operator draws. `left` to `right` and `bottom` to `top` bound the ink.

    `start` and `end` are where the first and the last character's own widths begin and end, left
    and right; `baseline` is the height of the baseline. `letter_heights` are ink heights, in em.
    `background` is the fill under its middle, `grounds` are all colors that are seen behind its letters.
    """

    text: str
    page: int
    start: float
    end: float
    baseline: float
    left: float
    right: float
    bottom: float
    top: float
    size: float
    font: str
    bold: bool
    italic: bool
    visible: bool
    color: Color
    background: Color
    letter_heights: tuple[float, ...] = ()
    grounds: tuple[Color, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its runs in reading order, in groups without a space between them, and what is drawn
    besides: `rules` are thin lines, `dots` those that are drawn as rows of dots or dashes, `areas` the
    bounds of lines, filled shapes and pictures. `spoken` is how many of the first groups the structure
    tree holds, or None where there are no tags: a screen reader skips the others."""

    number: int
    width: float
    height: float
    units: tuple[tuple[Run, ...], ...]
    rules: tuple[Area, ...]
    areas: tuple[Area, ...]
    dots: tuple[Area, ...] = ()
    spoken: int | None = None

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of the page, in reading order."""
        return tuple(run for unit in self.units for run in unit)

    @property
    def text(self) -> str:
        """The text that a screen reader speaks, in its order: of a tagged file no artifacts."""
        return "\n".join("".join(run.text for run in unit) for unit in self.units[: self.spoken])


@dataclass(slots=True)
class _Unit:
    """Runs that follow each other without a space: they are moved as one."""

    rank: int
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Fill:
    area: Area
    color: Color


@dataclass(slots=True)
class _Draft:
    """Characters of one text object, as they are met."""

    item: Any
    text: str = ""
    indexes: list[int] = field(default_factory=list)


def read_sheets(data: bytes) -> tuple[Sheet, ...]:
    """Return the pages of a PDF. Raises `UnreadableError`."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(str(error)) from error
    try:
        fonts: dict[int, Font] = {}
        tagged = bool(raw.FPDFCatalog_IsTagged(document))
        sheets = (_sheet(document[index], index + 1, fonts, tagged=tagged) for index in range(len(document)))
        return tuple(sheets)
    finally:
        document.close()


def _sheet(page: Any, number: int, fonts: dict[int, Font], *, tagged: bool) -> Sheet:
    text_page = page.get_textpage()
    fills, thin, areas, order = _drawn(page)
    ranking = ranks(page)
    tagged = tagged or bool(ranking)
    units: list[_Unit] = []
    fresh = True
    for draft in _drafts(text_page):
        if draft.item is None:
            fresh = True
            continue
        made = _run(draft, text_page, number, fills, order, fonts)
        if fresh or not units:
            marked = raw.FPDFPageObj_GetMarkedContentID(draft.item)
            units.append(_Unit(ranking.get(marked, _LAST if tagged else 0)))
        units[-1].runs.append(made)
        fresh = draft.text != draft.text.rstrip()
    units.sort(key=lambda unit: unit.rank)
    bare = ground(page)
    dots = tuple(area for area in thin if bare.is_dotted(area))
    rules = tuple(area for area in thin if area not in dots)
    width, height = page.get_size()
    whole = tuple(
        tuple(replace(run, grounds=bare.colors(_heart(run))) for run in unit.runs) for unit in units
    )
    spoken = sum(unit.rank != _LAST for unit in units) if tagged else None
    return Sheet(number, width, height, whole, rules, areas, dots, spoken)


def _heart(run: Run) -> Area:
    """Return where the letters of a run have most of their ink, above any line under them."""
    return Area(run.left, run.baseline + 0.08 * run.size, run.right, run.baseline + 0.48 * run.size)


def _drafts(text_page: Any) -> Iterator[_Draft]:
    """Yield the characters of the page by text object; a space that PDFium supplied has none."""
    current: _Draft | None = None
    address = 0
    for index in range(text_page.count_chars()):
        item = raw.FPDFText_GetTextObject(text_page, index)
        here = ctypes.addressof(item.contents) if item else 0
        if current is None or here != address:
            if current is not None:
                yield current
            current, address = _Draft(item if item else None), here
        code = raw.FPDFText_GetUnicode(text_page, index)
        current.text += "-" if code == _HYPHEN_AT_END else chr(code)
        current.indexes.append(index)
    if current is not None:
        yield current


def _run(
    draft: _Draft,
    text_page: Any,
    number: int,
    fills: list[tuple[int, _Fill]],
    order: dict[int, int],
    fonts: dict[int, Font],
) -> Run:
    matrix, size = raw.FS_MATRIX(), ctypes.c_float()
    raw.FPDFPageObj_GetMatrix(draft.item, matrix)
    raw.FPDFTextObj_GetFontSize(draft.item, size)
    scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
    points = size.value * scale
    face = font(raw.FPDFTextObj_GetFont(draft.item), fonts)
    visible = [i for i, c in zip(draft.indexes, draft.text, strict=True) if not c.isspace()]
    boxes = [box(text_page, i) for i in visible] or [Area(matrix.e, matrix.f, matrix.e, matrix.f)]
    ends = [loose_box(text_page, i) for i in {*visible[:1], *visible[-1:]}] or boxes
    letters = (
        true_height((area.top - matrix.f) / points)
        for i, area in zip(visible, boxes, strict=False)
        if points and draft.text[i - draft.indexes[0]] in PLAIN_LETTERS
    )
    middle = (sum(b.left for b in boxes) + sum(b.right for b in boxes)) / (2 * len(boxes))
    place = order.get(ctypes.addressof(draft.item.contents), _LAST)
    return Run(
        text=draft.text,
        page=number,
        # A j reaches back over where it begins; a run that begins with a space begins before its letters.
        start=max(matrix.e, min(e.left for e in ends)),
        end=max(e.right for e in ends),
        baseline=matrix.f,
        left=min(b.left for b in boxes),
        right=max(b.right for b in boxes),
        bottom=min(b.bottom for b in boxes),
        top=max(b.top for b in boxes),
        size=round(points, 2),
        font=face.name,
        bold=face.bold,
        italic=face.italic or abs(matrix.c) > 0.05 * abs(matrix.d),
        visible=raw.FPDFTextObj_GetTextRenderMode(draft.item) != _INVISIBLE,
        color=paint(raw.FPDFPageObj_GetFillColor, draft.item) or (0, 0, 0),
        background=_under(middle, matrix.f + points / 4, [f for at, f in fills if at < place]),
        letter_heights=tuple(letters),
    )


def _under(x: float, y: float, fills: list[_Fill]) -> Color:
    """Return the color of the last area painted under a point; paper is white."""
    for fill in reversed(fills):
        if fill.area.left <= x <= fill.area.right and fill.area.bottom <= y <= fill.area.top:
            return fill.color
    return WHITE


def _objects(page: Any) -> Iterator[Any]:
    """Yield the objects of a page in the order in which they are painted."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        yield raw.FPDFPage_GetObject(page, index)


def _unwidened(line: Area) -> Area:
    """Return the bounds of a level line without the half of its thickness that PDFium adds at its ends."""
    half = min((line.top - line.bottom) / 2, (line.right - line.left) / 2)
    level = line.right - line.left > line.top - line.bottom
    return Area(line.left + half, line.bottom, line.right - half, line.top) if level else line


def _drawn(
    page: Any,
) -> tuple[list[tuple[int, _Fill]], tuple[Area, ...], tuple[Area, ...], dict[int, int]]:
    """Return the filled rectangles with their place in the painting order, the thin lines, the
    bounds of what is drawn, and the place of each object.

    Strokes are left out of the bounds, except lines: PDFium widens them for the spikes of corners.
    """
    fills: list[tuple[int, _Fill]] = []
    rules: list[Area] = []
    areas: list[Area] = []
    order: dict[int, int] = {}
    for place, item in enumerate(_objects(page)):
        order[ctypes.addressof(item.contents)] = place
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        area = bounds(item)
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if kind != raw.FPDF_PAGEOBJ_PATH:
            areas.append(area)
            continue
        raw.FPDFPath_GetDrawMode(item, fill, stroke)
        if stroke.value and raw.FPDFPath_CountSegments(item) == 2:
            area = _unwidened(area)
        if not stroke.value or raw.FPDFPath_CountSegments(item) == 2:
            areas.append(area)
        if area.top - area.bottom < min(4.0, (area.right - area.left) / 4) and (fill.value or stroke.value):
            rules.append(area)
        elif fill.value and raw.FPDFPath_CountSegments(item) in (4, 5):
            fills.append((place, _Fill(area, paint(raw.FPDFPageObj_GetFillColor, item) or WHITE)))
    return fills, tuple(rules), tuple(areas), order
