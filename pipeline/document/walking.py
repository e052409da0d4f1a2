"""Walking a tree: functions, not visitors."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from pipeline.document.inlines import (
    Abbreviation,
    Inline,
    Inlines,
    LineBreak,
    Node,
    NoteReference,
    Segment,
    Text,
    Value,
)

N = TypeVar("N", bound=Node)


_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def _names(node: Node) -> tuple[str, ...]:
    """Return the fields in which a node of this kind may hold other nodes."""
    kind = type(node)
    if kind not in _FIELDS:
        _FIELDS[kind] = _container_fields(kind)
    return _FIELDS[kind]


def _container_fields(kind: type[Node]) -> tuple[str, ...]:
    plain = ("str", "bytes", "int", "float", "bool", "Location | None")
    return tuple(spec.name for spec in dataclasses.fields(kind) if spec.type not in plain)


def _children(node: Node) -> list[Node]:
    found: list[Node] = []
    for name in _names(node):
        value = getattr(node, name)
        if isinstance(value, tuple):
            found += [child for child in value if isinstance(child, Node)]
        elif isinstance(value, Node):
            found.append(value)
    return found


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and all that is in it, in document order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(_children(node))


def segments(node: Node) -> Iterator[Segment]:
    """Yield every segment in `node`, in document order."""
    return (n for n in walk(node) if isinstance(n, Segment))


def transform(node: N, change: Callable[[Node], Node]) -> N:
    """Return a copy of the tree with `change` applied to every node, children first."""
    updates: dict[str, Any] = {}
    for name in _names(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            updates[name] = transform(value, change)
        elif isinstance(value, tuple) and any(isinstance(child, Node) for child in value):
            updates[name] = tuple(transform(c, change) if isinstance(c, Node) else c for c in value)
    return cast(N, change(dataclasses.replace(node, **updates) if updates else node))


def plain_text(inlines: Inlines) -> str:
    """Return the words of a run of inlines, as a reader hears them; a line break is a space."""

    def words(node: Inline) -> str:
        match node:
            case Text(text) | Value(text=text) | Abbreviation(text=text):
                return text
            case LineBreak():
                return " "
            case NoteReference():
                return ""
            case _:
                return plain_text(node.children)

    return "".join(map(words, inlines))
