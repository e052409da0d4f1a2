"""What does not fit: words wider than a line, labels longer than their place in a drawing."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.diagnostics import Diagnostic, Severity
from pipeline.document import (
    Drawing,
    Node,
    Role,
    Text,
    TranslatedDocument,
    Value,
    plain_text,
    segments,
    transform,
    walk,
)
from pipeline.editions import Layout
from pipeline.fonts import advance
from pipeline.languages import is_wide
from pipeline.renderers.drawing import overfull

_LEVELS = {Role.TITLE: 1, Role.HEADING: 2}
_ELSEWHERE = frozenset(
    {Role.LABEL, Role.ALTERNATIVE, Role.COLUMN, Role.ROW, Role.CELL, Role.EXPANSION, Role.SUMMARY}
)


def without_room(translated: TranslatedDocument, layout: Layout) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each word and each label that has not the room it needs.

    A word is never broken at the end of a line (UKAAF G003), so one that is wider than the line runs
    off the page.
    """
    return (*_wide_words(translated, layout), *_long_labels(translated, layout))


def _wide_words(translated: TranslatedDocument, layout: Layout) -> Iterator[Diagnostic]:
    for segment in segments(translated.document):
        if segment.role in _ELSEWHERE:
            continue
        level = _LEVELS.get(segment.role)
        size = layout.heading_pt(level) if level else layout.body_pt
        for word in _unbroken(plain_text(transform(segment, _without_address).children)):
            if advance(word, layout.faces, bold=level is not None) * size > layout.room_pt:
                message = f"“{segment.id}”: the word “{word[:40]}” is wider than a line"
                yield Diagnostic("R021", Severity.FAIL, message, hint="use shorter words")


def _without_address(node: Node) -> Node:
    """Take out a value of an organization: print.css breaks its addresses wherever a line ends."""
    return Text("") if isinstance(node, Value) and node.direction else node


def _unbroken(text: str) -> list[str]:
    """Return the words of `text` as lines may part them: an East Asian line ends after any letter."""
    return "".join(f" {c} " if is_wide(c) else c for c in text.replace("-", "- ")).split()


def _long_labels(translated: TranslatedDocument, layout: Layout) -> Iterator[Diagnostic]:
    for drawing in (n for n in walk(translated.document) if isinstance(n, Drawing)):
        for label in overfull(drawing, language=translated.language, faces=layout.faces):
            message = f"“{label.id}”: the label “{plain_text(label.children)}” does not fit its place"
            yield Diagnostic("R022", Severity.FAIL, message, hint="use fewer or shorter words")
