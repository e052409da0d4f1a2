"""Blocks as paragraphs and tables, in the order of the document."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from docx.oxml.ns import qn

from pipeline.document import (
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    DefinitionList,
    EndNotes,
    Figure,
    Heading,
    ListItem,
    Note,
    NoteKind,
    OrderedList,
    Paragraph,
    Picture,
    Section,
    Segment,
    Table,
    ThematicBreak,
    segments,
)
from pipeline.renderers.docx.figures import bitmap, figure
from pipeline.renderers.docx.inlines import Word, bookmark, hyperlink, note_anchor, note_call, note_label
from pipeline.renderers.docx.measures import (
    ACCENT,
    BOX_INDENT,
    BOX_SPACE,
    HEADING_PITCH,
    LOOKS,
    body_pt,
    borders,
    line_pt,
    shade,
    spacing,
)
from pipeline.renderers.docx.numbering import (
    BOXED_BULLETS,
    BOXED_NUMBERS,
    BULLETS,
    LEVELS,
    NUMBERS,
    indents,
    own_list,
)
from pipeline.renderers.docx.ooxml import Element, element, twips
from pipeline.renderers.docx.paragraphs import amend, anchor_at, gap, paragraph, segment, untranslated
from pipeline.renderers.docx.runs import ACCENTED, LABEL, LINK, runs
from pipeline.renderers.docx.tables import table

# The pitch of a label and its line, as a multiple of the edition's: room for a hand to write.
_WRITING_PITCH = 1.5


def blocks(items: Blocks, to: Word) -> list[Element]:
    """Return the paragraphs and tables of a run of blocks."""
    made: list[Element] = []
    for item, following in zip(items, (*items[1:], None), strict=False):
        written = list(block(item, to))
        if isinstance(item, Paragraph) and isinstance(following, BulletList | OrderedList):
            amend(written[-1], element("w:keepNext"))  # "Symptoms may include:" stays with the first of them.
        made.extend(written)
    for above, below in itertools.pairwise(made):
        # A table cannot keep its distance from the text; the text does.
        if above.tag == qn("w:tbl") and below.tag == qn("w:p") and not _is_heading(below):
            amend(below, gap(to, before=1.0))
    return made


def block(node: Block, to: Word) -> Iterable[Element]:
    """Return the paragraphs and tables of one block."""
    match node:
        case Section():
            head = heading(node.heading, to)
            if node.apart:
                amend(head, element("w:pageBreakBefore"))
            return [head, *blocks(node.blocks, to)]
        case Paragraph(text=text):
            return [segment(text, to.style, to)]
        case BulletList(items=items):
            return _list(items, to, None)
        case OrderedList(items=items, start=start):
            kind = BOXED_NUMBERS if to.look else NUMBERS
            return _list(items, to, own_list(to.lists, kind, start))
        case DefinitionList():
            return _definitions(node, to)
        case Table():
            return table(node, to)
        case Figure():
            return _figure(node, to)
        case Picture():
            return [bitmap(node, to)]
        case Note():
            return _note(node, to)
        case EndNotes():
            return _end_notes(node, to)
        case BlockQuote(blocks=inner):
            return blocks(inner, replace(to, style="Block Text"))
        case ThematicBreak():
            return [paragraph("Separator", (), to)]
        case _:
            assert_never(node)


def heading(node: Heading, to: Word) -> Element:
    """Return a heading. The title is level 1; a heading of level 2 is Word's Heading 1."""
    style = f"heading {max(node.level - 1, 1)}"
    if to.look is None:
        return segment(node.text, style, to)
    warm = to.look.rule == ACCENT
    made = segment(node.text, style, to, voice=replace(to.voice, style=ACCENTED) if warm else None)
    size = to.layout.heading_pt(node.level)
    amend(
        made,
        borders(to.look, rtl=to.rtl),
        shade(to.look.fill),
        element("w:ind", left=twips(BOX_INDENT), right=twips(BOX_INDENT)),
        spacing(to.layout, size, HEADING_PITCH, after=0.4),
    )
    return made


