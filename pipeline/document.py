"""The document model: what a leaflet *is*, whatever it was read from or will be written to.

Nodes are immutable and compare by value; a change makes a new tree. Whatever a translator may
touch is a `Segment`, and every segment has an id of its own: extraction, translation, parity and
sign-off are all walks over segments. There is no raw node: markup that the model cannot say does
not get into a leaflet.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar, cast

from pipeline.diagnostics import Location
from pipeline.languages import Language


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


# --- Inline nodes -------------------------------------------------------------------------------


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
    """A placeholder for what is not language (a date, a version); `text` is its shown form."""

    name: str
    text: str


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


# --- Block nodes --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading(Node):
    """A heading; `level` counts from 1 (the title) without gaps."""

    level: int
    text: Segment

    @property
    def id(self) -> str:
        """The id of the heading's segment, which is also its section's anchor."""
        return self.text.id


@dataclass(frozen=True, slots=True)
class Section(Node):
    """A heading and what belongs to it. Its id is its heading's segment id."""

    heading: Heading
    blocks: Blocks

    @property
    def id(self) -> str:
        """The anchor of the section."""
        return self.heading.id


@dataclass(frozen=True, slots=True)
class Paragraph(Node):
    """A paragraph: one segment."""

    text: Segment


@dataclass(frozen=True, slots=True)
class ListItem(Node):
    """One item of a list: a first paragraph, then perhaps a list inside it."""

    blocks: Blocks


@dataclass(frozen=True, slots=True)
class BulletList(Node):
    """A list whose order does not matter."""

    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class OrderedList(Node):
    """A numbered list; `start` is the first number."""

    items: tuple[ListItem, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Definition(Node):
    """A term and what it means. `entry` is the glossary id it explains, or "" outside the glossary."""

    term: Segment
    blocks: Blocks
    entry: str = ""


@dataclass(frozen=True, slots=True)
class DefinitionList(Node):
    """Terms with their explanations; `glossary` marks the list that `Term` nodes point into."""

    items: tuple[Definition, ...]
    glossary: bool = False


@dataclass(frozen=True, slots=True)
class Row(Node):
    """One row of a table. The first cell of a body row is the row's heading."""

    cells: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Table(Node):
    """A data table without merged cells: a caption, one row of column headings, body rows."""

    id: str
    caption: Segment
    head: Row
    body: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Drawing(Node):
    """A picture drawn as SVG. Every text in it is a label: a segment, in the order of the file.

    `svg` is the canonical SVG source; `mirrored` says whether right-to-left languages flip it.
    """

    path: str
    svg: str
    width: float
    height: float
    labels: tuple[Segment, ...]
    mirrored: bool = True


@dataclass(frozen=True, slots=True)
class Image(Node):
    """A drawing with its alternative text (WCAG 2.2 SC 1.1.1)."""

    drawing: Drawing
    alt: Segment


@dataclass(frozen=True, slots=True)
class Figure(Node):
    """One or more images that belong together, a caption, and a long description as blocks."""

    id: str
    images: tuple[Image, ...]
    caption: Segment
    description: Blocks


class NoteKind(StrEnum):
    """The sorts of box that stand apart from the running text."""

    KEY_FACTS = "key-facts"
    GET_HELP = "get-help"
    EDITORS_NOTE = "editors-note"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Note(Node):
    """A box. `heading` may be None for a short note. In a `CONTACT` box, each paragraph is a label
    beside which a person writes by hand."""

    id: str
    kind: NoteKind
    heading: Heading | None
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class EndNote(Node):
    """The text of one note; `id` is what a `NoteReference` names."""

    id: str
    text: Segment


@dataclass(frozen=True, slots=True)
class EndNotes(Node):
    """The notes of the document, in the order of their first reference."""

    items: tuple[EndNote, ...]


@dataclass(frozen=True, slots=True)
class BlockQuote(Node):
    """Words quoted from someone."""

    blocks: Blocks


@dataclass(frozen=True, slots=True)
class ThematicBreak(Node):
    """A change of subject without a heading; decoration to a screen reader."""


Block: TypeAlias = (
    Section
    | Paragraph
    | BulletList
    | OrderedList
    | DefinitionList
    | Table
    | Figure
    | Note
    | EndNotes
    | BlockQuote
    | ThematicBreak
)
Blocks: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Front(Node):
    """The front matter of a handout: what stands on the cover and in the metadata."""

    title: Segment
    subtitle: Segment
    summary: Segment


@dataclass(frozen=True, slots=True)
class Handout(Node):
    """A published selection of the source: the ids of the blocks that it takes and leaves out.

    An empty `include` takes everything. `contents` asks for a table of contents. `max_pages` maps
    `format/edition/paper` to the number of pages that the handout must fit on.
    """

    id: str
    front: Front
    contents: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document(Node):
    """A leaflet in one language: the whole source, or the selection that a handout publishes.

    `revision` is the source's date of issue: the clock of every artefact. `review` is the date by
    which the text must be looked at again. `expansions` holds the abbreviations' full forms;
    `handouts` what may be selected. `contents` asks renderers for a table of contents.
    """

    slug: str
    language: Language
    front: Front
    blocks: Blocks
    revision: date
    review: date
    version: str
    licence: str = ""
    authors: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    expansions: tuple[Segment, ...] = ()
    handouts: tuple[Handout, ...] = ()
    contents: bool = True


@dataclass(frozen=True, slots=True)
class TranslatedDocument:
    """A document in a reader's language, with what is known of its translation.

    `labels` are the interface's words ("Contents", "Page") in that language, by message id.
    Segments that fell back to the source language hold a `Span` in that language, so that a
    screen reader pronounces them right; their `state` says why.
    """

    document: Document
    labels: Mapping[str, str]
    source_language: Language

    @property
    def language(self) -> Language:
        """The language that readers asked for."""
        return self.document.language

    @property
    def status(self) -> State:
        """The state of the whole: that of its least advanced segment."""
        order = (State.UNTRANSLATED, State.FUZZY, State.DRAFT, State.SIGNED, State.SOURCE)
        return min((s.state for s in segments(self.document)), key=order.index, default=State.SOURCE)

    def count(self, state: State) -> int:
        """Return how many segments are in `state`."""
        return sum(s.state is state for s in segments(self.document))


# --- Walking ------------------------------------------------------------------------------------

N = TypeVar("N", bound=Node)


def _children(node: Node) -> Iterator[Node]:
    for spec in dataclasses.fields(node):
        value = getattr(node, spec.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, Node):
                yield child


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and all that is in it, in document order."""
    yield node
    for child in _children(node):
        yield from walk(child)


def segments(node: Node) -> Iterator[Segment]:
    """Yield every segment in `node`, in document order."""
    return (n for n in walk(node) if isinstance(n, Segment))


def transform(node: N, change: Callable[[Node], Node]) -> N:
    """Return a copy of the tree with `change` applied to every node, children first."""
    updates: dict[str, Any] = {}
    for spec in dataclasses.fields(node):
        value = getattr(node, spec.name)
        if isinstance(value, Node):
            updates[spec.name] = transform(value, change)
        elif isinstance(value, tuple) and any(isinstance(child, Node) for child in value):
            updates[spec.name] = tuple(transform(c, change) if isinstance(c, Node) else c for c in value)
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


def note_numbers(document: Document) -> dict[str, int]:
    """Return the number of each note, in the order in which the text first calls it."""
    called = dict.fromkeys(n.id for n in walk(document) if isinstance(n, NoteReference))
    return {note: number for number, note in enumerate(called, start=1)}
