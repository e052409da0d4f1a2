"""PDFium's raw interface, as far as the checks need it: pointers in, values out. Sizes in pt."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pypdfium2 import raw  # type: ignore[import-untyped]

Color: TypeAlias = tuple[int, int, int]
WHITE: Color = (255, 255, 255)

_BOLD_WEIGHT = 600
_ITALIC_FLAG = 1 << 6


@dataclass(frozen=True, slots=True)
class Area:
    """The bounds of something drawn; the origin is the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Font:
    """A font of a file: its name without the mark of a subset, and its style."""

    name: str
    bold: bool
    italic: bool


def font(handle: Any, fonts: dict[int, Font]) -> Font:
    """Return what a font is; `fonts` keeps what was found for its address."""
    address = ctypes.addressof(handle.contents) if handle else 0
    if address not in fonts:
        buffer, angle = ctypes.create_string_buffer(256), ctypes.c_int()
        raw.FPDFFont_GetBaseFontName(handle, buffer, 256)
        raw.FPDFFont_GetItalicAngle(handle, angle)
        name = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
        bold = "bold" in name.lower() or raw.FPDFFont_GetWeight(handle) >= _BOLD_WEIGHT
        slanted = any(word in name.lower() for word in ("italic", "oblique"))
        flagged = bool(raw.FPDFFont_GetFlags(handle) & _ITALIC_FLAG)
        fonts[address] = Font(name, bold, slanted or flagged or angle.value != 0)
    return fonts[address]


def box(text_page: Any, index: int) -> Area:
    """Return the bounds of a character's ink."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return Area(left.value, bottom.value, right.value, top.value)


def true_height(height: float) -> float:
    """Return the height of a glyph over its baseline, in em, from that of its box.

    PDFium works in thousandths of an em and makes each box higher by a 64th, rounded down.
    """
    units = round(height * 1000)
    return (units - units // 65) / 1000


def loose_box(text_page: Any, index: int) -> Area:
    """Return the bounds of a character's own width and its font's height."""
    area = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, index, area)
    return Area(area.left, area.bottom, area.right, area.top)


def paint(getter: Callable[..., Any], item: Any) -> Color | None:
    """Return a color of an object, laid over white where it lets light through."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not getter(item, red, green, blue, alpha):
        return None
    share = alpha.value / 255
    mixed = [round(255 - (255 - c.value) * share) for c in (red, green, blue)]
    return mixed[0], mixed[1], mixed[2]


def bounds(item: Any) -> Area:
    """Return the bounds of an object of a page."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return Area(left.value, bottom.value, right.value, top.value)


def ranks(page: Any) -> dict[int, int]:
    """Return the place of each marked content of the page in the structure tree."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    places: dict[int, int] = {}

    def visit(node: Any) -> None:
        for index in range(max(0, raw.FPDF_StructElement_CountChildren(node))):
            child = raw.FPDF_StructElement_GetChildAtIndex(node, index)
            if child:
                visit(child)
            else:
                marked = raw.FPDF_StructElement_GetChildMarkedContentID(node, index)
                places.setdefault(marked, len(places))

    try:
        for index in range(max(0, raw.FPDF_StructTree_CountChildren(tree))):
            visit(raw.FPDF_StructTree_GetChildAtIndex(tree, index))
    finally:
        raw.FPDF_StructTree_Close(tree)
    places.pop(-1, None)
    return places
