"""Segments as messages: inline nodes ↔ text with tags.

A message carries its inline markup as tags (`a group of <strong>rare</strong> disorders`), which
translators' tools protect and check. A translation may put the tags of its message in another
order and nest them otherwise; it cannot add, drop or change one. Attributes are read from the
source alone. Whatever else looks like markup is text, and stays text to the reader's eye.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from pipeline.catalogs.tags import TAG, unescape
from pipeline.document import (
    Abbreviation,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Span,
    Strong,
    Term,
    Text,
    Value,
    plain_text,
)


class MarkupError(ValueError):
    """The tags of a translation are not those of its message. The text says what is wrong."""


def message_text(inlines: Inlines) -> str:
    """Return the message text of a run of inlines."""
    return _format(inlines, _numbers(inlines))


def parse(text: str, source: Inlines) -> Inlines:
    """Return the inlines that the translation `text` of `source` says.

    Raises `MarkupError` if tags are missing, added, unbalanced, or an abbreviation was changed.
    """
    known = dict(_tags(source))
    wanted = Counter(key for key, _ in _tags(source))
    stack: list[_Open] = [_Open("", None, [])]
    position = 0
    for found in TAG.finditer(text):
        key = _key(found)
        if key not in known and not (found["close"] and any(o.name == found["name"] for o in stack)):
            continue
        stack[-1].add_text(text[position : found.start()])
        position = found.end()
        if found["close"]:
            _close(stack, found["name"])
        elif found["empty"]:
            stack[-1].children.append(known[key])
            wanted[key] -= 1
        else:
            stack.append(_Open(found["name"], known[key], []))
            wanted[key] -= 1
    stack[-1].add_text(text[position:])
    if len(stack) > 1:
        raise MarkupError(f"the tag <{stack[-1].name}> is not closed")
    for key, count in wanted.items():
        if count:
            verb = "is missing" if count > 0 else "is there too often"
            raise MarkupError(f"the tag <{key}> {verb}")
    return tuple(stack[0].children)


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end: the node of the source that it stands for, and its children."""

    name: str
    node: Inline | None
    children: list[Inline]

    def add_text(self, text: str) -> None:
        if text:
            self.children.append(Text(unescape(text)))


def _close(stack: list[_Open], name: str) -> None:
    if stack[-1].name != name:
        raise MarkupError(f"the tag <{stack[-1].name or name}> is not closed before </{name}>")
    done = stack.pop()
    children = tuple(done.children)
    match done.node:
        case Abbreviation(text=text) as node:
            if plain_text(children) != text:
                raise MarkupError(f"the abbreviation {text} must stay as it is")
            stack[-1].children.append(node)
        case Emphasis() | Strong() | Link() | Term() | Span() as node:
            if all(isinstance(c, Text | LineBreak) for c in children) and not plain_text(children).strip():
                raise MarkupError(f"there are no words between <{name}> and </{name}>")
            if isinstance(node, Link | Term) and any(map(_is_link, _all(children))):
                raise MarkupError(f"a link, a term or a note cannot stand between <{name}> and </{name}>")
            stack[-1].children.append(replace(node, children=children))
        case _:
            raise MarkupError(f"the tag <{name}> cannot have content")


def _all(inlines: Inlines) -> Iterator[Inline]:
    for inline in inlines:
        yield inline
        if isinstance(inline, Emphasis | Strong | Link | Term | Span):
            yield from _all(inline.children)


def _is_link(inline: Inline) -> bool:
    """Whether an inline is shown as a link; no format has links inside links."""
    return isinstance(inline, Link | Term | NoteReference)


def _key(found: re.Match[str]) -> str:
    attribute = f' {found["attribute"]}="{found["value"]}"' if found["attribute"] else ""
    return f"{found['name']}{attribute}{found['empty']}"


def _tags(inlines: Inlines) -> Iterator[tuple[str, Inline]]:
    """Yield every tag of a segment, as a key and the node it stands for."""
    numbers = _numbers(inlines)

    def visit(nodes: Inlines) -> Iterator[tuple[str, Inline]]:
        for node in nodes:
            if not isinstance(node, Text):
                yield _key_of(node, numbers), node
            if isinstance(node, Emphasis | Strong | Link | Term | Span):
                yield from visit(node.children)

    return visit(inlines)


def _key_of(inline: Inline, numbers: dict[int, int]) -> str:
    match inline:
        case Text():
            return ""
        case Emphasis():
            return "em"
        case Strong():
            return "strong"
        case Link():
            return f'a id="{numbers[id(inline)]}"'
        case Term(id=name):
            return f'term id="{name}"'
        case Abbreviation(id=name):
            return f'abbr id="{name}"'
        case Span(language=tag):
            return f'span lang="{tag}"'
        case NoteReference(id=name):
            return f'ref id="{name}"/'
        case Value(name=name):
            return f'value id="{name}"/'
        case LineBreak():
            return "br/"
        case _:
            assert_never(inline)


def _numbers(inlines: Inlines) -> dict[int, int]:
    """Return the number of each link of a segment, by identity: links may be equal."""
    links = (inline for inline in _all(inlines) if isinstance(inline, Link))
    return {id(link): n for n, link in enumerate(links, start=1)}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _format(inlines: Inlines, numbers: dict[int, int]) -> str:
    parts = []
    for inline in inlines:
        key = _key_of(inline, numbers)
        match inline:
            case Text(text):
                parts.append(_escape(text))
            case Abbreviation(text=text):
                parts.append(f"<{key}>{_escape(text)}</abbr>")
            case Emphasis() | Strong() | Link() | Term() | Span():
                parts.append(f"<{key}>{_format(inline.children, numbers)}</{key.split()[0]}>")
            case NoteReference() | Value() | LineBreak():
                parts.append(f"<{key}>")
            case _:
                assert_never(inline)
    return "".join(parts)
