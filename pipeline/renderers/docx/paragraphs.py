"""Paragraphs: a segment with its style, its direction and its bookmark."""

from __future__ import annotations

from collections.abc import Sequence

from docx.oxml.ns import qn

from pipeline.document import Segment, State
from pipeline.renderers.docx.inlines import Word, bookmark, inlines
from pipeline.renderers.docx.measures import ACCENT, line_pt
from pipeline.renderers.docx.ooxml import Element, element, properties, sort, twips
from pipeline.renderers.docx.runs import Voice, mark_properties
from pipeline.renderers.docx.stylesheet import style_id

_MARK_WIDTH, _MARK_SPACE = 16, 6  # In eighths of a point, and in points.


def paragraph(style: str, content: Sequence[Element], to: Word, *extra: Element | None) -> Element:
    """Return a paragraph in the document's direction; `extra` are properties besides its style's."""
    own = properties(
        "w:pPr",
        (
            element("w:pStyle", val=style_id(style)),
            element("w:bidi") if to.rtl else None,
            mark_properties(to.layout.language),
            *extra,
        ),
    )
    return element("w:p", own, *content)


def segment(
    node: Segment,
    style: str,
    to: Word,
    *extra: Element | None,
    voice: Voice | None = None,
    lead: Sequence[Element] = (),
    tail: Sequence[Element] = (),
) -> Element:
    """Return the paragraph of a segment inside a bookmark of its id, by which an edit can be traced.

    `lead` and `tail` stand before and behind its words.
    """
    words = inlines(node.children, voice or to.voice, to)
    content = bookmark(node.id, [*lead, *words, *tail], to)
    return paragraph(style, content, to, _untranslated(node, to), *extra)


def amend(made: Element, *extra: Element | None) -> None:
    """Change properties of a paragraph; of `w:spacing` only the given attributes change."""
    old = made[0]
    given = [child for child in extra if child is not None]
    for child in given:
        before = old.find(child.tag)
        for name, value in before.items() if before is not None else ():
            if name not in child.attrib and child.tag == qn("w:spacing"):
                child.set(name, value)
    made[0] = element("w:pPr", *sort("w:pPr", (*old, *given)))


def anchor_at(made: Element, anchor: str, to: Word) -> None:
    """Put the bookmark of a block around the content of its first paragraph."""
    _, *content = made
    made.extend(bookmark(anchor, content, to))


def gap(to: Word, *, before: float | None = None, after: float | None = None) -> Element:
    """Return a distance to the neighbors, in lines."""
    line = line_pt(to.layout)
    return element(
        "w:spacing",
        before=None if before is None else twips(before * line),
        after=None if after is None else twips(after * line),
    )


def untranslated(node: Segment) -> bool:
    """Return whether a segment stands in the source language for want of a good translation."""
    return node.state in (State.UNTRANSLATED, State.FUZZY)


def _untranslated(node: Segment, to: Word) -> Element | None:
    """Return a rule on the start side. A box has a rule of its own, which then changes its color."""
    if to.look is not None or not untranslated(node):
        return None
    side = "w:right" if to.rtl else "w:left"
    return element("w:pBdr", element(side, val="single", sz=_MARK_WIDTH, space=_MARK_SPACE, color=ACCENT))
