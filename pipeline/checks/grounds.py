"""What text stands on: the colors of a page behind its letters, seen with the letters taken away."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

from pipeline.checks.pdfium import Area, Color

# Pixels a point; one pixel is then a third of the stem of a letter of 12 pt.
_SCALE = 2
_ACROSS, _UP = 24, 4
_INVISIBLE = 3

# Colors nearer than this, in steps of 255, are one to the eye; the seam of two fills blurs a pixel or two.
_SAME = 12
_SEAM = 0.03

# A line changes its color less often, though words may cover it here and there.
_CHANGES = 6


@dataclass(frozen=True, slots=True)
class Ground:
    """A page without its letters, as pixels. Areas are in pt."""

    pixels: bytes
    width: int
    height: int
    stride: int
    channels: int

    def colors(self, area: Area) -> tuple[Color, ...]:
        """Return the colors that lie in an area, most of it first.

        A color that fills less than 3 % of it is the seam between two others.
        """
        seen: Counter[Color] = Counter()
        for row in range(_UP):
            y = area.bottom + (area.top - area.bottom) * row / (_UP - 1)
            for column in range(_ACROSS):
                x = area.left + (area.right - area.left) * column / (_ACROSS - 1)
                seen[self._at(x, y)] += 1
        kept: list[Color] = []
        for color, count in seen.most_common():
            if not any(_same(color, other) for other in kept) and count > _SEAM * _ACROSS * _UP:
                kept.append(color)
        return tuple(kept)

    def is_dotted(self, area: Area) -> bool:
        """Say whether a thin area is a row of dots or dashes: its color comes and goes along it."""
        y, steps = (area.bottom + area.top) / 2, round((area.right - area.left) * _SCALE)
        colors = [self._at(area.left + step / _SCALE, y) for step in range(steps)]
        return sum(not _same(one, other) for one, other in pairwise(colors)) >= _CHANGES

    def _at(self, x: float, y: float) -> Color:
        """Return the color of a point; the nearest one of the page for points outside. Pixels are BGR."""
        column = min(max(math.floor(x * _SCALE), 0), self.width - 1)
        row = min(max(self.height - 1 - math.floor(y * _SCALE), 0), self.height - 1)
        at = row * self.stride + column * self.channels
        return self.pixels[at + 2], self.pixels[at + 1], self.pixels[at]


def ground(page: Any) -> Ground:
    """Return what a page shows behind its letters. The page loses its text."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        _hide(raw.FPDFPage_GetObject(page, index))
    bitmap = page.render(scale=_SCALE, no_smoothpath=True, may_draw_forms=False, prefer_bgrx=True)
    try:
        return Ground(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
    finally:
        bitmap.close()


def _same(one: Color, other: Color) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _SAME


def _hide(item: Any) -> None:
    """Make text invisible, inside forms too."""
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        raw.FPDFTextObj_SetTextRenderMode(item, _INVISIBLE)
    elif kind == raw.FPDF_PAGEOBJ_FORM:
        for index in range(max(0, raw.FPDFFormObj_CountObjects(item))):
            _hide(raw.FPDFFormObj_GetObject(item, index))
