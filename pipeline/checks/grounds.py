"""What text stands on: the colors of a page behind its letters, seen with the letters taken away."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
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


def grounds(page: Any, areas: Iterable[Area]) -> list[tuple[Color, ...]]:
    """Return for each area the colors that lie in it, most of it first. The page loses its text.

    Sizes in pt. A color that fills less than 3 % of an area is the seam between two others.
    """
    for index in range(raw.FPDFPage_CountObjects(page)):
        _hide(raw.FPDFPage_GetObject(page, index))
    bitmap = page.render(scale=_SCALE, no_smoothpath=True, may_draw_forms=False)
    pixels, channels = bytes(bitmap.buffer), bitmap.n_channels
    try:
        return [
            _colors(pixels, area, bitmap.width, bitmap.height, stride=bitmap.stride, channels=channels)
            for area in areas
        ]
    finally:
        bitmap.close()


def _hide(item: Any) -> None:
    """Make text invisible, inside forms too."""
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        raw.FPDFTextObj_SetTextRenderMode(item, _INVISIBLE)
    elif kind == raw.FPDF_PAGEOBJ_FORM:
        for index in range(max(0, raw.FPDFFormObj_CountObjects(item))):
            _hide(raw.FPDFFormObj_GetObject(item, index))


def _colors(
    pixels: bytes, area: Area, width: int, height: int, *, stride: int, channels: int
) -> tuple[Color, ...]:
    """Return the colors at points spread over an area; PDFium's pixels are blue, green, red."""
    seen: Counter[Color] = Counter()
    for row in range(_UP):
        y = height - 1 - math.floor((area.bottom + (area.top - area.bottom) * row / (_UP - 1)) * _SCALE)
        for column in range(_ACROSS):
            x = math.floor((area.left + (area.right - area.left) * column / (_ACROSS - 1)) * _SCALE)
            if 0 <= x < width and 0 <= y < height:
                at = y * stride + x * channels
                blue, green, red = (pixels[at : at + 3]) if channels >= 3 else (pixels[at],) * 3
                seen[(red, green, blue)] += 1
    kept: list[Color] = []
    for color, count in seen.most_common():
        near = any(max(abs(a - b) for a, b in zip(color, other, strict=True)) <= _SAME for other in kept)
        if not near and count > _SEAM * _ACROSS * _UP:
            kept.append(color)
    return tuple(kept)
