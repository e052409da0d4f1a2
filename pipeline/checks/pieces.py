"""The words that an artefact must hold: the segments of a document in reading order, as words."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import assert_never

from pipeline.checks.extraction import tokens
from pipeline.diagnostics import Location
from pipeline.document import (
    Abbreviation,
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    DefinitionList,
    Document,
    EndNotes,
    Figure,
    Heading,
    Image,
    Inlines,
    LineBreak,
    Note,
    NoteReference,
    OrderedList,
    Paragraph,
    Picture,
    Role,
    Section,
    Segment,
    Span,
    Table,
    Text,
    ThematicBreak,
    TranslatedDocument,
    note_numbers,
    plain_text,
    walk,
)

# Formats with a table of contents in their text, and formats whose pictures are drawn with text.
_LISTED = frozenset(("pdf", "docx"))
_LABELLED = frozenset(("pdf", "epub", "html"))

# A name with digits in it: CLCN7.
_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z]+[0-9][A-Z0-9]*(?![A-Za-z0-9])")

# Headings down to this level stand in the contents.
_CONTENTS_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """The words of one segment in its place, and its text. `level` is that of a heading, else 0.

    `anywhere` is set for the heads of a table: where a table is turned into records they are
    repeated, so that they have no one place. `contents` marks an entry of the table of contents.
    `fixed` are the words that no translation changes: abbreviations, names with digits in them, words
    in another language.
    """

    id: str
    role: Role
    words: tuple[str, ...]
    text: str
    level: int = 0
    anywhere: bool = False
    contents: bool = False
    fixed: tuple[str, ...] = ()
    location: Location | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"{self.id} (in the contents)" if self.contents else self.id


# The pieces of the documents that were looked at last, by what their format shows of them.
_KNOWN: deque[tuple[TranslatedDocument, dict[tuple[bool, bool], tuple[Piece, ...]]]] = deque(maxlen=4)


def pieces(translated: TranslatedDocument, format: str) -> tuple[Piece, ...]:
    """Return the segments that the text of an artefact holds, in order, as words."""
    shape = (format in _LISTED, format in _LABELLED)
    # One document is made into many artefacts, one after the other.
    of_shape = next((made for known, made in _KNOWN if known is translated), None)
    if of_shape is None:
        of_shape = {}
        _KNOWN.append((translated, of_shape))
    if shape not in of_shape:
        of_shape[shape] = tuple(_pieces(translated, listed=shape[0], labelled=shape[1]))
    return of_shape[shape]


def _pieces(translated: TranslatedDocument, *, listed: bool, labelled: bool) -> Iterator[Piece]:
    document = translated.document
    front = (_piece(document.front.title, level=1), _piece(document.front.subtitle))
    entries = tuple(_contents(translated)) if document.contents and listed else ()
    found = (*front, *entries, *_blocks(document.blocks, document, labelled=labelled))
    return (piece for piece in found if piece.words)


def descriptions(translated: TranslatedDocument) -> tuple[Segment, ...]:
    """Return the alternative texts of the document, in order."""
    return tuple(node.alt for node in walk(translated.document) if isinstance(node, Image | Picture))


def spoken(inlines: Inlines) -> str:
    """Return the words of a run of inlines, with a gap where an endnote is called."""

    def gap(node: object) -> bool:
        return isinstance(node, LineBreak | NoteReference)

    return "".join(plain_text((Text(" "),) if gap(node) else (node,)) for node in inlines)


def _piece(segment: Segment, *, level: int = 0, anywhere: bool = False, contents: bool = False) -> Piece:
    text = spoken(segment.children)
    words = tuple(tokens(text))
    kept = tuple(_fixed(segment, text))
    return Piece(segment.id, segment.role, words, text, level, anywhere, contents, kept, segment.location)


def _fixed(segment: Segment, text: str) -> Iterator[str]:
    """Yield the words of a segment that no translation changes."""
    for node in walk(segment):
        match node:
            case Abbreviation(text=name):
                yield name
            case Span(children=inner):
                yield from tokens(plain_text(inner))
            case _:
                pass
    yield from _NAME.findall(text)


def _contents(translated: TranslatedDocument) -> Iterator[Piece]:
    label = translated.labels["contents"]
    yield Piece("contents", Role.HEADING, tuple(tokens(label)), label, 2)
    for node in walk(translated.document):
        match node:
            case Section(heading=Heading(level=level, text=segment)) if level <= _CONTENTS_DEPTH:
                yield _piece(segment, contents=True)
            case Note(heading=Heading(level=2, text=segment)):
                yield _piece(segment, contents=True)
            case _:
                pass


def _blocks(blocks: Blocks, document: Document, *, labelled: bool) -> Iterator[Piece]:
    for block in blocks:
        yield from _block(block, document, labelled=labelled)


def _block(block: Block, document: Document, *, labelled: bool) -> Iterator[Piece]:
    match block:
        case Section(heading=head, blocks=inner) | Note(heading=head, blocks=inner):
            if head is not None:
                yield _piece(head.text, level=head.level)
            yield from _blocks(inner, document, labelled=labelled)
        case Paragraph(text=segment):
            yield _piece(segment)
        case BulletList(items=items) | OrderedList(items=items):
            for item in items:
                yield from _blocks(item.blocks, document, labelled=labelled)
        case DefinitionList(items=entries):
            for entry in entries:
                yield _piece(entry.term)
                yield from _blocks(entry.blocks, document, labelled=labelled)
        case Table(caption=caption, head=head_row, body=rows):
            yield _piece(caption)
            yield from (_piece(cell, anywhere=True) for cell in head_row.cells)
            yield from (_piece(cell) for row in rows for cell in row.cells)
        case Figure(images=images, caption=caption, description=description):
            if labelled:
                yield from (_piece(label) for image in images for label in image.drawing.labels)
            yield _piece(caption)
            yield from _blocks(description, document, labelled=labelled)
        case Picture():
            pass
        case EndNotes(items=notes):
            numbers = note_numbers(document)
            for note in sorted(notes, key=lambda n: numbers.get(n.id, 0)):
                yield _piece(note.text)
        case BlockQuote(blocks=inner):
            yield from _blocks(inner, document, labelled=labelled)
        case ThematicBreak():
            pass
        case _:
            assert_never(block)
