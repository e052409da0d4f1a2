"""Words of several boxes, written from right to left: painted as one, from left to right.

The letters of each box are painted from left to right, the boxes of a line in the order of the HTML.
A Hebrew prefix before an emphasized word is then painted before the word, though it stands on its
right, and MuPDF 1.26, which goes by the order of painting, takes the jump back for a new line. The
structure keeps the order of the HTML: what is read aloud does not change.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from weasyprint.formatting_structure import boxes

# Letters from right to left; marks on a letter go with it.
_LEFTWARD = {"R", "AL"}
_MARKS = {"NSM", "BN"}


def join_words(box: Any) -> None:
    """Put the boxes of each word in a line, or in a box of a line, into the order of painting."""
    groups: list[list[Any]] = []
    for child in box.children:
        if isinstance(child, boxes.InlineBox):
            join_words(child)
        if groups and _is_leftward(_last(groups[-1][-1])) and _is_leftward(_first(child)):
            groups[-1].append(child)
        else:
            groups.append([child])
    if len(groups) < len(box.children):
        box.children = [child for group in groups for child in (_painted(group) if group[1:] else group)]


def _painted(group: Iterable[Any]) -> list[Any]:
    """Return boxes from left to right, and so what they hold."""
    for child in group:
        if isinstance(child, boxes.InlineBox):
            child.children = _painted(child.children)
    return sorted(group, key=lambda child: float(child.position_x))


def _first(box: Any) -> str:
    """Return the text at the beginning of a box."""
    while isinstance(box, boxes.InlineBox) and box.children:
        box = box.children[0]
    return box.text if isinstance(box, boxes.TextBox) else ""


def _last(box: Any) -> str:
    """Return the text at the end of a box, from its end."""
    while isinstance(box, boxes.InlineBox) and box.children:
        box = box.children[-1]
    return box.text[::-1] if isinstance(box, boxes.TextBox) else ""


def _is_leftward(text: str) -> bool:
    """Return whether a text begins with a letter of a script that runs from right to left."""
    classes = (unicodedata.bidirectional(character) for character in text)
    return next((found for found in classes if found not in _MARKS), "") in _LEFTWARD
