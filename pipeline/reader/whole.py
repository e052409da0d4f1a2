"""What only the whole document can tell: ids used twice, targets that are not there, odd characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.diagnostics import Location
from pipeline.document import (
    BlockQuote,
    BulletList,
    Definition,
    DefinitionList,
    Document,
    Figure,
    ListItem,
    Node,
    Note,
    OrderedList,
    Paragraph,
    Role,
    Section,
    Segment,
    Table,
    Term,
    Text,
    segments,
    walk,
)
from pipeline.reader.reading import HANDOUTS, Reading, toml_line

# Control characters, line separators, marks that turn round what is read (Unicode TR 36), signs of a
# lost letter, tags, code points that are no characters: none is part of a text that people typed.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u206a-\u206f\ufdd0-\ufdef\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e007f]"
)
_UNSEEN = frozenset({Role.ALTERNATIVE, Role.LABEL})
_FRONT = frozenset({Role.TITLE, Role.SUBTITLE, Role.SUMMARY})


def check_glossary(reading: Reading) -> None:
    """Each entry of the glossary has an id of its own."""
    for table, entries in (("term", reading.glossary.term), ("abbreviation", reading.glossary.abbreviation)):
        ids = [entry.id for entry in entries]
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            place = reading.in_glossary(table, name, "id")
            reading.fault_at("S014", f"the glossary has the {table} “{name}” twice", place)


def check_ids(document: Document, reading: Reading) -> None:
    """No two segments share an id, nor does a segment with a block that is not its own section."""
    seen: dict[str, Segment] = {}
    for segment in segments(document):
        other = seen.setdefault(segment.id, segment)
        # Handouts without a title of their own share the source's.
        if other is not segment and (other != segment or segment.role not in _FRONT):
            reading.fault_at(
                "S003",
                f"the segment id “{segment.id}” is used twice",
                segment.location,
                hint="choose another id",
            )
    for node in walk(document):
        if isinstance(node, Table | Figure | Note) and node.id in seen:
            reading.fault_at(
                "S003",
                f"“{node.id}” is the id of a block and of a segment",
                node.location,
                hint="choose another id",
            )


def check_targets(document: Document, reading: Reading, settings: str) -> None:
    """What links, terms and handouts name is there."""
    shown = {s.id for block in document.blocks for s in segments(block) if s.role not in _UNSEEN}
    ids = reading.block_ids | shown | {Role.TITLE, Role.SUBTITLE}
    selectable = {name for block in document.blocks for name in _selectable(block)}
    known = {t.id for t in reading.glossary.term}
    for node in walk(document):
        if isinstance(node, Term) and node.id not in known:
            reading.fault_at("S011", f"the glossary has no term “{node.id}”", node.location)
    for link, location in reading.internal_links:
        if link not in ids:
            reading.fault_at("S012", f"the link goes to “#{link}”, which is no id in this source", location)
    for handout in document.handouts:
        for key, names in (("include", handout.include), ("exclude", handout.exclude)):
            place = Location(HANDOUTS, toml_line(settings, key, table="handout", name=handout.id))
            for name in sorted(set(names) - selectable):
                message = f"the handout “{handout.id}” names “{name}”, which is no id of a block"
                hint = "name sections, boxes, figures, tables, paragraphs or list items"
                reading.fault_at("S015", message, place, hint=hint)


def _selectable(node: Node) -> Iterator[str]:
    """Yield the ids in `node` that a handout may name: those of blocks and of items."""
    if isinstance(node, Section | Note | Table | Figure):
        yield node.id
    match node:
        case Paragraph(text=segment):
            yield segment.id
        case Definition(term=segment, blocks=blocks):
            yield segment.id
            yield from (name for block in blocks for name in _selectable(block))
        case Section(blocks=children) | Note(blocks=children) | BlockQuote(blocks=children):
            yield from (name for child in children for name in _selectable(child))
        case ListItem(blocks=children):
            yield from (name for child in children for name in _selectable(child))
        case BulletList(items=items) | OrderedList(items=items) | DefinitionList(items=items):
            yield from (name for item in items for name in _selectable(item))
        case _:
            return


def check_characters(document: Document, reading: Reading, text: str) -> None:
    """No text holds a character that people cannot see or that changes how others are read."""
    for words, place in _texts(document, reading, text):
        for character in dict.fromkeys(_HARMFUL.findall(words)):
            reading.fault_at(
                "S037",
                f"the text holds U+{ord(character):04X}, which is never part of a text",
                place,
                hint="delete it",
            )


def _texts(document: Document, reading: Reading, text: str) -> Iterator[tuple[str, Location | None]]:
    for node in walk(document):
        match node:
            case Text(words):
                yield words, node.location
            case Segment(note=words):
                yield words, node.location
            case _:
                pass
    for entry in reading.glossary.abbreviation:
        yield entry.text, reading.in_glossary("abbreviation", entry.id, "text")
    values = {"version": (document.version,), "licence": (document.licence,)}
    for key, given in (values | {"authors": document.authors, "reviewers": document.reviewers}).items():
        for value in given:
            yield value, Location(reading.shown, toml_line(text, key))
