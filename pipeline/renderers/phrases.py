"""Inlines as HTML: words with their stress, links, terms, abbreviations, languages."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import assert_never

from pipeline.document import (
    Abbreviation,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Segment,
    Span,
    Strong,
    Term,
    Text,
    Value,
)
from pipeline.interface import fill
from pipeline.languages import language
from pipeline.renderers.elements import Content, element


def inlines(nodes: Inlines, to: Content) -> list[ET.Element | str]:
    """Return elements and strings for a run of inlines."""
    return [inline(node, to) for node in nodes]


def inline(node: Inline, to: Content) -> ET.Element | str:
    """Return the element or string for one inline."""
    match node:
        case Text(text):
            return text
        case Value(text=text, direction=own):
            return element("bdi", text, dir=own) if own and own != to.language.direction else text
        case Strong(children):
            return element("strong", *inlines(children, to))
        case Emphasis(children):
            return element("em", *inlines(children, to))
        case Link(target, children):
            href = to.href(target[1:]) if target.startswith("#") else target
            kind = None if target.startswith("#") else "external"
            return element("a", *inlines(children, to), href=href, class_=kind)
        case Term(name, children):
            return element("a", *inlines(children, to), href=to.href(f"term-{name}"), class_="term")
        case Abbreviation(text=text, expansion=expansion):
            # An abbreviation in Latin letters is isolated, so that it cannot turn its brackets round.
            made = element("abbr", text, title=expansion)
            return element("bdi", made) if to.language.rtl else made
        case Span(tag, children):
            return element("span", *inlines(children, to), lang=tag, dir=direction(tag, to))
        case NoteReference(name):
            return call(name, to)
        case LineBreak():
            return element("br")
        case _:
            assert_never(node)


def direction(tag: str, to: Content) -> str | None:
    other = language(tag)
    return other.direction if other.rtl != to.language.rtl else None


def voice(segment: Segment, to: Content) -> dict[str, str | None]:
    """Return language and direction for the words of a segment without its markup.

    A segment that fell back to the source's language is one `Span` of it (WCAG 2.2 SC 3.1.2).
    """
    match segment.children:
        case (Span(tag),):
            return {"lang": tag, "dir": direction(tag, to)}
        case _:
            return {}


def call(name: str, to: Content) -> ET.Element:
    number = to.language.localize_digits(str(to.numbers[name]))
    # A note leads back to its first call; an id stands once.
    first = name not in to.called
    to.called.add(name)
    return element(
        "a",
        f"[{number}]",
        href=to.href(f"note_{name}"),
        id=f"call_{name}" if first else None,
        class_="call",
        aria_label=fill(to.labels["note"], number=number),
        role="doc-noteref",
    )
