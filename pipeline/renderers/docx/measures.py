"""The measures of an edition as Word takes them, and what our styles and paragraphs share."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pipeline.document import NoteKind
from pipeline.editions import MM_PER_PT, Layout
from pipeline.renderers.docx.ooxml import Attributes, Element, element, twips
from pipeline.renderers.drawing import panel_width

PRIMARY, ACCENT, INK, TINT, TINT_WARM, WHITE = "0A3A5C", "7A2E0E", "14171A", "EAF3F8", "FFF4E5", "FFFFFF"

HEADING_PITCH = 1.25
PANEL_GAP_PT, FRAME_PT = 8.0, 1.0

# How far a drawing may be pressed before its circles look like eggs.
_PRESSED = 0.9

_RESTRICTED, _EDITABLE, _BITMAP_ONLY = 0x0002, 0x0008, 0x0200
_TYPOGRAPHIC_METRICS = 0x0080


@dataclass(frozen=True, slots=True)
class Look:
    """A box: the style of its paragraphs, its rule at the start side, its fill, whether it has a frame."""

    style: str
    rule: str
    fill: str
    frame: bool = False


NOTICE = Look("Notice", ACCENT, TINT_WARM)
# Neighbors with the same borders and fill become one box. This fill, different by a hair, keeps the
# second notice apart from the first.
SECOND_NOTICE = replace(NOTICE, fill="FFF4E4")
LOOKS: Mapping[NoteKind, Look] = MappingProxyType(
    {
        NoteKind.KEY_FACTS: Look("Key Facts", PRIMARY, TINT),
        NoteKind.GET_HELP: Look("Get Help", PRIMARY, TINT),
        NoteKind.EDITORS_NOTE: Look("Editors Note", ACCENT, TINT_WARM),
        NoteKind.CONTACT: Look("Contact", PRIMARY, WHITE, frame=True),
    }
)

# From the rule of a box to its text, and from the page's text to the rule, in pt.
BOX_SPACE, BOX_RULE = 9, 5
BOX_INDENT = BOX_SPACE + BOX_RULE
_FRAME_WIDTH, _EDGE_WIDTH = 12, 4  # In eighths of a point.


@dataclass(frozen=True, slots=True)
class FontFacts:
    """What a font file says of itself: may it be embedded for editing, how tall is a line of it, in em."""

    embeddable: bool
    line: float


@cache
def font_facts(path: Path) -> FontFacts:
    """Return the facts of the TrueType font at `path` (OpenType: OS/2 and hhea tables)."""
    data = path.read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {
        data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)
    }
    os2, head = tables[b"OS/2"], tables[b"head"]
    rights, selection = (
        struct.unpack_from(">H", data, os2 + 8)[0],
        struct.unpack_from(">H", data, os2 + 62)[0],
    )
    up, down, gap, win_up, win_down = struct.unpack_from(">hhhHH", data, os2 + 68)
    height = up - down + gap if selection & _TYPOGRAPHIC_METRICS else win_up + win_down
    units = struct.unpack_from(">H", data, head + 18)[0]
    allowed = not rights & _BITMAP_ONLY and (not rights & 0x000F or bool(rights & _EDITABLE))
    return FontFacts(allowed, height / units)


def size_pt(points: float) -> float:
    """Return a size rounded up to the half points of Word, so that no letter is below its minimum."""
    return math.ceil(round(points * 2, 6)) / 2


def body_pt(layout: Layout) -> float:
    """Return the size of the body text."""
    return size_pt(layout.body_pt)


def line_pt(layout: Layout) -> float:
    """Return the distance from one baseline of the body text to the next."""
    return round(body_pt(layout) * layout.edition.pitch, 2)


def spacing(
    layout: Layout, size: float, pitch: float | None, *, before: float = 0, after: float = 0
) -> Element:
    """Return the `w:spacing` for lines of `pitch` times `size`; `before` and `after` in lines of body text.

    "At least" holds the pitch and still makes room for a picture that an editor puts in. A face that
    is taller by nature takes a share of its own line instead. Without a `pitch` a line is as tall as
    what stands in it.
    """
    natural = max(font_facts(face.regular).line for face in layout.faces)
    if pitch is None:
        lines: Attributes = {"line": 240, "lineRule": "auto"}
    elif natural <= pitch:
        lines = {"line": twips(size * pitch), "lineRule": "atLeast"}
    else:
        lines = {"line": round(240 * pitch / natural), "lineRule": "auto"}
    line = line_pt(layout)
    return element("w:spacing", before=twips(before * line), after=twips(after * line), **lines)


def panel_pt(layout: Layout, shape: float = 0.0) -> tuple[float, float]:
    """Return width and height of one panel of a figure; its height should be `shape` times its width.

    Its labels are as large as the body text. A panel that would be taller than the page is pressed a
    little, its letters not; only one that is far too tall becomes smaller, and its labels with it.
    """
    width = panel_width(replace(layout, body_pt=body_pt(layout)))
    room = layout.page_pt[1] - 2 * layout.edition.margin_mm / MM_PER_PT - line_pt(layout) - 2 * FRAME_PT
    height = min(shape * width, room)
    return (min(width, height / (shape * _PRESSED)) if shape else width), height


def list_indent_pt(layout: Layout) -> float:
    """Return the room for the sign of a list item."""
    return round(1.4 * body_pt(layout))


def borders(look: Look, *, rtl: bool) -> Element:
    """Return the borders of a box: a rule on the start side, and its fill or frame all round.

    Word has left and right only, and does not mirror them.
    """
    width, color = (_FRAME_WIDTH, look.rule) if look.frame else (_EDGE_WIDTH, look.fill)
    edge: Attributes = {"val": "single", "sz": width, "space": BOX_SPACE, "color": color}
    rule: Attributes = {**edge, "sz": width if look.frame else BOX_RULE * 8, "color": look.rule}
    start, end = ("w:right", "w:left") if rtl else ("w:left", "w:right")
    sides = {"w:top": edge, start: rule, "w:bottom": edge, end: edge}
    return element("w:pBdr", *(element(s, **sides[s]) for s in ("w:top", "w:left", "w:bottom", "w:right")))


def shade(fill: str) -> Element:
    """Return a plain fill."""
    return element("w:shd", val="clear", color="auto", fill=fill)
