"""Inline nodes and the segment: a run of words that a translator may touch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from pipeline.diagnostics import Location


class Role(StrEnum):
    """What a segment is for; shown to translators beside each message."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    SUMMARY = "summary"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "list item"
    COLUMN = "table column heading"
    ROW = "table row heading"
    CELL = "table cell"
    CAPTION = "caption"
    ALTERNATIVE = "alternative text"
    LABEL = "label in a picture"
    TERM = "glossary term"
    EXPLANATION = "glossary explanation"
    EXPANSION = "expansion of an abbreviation"
    NOTE = "note"


class State(StrEnum):
    """How far the translation of a segment has come."""

    SOURCE = "source"
    UNTRANSLATED = "untranslated"
    FUZZY = "fuzzy"
    DRAFT = "draft"
    SIGNED = "signed off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything in the tree. `location` says where it came from and takes no part in comparison."""

    location: Location | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A run of characters; always text, never markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis(Node):
    """Stress emphasis. Clear and large print show it as bold, never as italics (UKAAF G003)."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Strong(Node):
    """Strong importance."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Link(Node):
    """A link: `target` is `https:`, `mailto:` or `tel:` address, or `#id` of a block or segment."""

    target: str
    children: Inlines


@dataclass(frozen=True, slots=True)
class Term(Node):
    """A word that the glossary explains; `id` is the glossary entry's id."""

    id: str
    children: Inlines


@dataclass(frozen=True, slots=True)
class Abbreviation(Node):
    """An abbreviation. `text` never changes; `expansion` is in the language of the document."""

    id: str
    text: str
    expansion: str


@dataclass(frozen=True, slots=True)
class Span(Node):
    """Words in another language than their surroundings (WCAG 2.2 SC 3.1.2); `language` is BCP 47."""

    language: str
    children: Inlines


@dataclass(frozen=True, slots=True)
class NoteReference(Node):
    """A call to an endnote; `id` is the note's id. Its number comes from `note_numbers`."""

    id: str


@dataclass(frozen=True, slots=True)
class Value(Node):
    """A placeholder for what is not language (a date, a phone number); `text` is its shown form.

    `direction` (`ltr`, `rtl`) is that of a value which must not take its neighbors' (UAX #9): the
    digit groups of a phone number would change places in Arabic. "" leaves it to the text around.
    """

    name: str
    text: str
    direction: str = ""


@dataclass(frozen=True, slots=True)
class LineBreak(Node):
    """A line break inside a segment."""


Inline: TypeAlias = (
    Text | Emphasis | Strong | Link | Term | Abbreviation | Span | NoteReference | Value | LineBreak
)
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Segment(Node):
    """A translatable unit: one run of inlines with an id that is unique and never reused.

    `note` is what the source's author tells translators. `state` is `SOURCE` in a `Document` and
    says in a `TranslatedDocument` how far this segment has come.
    """

    id: str
    role: Role
    children: Inlines
    note: str = ""
    state: State = State.SOURCE
