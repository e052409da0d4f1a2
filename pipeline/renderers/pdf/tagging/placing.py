"""Before the pages are painted: each box with content learns where in the structure it belongs.

What is said on every page (running feet, the repeated head of a table) and what the layout adds
(the names of columns beside a stacked table's cells) is an artifact: who listens to the leaflet is
not to hear it over and over (PDF/UA-1, 7.1 and 7.8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from pipeline.diagnostics import RenderError
from pipeline.renderers.pdf.tagging.joining import join_words
from pipeline.renderers.pdf.tagging.roles import Source
from pipeline.renderers.pdf.tagging.tree import Places, Slot, Tree

HEADER = {"Type": "/Pagination", "Subtype": "/Header"}
FOOTER = {"Type": "/Pagination", "Subtype": "/Footer"}
LAYOUT = {"Type": "/Layout"}

# Scripts whose glyphs do not say which letters they stand for, written from left to right. Never
# those from right to left: readers turn the letters of an ActualText round (ISO 32000-1, 14.9.4).
_REORDERED = re.compile("[\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff]")


@dataclass(frozen=True, slots=True)
class Artifact:
    """The place of what is no content. `kind` is its property list (ISO 32000-1, table 330)."""

    kind: dict[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """The place of what is content: its slot, its text in the HTML, and the text that its glyphs hide."""

    slot: Slot
    text: str = ""
    actual_text: str | None = None


@dataclass(slots=True)
class _Pass:
    tree: Tree
    page: int = 0
    heads: dict[Source, int] = field(default_factory=dict)


def place_boxes(pages: list[Any], tree: Tree) -> None:
    """Give each box of `pages` that is painted as content its `place`.

    Raises `RenderError` for text that the HTML does not have, or has elsewhere.
    """
    state = _Pass(tree)
    for state.page, page in enumerate(pages):
        for child in map(_unwrapped, page._page_box.children):
            if isinstance(child, boxes.MarginBox):
                _disown(child, HEADER if "top" in child.at_keyword else FOOTER)
            else:
                _place(child, state)


def _unwrapped(box: Any) -> Any:
    return box._box if isinstance(box, AbsolutePlaceholder) else box


def _children(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.ParentBox):
        yield from map(_unwrapped, box.children)


def _disown(box: Any, kind: dict[str, str]) -> None:
    """Make all of a box an artifact."""
    box.place = Artifact(kind)
    for child in _children(box):
        _disown(child, kind)


def _place(box: Any, state: _Pass) -> None:
    source = box.element
    places = state.tree.places.get(source)
    if _is_repeated(box, state):
        _disown(box, HEADER)
    elif _is_aside(box):
        _disown(box, LAYOUT)
    elif isinstance(box, boxes.TextBox):
        if places is not None:
            box.place = _place_text(box, places)
    elif isinstance(box, boxes.ReplacedBox):
        if places is not None:
            box.place = Place(places.texts[0])
            _bound(box, places, state)
    else:
        if places is not None:
            _bound(box, places, state)
            _come_to(source, state.tree)
        for child in _children(box):
            _place(child, state)
        if isinstance(box, boxes.LineBox):
            join_words(box)


def _is_repeated(box: Any, state: _Pass) -> bool:
    """Return whether a box is the head of a table, set again on a further page."""
    if not isinstance(box, boxes.TableRowGroupBox) or not (box.is_header or box.is_footer):
        return False
    return state.heads.setdefault(box.element, state.page) != state.page


def _is_aside(box: Any) -> bool:
    """Return whether a box is the name of a column, which the style sets before a cell."""
    return _pseudo(box) == "before" and box.element.tag in ("td", "th")


def _pseudo(box: Any) -> str:
    return str(box.element_tag or "").partition("::")[2]


def _place_text(box: Any, places: Places) -> Place:
    """Return the place of a run of text: what the style adds has slots of its own."""
    slots = {"marker": places.marker, "before": places.before, "after": places.after}
    added = slots.get(_pseudo(box))
    if added is not None:
        return Place(added)
    if box.style["visibility"] != "visible":
        return Place(places.texts[places.at])  # without its text, which nobody will see
    # The hyphen at the end of a broken word is the layout's own.
    whole = box.text.removesuffix(box.style["hyphenate_character"])
    for text in (box.text, whole):
        slot = places.find(text)
        if slot is not None:
            hidden = f"{text} " if slot.before_space else text
            # The layout drops the blank at which it breaks a line.
            return Place(slot, text, hidden if _REORDERED.search(text) else None)
    raise RenderError(f"the text “{box.text.strip()[:60]}” is laid out twice or out of order")


def _come_to(source: Source, tree: Tree) -> None:
    """Note that an element is laid out: a blank that comes now stands behind it."""
    parent = tree.parents.get(source)
    above = tree.places.get(parent) if parent is not None else None
    if above is None or parent is None:
        return
    index = list(parent).index(source) + 1
    if index > above.at and not any(slot.rest for slot in above.texts[above.at : index]):
        above.at = index


def _bound(box: Any, places: Places, state: _Pass) -> None:
    """Note where a picture is: in CSS pixels from the page's upper left corner."""
    element = places.element
    if element.role == "Figure" and element.source is box.element and element.box is None:
        left, top = box.border_box_x(), box.border_box_y()
        element.box = (state.page, (left, top, left + box.border_width(), top + box.border_height()))
