"""Lists: how their items are marked and indented."""

from __future__ import annotations

from collections.abc import Iterator

from docx.oxml.ns import qn

from pipeline.editions import Layout
from pipeline.renderers.docx.measures import BOX_INDENT, PRIMARY, list_indent_pt
from pipeline.renderers.docx.ooxml import Element, element, properties, twips

# The lists that styles use (`w:numId`). A numbered list of the text is counted by a list of its own.
BULLETS, NUMBERS, BOXED_BULLETS, BOXED_NUMBERS = 1, 2, 3, 4
_SIGNS = ("•", "–", "•")
LEVELS = len(_SIGNS)


def numbering(layout: Layout) -> Element:
    """Return the `w:numbering` part: the definitions, and the lists that styles use."""
    kinds = (BULLETS, NUMBERS, BOXED_BULLETS, BOXED_NUMBERS)
    return element(
        "w:numbering",
        *(_definition(kind, layout) for kind in kinds),
        *(element("w:num", element("w:abstractNumId", val=kind), numId=kind) for kind in kinds),
    )


def own_list(part: Element, kind: int, start: int) -> int:
    """Add a list of the text, counted from `start`, to the `w:numbering` part; return its `w:numId`."""
    number = len(part.findall(qn("w:num"))) + 1
    override = (
        element("w:lvlOverride", element("w:startOverride", val=start if level == 0 else 1), ilvl=level)
        for level in range(LEVELS)
    )
    part.append(element("w:num", element("w:abstractNumId", val=kind), *override, numId=number))
    return number


def indents(layout: Layout, level: int, *, boxed: bool) -> Element:
    """Return the indents of list items of `level`, from 0."""
    hang, base = list_indent_pt(layout), BOX_INDENT if boxed else 0
    return element(
        "w:ind",
        left=twips(base + hang * (level + 1)),
        right=twips(base) if boxed else None,
        hanging=twips(hang),
    )


def _definition(kind: int, layout: Layout) -> Element:
    numbered = kind in (NUMBERS, BOXED_NUMBERS)
    return element(
        "w:abstractNum",
        element("w:multiLevelType", val="multilevel"),
        *_levels(layout, numbered=numbered, boxed=kind in (BOXED_BULLETS, BOXED_NUMBERS)),
        abstractNumId=kind,
    )


def _levels(layout: Layout, *, numbered: bool, boxed: bool) -> Iterator[Element]:
    family = layout.faces[0].family
    for level, sign in enumerate(_SIGNS):
        yield element(
            "w:lvl",
            element("w:start", val=1),
            element("w:numFmt", val="decimal" if numbered else "bullet"),
            element("w:lvlText", val=f"%{level + 1}." if numbered else sign),
            element("w:lvlJc", val="left"),
            properties("w:pPr", (indents(layout, level, boxed=boxed),)),
            properties(
                "w:rPr",
                (
                    None
                    if numbered
                    else element("w:rFonts", ascii=family, hAnsi=family, cs=family, hint="default"),
                    element("w:b"),
                    element("w:bCs"),
                    element("w:color", val=PRIMARY),
                ),
            ),
            ilvl=level,
        )
