"""Plain text: the leaflet for a braille display, a simple phone, a voice.

UTF-8, one paragraph to a line, headings marked with #, no layout by spaces: what reads it wraps
lines by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from pipeline.document import (
    Abbreviation,
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    DefinitionList,
    Emphasis,
    EndNotes,
    Figure,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Link,
    ListItem,
    Note,
    NoteKind,
    NoteReference,
    OrderedList,
    Paragraph,
    Picture,
    Section,
    Span,
    Strong,
    Table,
    Term,
    Text,
    ThematicBreak,
    TranslatedDocument,
    Value,
    note_numbers,
    plain_text,
)
from pipeline.editions import Rendition
from pipeline.renderers.front import notices, version_line

BULLET = "-"

# Unicode's own isolates (UAX #9): plain text has no other way to say where a value begins and ends.
_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067"}
_END_OF_ISOLATE = "\u2069"


@dataclass(frozen=True, slots=True)
class _Writer:
    """What a line of text needs to know of the whole."""

    translated: TranslatedDocument
    numbers: dict[str, int]

    def digits(self, number: int) -> str:
        """Return a number in the language's digits."""
        return self.translated.language.localize_digits(str(number))


def render(translated: TranslatedDocument) -> Rendition:
    """Return the plain text of `translated`."""
    writer = _Writer(translated, note_numbers(translated.document))
    front = translated.document.front
    lines = [
        f"# {plain_text(front.title.children)}",
        *(f"{notice.title}. {notice.text}" for notice in notices(translated)),
        plain_text(front.subtitle.children),
        version_line(translated),
    ]
    lines += _blocks(translated.document.blocks, writer)
    return Rendition(("\n\n".join(lines) + "\n").encode())


def _blocks(blocks: Blocks, writer: _Writer) -> list[str]:
    return [group for block in blocks for group in _block(block, writer)]


def _block(block: Block, writer: _Writer) -> Iterator[str]:
    """Yield the line groups of a block; groups are parted by an empty line."""
    match block:
        case Section(heading=heading, blocks=inner):
            yield _heading(heading, writer)
            yield from _blocks(inner, writer)
        case Paragraph(text=segment):
            yield _inlines(segment.children, writer)
        case BulletList(items=items):
            yield "\n".join(_item(item, BULLET, writer) for item in items)
        case OrderedList(items=items, start=start):
            numbered = enumerate(items, start=start)
            yield "\n".join(_item(item, f"{writer.digits(n)}.", writer) for n, item in numbered)
        case DefinitionList(items=entries):
            for entry in entries:
                words = " ".join(_blocks(entry.blocks, writer))
                yield f"{_inlines(entry.term.children, writer)}: {words}"
        case Table():
            yield from _table(block, writer)
        case Figure(images=images, caption=caption, description=description):
            for image in images:
                yield f"[{_inlines(image.alt.children, writer)}]"
            yield _inlines(caption.children, writer)
            yield writer.translated.labels["figure-description"]
            yield from _blocks(description, writer)
        case Picture(alt=alt):
            yield f"[{_inlines(alt.children, writer)}]"
        case Note(kind=kind, heading=head, blocks=inner):
            if head is not None:
                yield _heading(head, writer)
            gap = " ____" if kind is NoteKind.CONTACT else ""
            yield from (group + gap for group in _blocks(inner, writer))
        case EndNotes(items=items):
            for item in sorted(items, key=lambda i: writer.numbers.get(i.id, 0)):
                yield f"[{writer.digits(writer.numbers[item.id])}] {_inlines(item.text.children, writer)}"
        case BlockQuote(blocks=inner):
            yield from (f"> {group}" for group in _blocks(inner, writer))
        case ThematicBreak():
            yield "* * *"
        case _:
            assert_never(block)


def _heading(heading: Heading, writer: _Writer) -> str:
    return f"{'#' * heading.level} {_inlines(heading.text.children, writer)}"


def _item(item: ListItem, mark: str, writer: _Writer) -> str:
    first, *rest = _blocks(item.blocks, writer)
    nested = [line for group in rest for line in group.split("\n")]
    return "\n".join(
        [f"{mark} {first}", *(f"{BULLET}{line}" if line.startswith(BULLET) else line for line in nested)]
    )


def _table(table: Table, writer: _Writer) -> Iterator[str]:
    """Yield the caption, then each row as lines of "column: cell"."""
    yield _inlines(table.caption.children, writer)
    names = [_inlines(cell.children, writer) for cell in table.head.cells]
    for row in table.body:
        cells = (_inlines(cell.children, writer) for cell in row.cells)
        yield "\n".join(f"{name}: {cell}" for name, cell in zip(names, cells, strict=True))


def _inlines(inlines: Inlines, writer: _Writer) -> str:
    return "".join(_inline(inline, writer) for inline in inlines)


def _inline(inline: Inline, writer: _Writer) -> str:
    match inline:
        case Text(text) | Abbreviation(text=text):
            return text
        case Value(text=text, direction=own):
            differs = own and own != writer.translated.language.direction
            return f"{_ISOLATES[own]}{text}{_END_OF_ISOLATE}" if differs else text
        case Emphasis(children) | Strong(children) | Term(children=children) | Span(children=children):
            return _inlines(children, writer)
        case Link(target, children):
            words = _inlines(children, writer)
            said = target.startswith(("#", "tel:", "mailto:")) or target.removeprefix("https://") in words
            return words if said else f"{words} ({target})"
        case NoteReference(name):
            return f" [{writer.digits(writer.numbers[name])}]"
        case LineBreak():
            return "\n"
        case _:
            assert_never(inline)
