"""The pages of a finished PDF as PDFium sees them: runs of text, filled areas, lines; sizes in pt.

The raw interface is used because it alone tells sizes, fonts and colors. Coordinates are PDF's own:
the origin is the page's lower left corner. Runs come in the order of the structure tree, which is
the order in which a screen reader speaks them; what the tree does not hold (page numbers) comes last.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from pipeline.checks.drafts import LAST, Draft, in_order
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
    true_height,
)

# The letters whose ink is measured: those that an x-height is read from.
PLAIN_LETTERS = frozenset("xzvwхинкχκν")

_INVISIBLE = 3


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


@dataclass(frozen=True, slots=True)
class _Fill:
    area: Area
    color: Color


def read_sheets(data: bytes) -> tuple[Sheet, ...]:
    """Return the pages of a PDF. Raises `UnreadableError`."""
    fonts: dict[int, Font] = {}
    with opened(data) as (document, tagged):
        return tuple(
            _sheet(document[index], index + 1, fonts, tagged=tagged) for index in range(len(document))
        )


def read_text(data: bytes) -> str:
    """Return the text of the sheets of a PDF, a line for each unit; nothing else of them is looked at.

    Raises `UnreadableError`.
    """
    with opened(data) as (document, tagged):
        return "\n".join(_spoken(document[index], tagged=tagged) for index in range(len(document)))


@contextmanager
def opened(data: bytes) -> Iterator[tuple[Any, bool]]:
    """Open a PDF; say whether it is tagged. Raises `UnreadableError`."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(str(error)) from error
    try:
        yield document, bool(raw.FPDFCatalog_IsTagged(document))
    finally:
        document.close()


def _spoken(page: Any, *, tagged: bool) -> str:
    units, spoken = in_order(page, page.get_textpage(), tagged=tagged)
    return "\n".join("".join(draft.text for draft in unit) for unit in units[:spoken])


def _sheet(page: Any, number: int, fonts: dict[int, Font], *, tagged: bool) -> Sheet:
    text_page = page.get_textpage()
    fills, thin, areas, order = _drawn(page)
    drafts, spoken = in_order(page, text_page, tagged=tagged)
    units = [[_run(draft, text_page, number, fills, order, fonts) for draft in unit] for unit in drafts]
    bare = ground(page)
    dots = tuple(area for area in thin if bare.is_dotted(area))
    rules = tuple(area for area in thin if area not in dots)
    width, height = page.get_size()
    whole = tuple(tuple(replace(run, grounds=bare.colors(_heart(run))) for run in unit) for unit in units)
    return Sheet(number, width, height, whole, rules, areas, dots, spoken)


def _heart(run: Run) -> Area:
    """Return where the letters of a run have most of their ink, above any line under them."""
    return Area(run.left, run.baseline + 0.08 * run.size, run.right, run.baseline + 0.48 * run.size)


def _run(
    draft: Draft,
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
    place = order.get(ctypes.addressof(draft.item.contents), LAST)
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
