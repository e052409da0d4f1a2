"""Block nodes: what a leaflet is built of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pipeline.document.inlines import Node, Segment


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
    """A heading and what belongs to it. Its id is its heading's segment id.

    `apart` asks that it begin on a page of its own where there are pages.
    """

    heading: Heading
    blocks: Blocks
    apart: bool = False

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


@dataclass(frozen=True, slots=True)
class Picture(Node):
    """A picture of dots that needs no caption: a logo, a code to scan (WCAG 2.2 SC 1.1.1: `alt`).

    `name` is that of its file, unique in the document; `data` is a PNG; its size is in mm. A `floating`
    one may stand beside the block that follows it.
    """

    name: str
    data: bytes
    alt: Segment
    width: float
    height: float
    floating: bool = False


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
    | Picture
    | Note
    | EndNotes
    | BlockQuote
    | ThematicBreak
)
Blocks: TypeAlias = tuple[Block, ...]