def _list(items: tuple[ListItem, ...], to: Word, own: int | None) -> list[Element]:
    """Return the items of a list; `own` is the list that counts them, None for bullets."""
    level = min(to.depth, LEVELS - 1)
    boxed = to.look is not None
    style = f"{to.look.style} List" if to.look else "List Bullet" if own is None else "List Number"
    number = own if own is not None else BOXED_BULLETS if boxed else BULLETS
    inner = replace(to, style=to.look.style if to.look else "List Continue", depth=to.depth + 1)
    made: list[Element] = []
    for item in items:
        match item.blocks:
            case (Paragraph(text=text), *rest):
                made.append(segment(text, style, to, *_place(to, level, own, number)))
                made.extend(blocks(tuple(rest), inner))
            case _:
                made.extend(blocks(item.blocks, inner))
    if to.depth == 0:
        _space_after(made, to, 0.6 if boxed else 1.0)
    return made


def _place(to: Word, level: int, own: int | None, number: int) -> Iterator[Element]:
    """Yield what sets an item apart from its style: a list of its own, a deeper level."""
    if own is not None or level:
        yield element("w:numPr", element("w:ilvl", val=level), element("w:numId", val=number))
    if level:
        yield indents(to.layout, level, boxed=to.look is not None)


def _definitions(node: DefinitionList, to: Word) -> list[Element]:
    made: list[Element] = []
    for item in node.items:
        made.append(segment(item.term, "Glossary Term", to))
        if item.entry and item.term.id != f"term-{item.entry}":
            anchor_at(made[-1], f"term-{item.entry}", to)
        made.extend(blocks(item.blocks, replace(to, style="Definition")))
    _space_after(made, to, 1.0)
    return made


def _figure(node: Figure, to: Word) -> Iterator[Element]:
    pictures = figure(node, to)
    anchor_at(pictures[0], node.id, to)
    yield from pictures
    label = to.translated.labels["figure-description"]
    yield paragraph("Description Title", runs(label, to.voice), to)
    described = blocks(node.description, replace(to, style="Description"))
    _space_after(described, to, 1.0)
    yield from described


def _note(node: Note, to: Word) -> list[Element]:
    look = LOOKS[node.kind]
    if any(map(untranslated, segments(node))):
        look = replace(look, rule=ACCENT)
    within = replace(to, look=look, style=look.style)
    made = [heading(node.heading, within)] if node.heading else []
    for item in node.blocks:
        match item:
            case Paragraph(text=text) if node.kind is NoteKind.CONTACT:
                made.append(_write_in(text, within))
            case _:
                made.extend(block(item, within))
    if look is not LOOKS[node.kind]:
        for one in made:
            amend(one, borders(look, rtl=to.rtl))
    anchor_at(made[0], node.id, to)
    return box(made, to)


def box(made: list[Element], to: Word) -> list[Element]:
    """Return the paragraphs of a box, kept on one page and clear of the text around it."""
    for one in made[:-1]:
        amend(one, element("w:keepNext"), element("w:keepLines"))
    space = BOX_SPACE / line_pt(to.layout)
    amend(made[0], gap(to, before=space))
    amend(made[-1], element("w:keepLines"), gap(to, after=1 + space))
    return made


def _write_in(label: Segment, to: Word) -> Element:
    """Return a label with a line below it, on which a person writes by hand or types."""
    end = to.layout.measure_pt - BOX_INDENT
    rule = element("w:tabs", element("w:tab", val="right", leader="underscore", pos=twips(end)))
    line = (element("w:r", element("w:br")), element("w:r", element("w:tab")))
    room = spacing(to.layout, body_pt(to.layout), to.layout.edition.pitch * _WRITING_PITCH, after=0)
    return segment(label, to.style, to, rule, room, tail=line)


def _end_notes(node: EndNotes, to: Word) -> list[Element]:
    back = to.translated.labels["back-to-text"]
    made = []
    for item in sorted(node.items, key=lambda i: to.numbers.get(i.id, 0)):
        mark, spoken = note_label(item.id, to)
        label = runs(f"{mark} ", replace(to.voice, style=LABEL))
        link = hyperlink(
            runs(back, replace(to.voice, style=LINK)), anchor=note_call(item.id), tip=f"{spoken}: {back}"
        )
        lead = bookmark(note_anchor(item.id), label, to)
        made.append(segment(item.text, "Note Text", to, lead=lead, tail=(*runs(" ", to.voice), link)))
    _space_after(made, to, 1.0)
    return made


def _space_after(made: list[Element], to: Word, lines: float) -> None:
    """Set the distance behind the last paragraph of `made`."""
    if made and made[-1].tag == qn("w:p"):
        amend(made[-1], gap(to, after=lines))


def _is_heading(made: Element) -> bool:
    style = made.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return style is not None and style.get(qn("w:val"), "").startswith("Heading")
