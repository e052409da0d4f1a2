"""A leaflet as Typst markup: what somebody would write who had chosen Typst for it.

Every word of the leaflet is in it: title, notices, contents, headings, boxes, lists, table, figures with
labels, alternative text and description, glossary, notes. The measures are those of our editions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from benchmarks.typsttemplate import LIBRARY
from pipeline.document import (
    Abbreviation,
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    DefinitionList,
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
    Segment,
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
from pipeline.document import Emphasis as Stress
from pipeline.editions import Layout
from pipeline.renderers.drawing import panel_width
from pipeline.renderers.front import notices, version_line

_ESCAPED = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Leaflet:
    """What writing needs to know: the leaflet, its measures, its notes' numbers, its pictures' files."""

    translated: TranslatedDocument
    layout: Layout
    numbers: Mapping[str, int]
    files: Mapping[str, str]


def leaflet(translated: TranslatedDocument, layout: Layout, files: Mapping[str, str]) -> str:
    """Return the library of a leaflet, which defines `setup` and `leaflet`; `files` are the pictures'."""
    to = Leaflet(translated, layout, note_numbers(translated.document), files)
    front = translated.document.front
    said = [
        f"#title[{inlines(front.title.children, to)}]",
        *(
            f'#note(fill: warm, edge: accent)[#text(lang: "{item.language}")'
            f"[#strong[{escape(item.title)}]\\. {escape(item.text)}]]"
            for item in notices(translated)
        ),
        f"#text(size: {layout.heading_pt(3):g}pt)[{inlines(front.subtitle.children, to)}]",
        escape(version_line(translated)),
        f"#outline(title: [{escape(translated.labels['contents'])}], depth: 2)",
        *blocks(translated.document.blocks, to),
    ]
    return "\n\n".join((_settings(to), "#let leaflet = [", *said, "]", ""))


def own_page(translated: TranslatedDocument, layout: Layout, library: str, files: Mapping[str, str]) -> str:
    """Return the main file of an organization: the leaflet from its library, and the last page here.

    The main file imports what all organizations share, so that Typst lays out anew what differs alone.
    """
    page = translated.document.blocks[-1]
    to = Leaflet(translated, layout, {}, files)
    return f"{main_file(library)}\n{block(page, to)}\n"


def main_file(library: str) -> str:
    """Return the file of a leaflet that is for everybody."""
    return f"#import {quoted(library)}: *\n#show: setup\n#leaflet\n"


def escape(text: str) -> str:
    """Return text as markup: every sign of ASCII that could mean something is escaped."""
    return _ESCAPED.sub(r"\\\1", text)


def quoted(text: str) -> str:
    """Return text as a string of Typst code."""
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def blocks(items: Blocks, to: Leaflet) -> list[str]:
    """Return the paragraphs of a run of blocks, an empty line behind each."""
    return [f"{block(item, to)}\n" for item in items]


def block(node: Block, to: Leaflet) -> str:
    """Return the markup of one block."""
    match node:
        case Section(heading=head, blocks=inner, apart=apart):
            start = ("#pagebreak(weak: true)",) if apart else ()
            return "\n".join((*start, heading(head, to), *blocks(inner, to)))
        case Paragraph(text=segment):
            return _anchored(segment, to)
        case BulletList(items=items):
            return f"#list({_arguments(_item(i, to) for i in items)})"
        case OrderedList(items=items, start=start):
            return f"#enum(start: {start}, {_arguments(_item(i, to) for i in items)})"
        case DefinitionList(items=items):
            made = []
            for item in items:
                anchor = f" <term-{item.entry}>" if item.entry else ""
                name = f"#strong[{inlines(item.term.children, to)}]{anchor}"
                made.append(f"terms.item([{name}], [{_inner(item.blocks, to)}])")
            return f"#terms({', '.join(made)})"
        case Table():
            return _table(node, to)
        case Figure():
            return _figure(node, to)
        case Picture(name=name, alt=alt, width=width):
            words = quoted(plain_text(alt.children))
            return f"#image({quoted(to.files[name])}, alt: {words}, width: {width:.1f}mm)"
        case Note():
            return _note(node, to)
        case EndNotes(items=notes):
            ordered = sorted(notes, key=lambda n: to.numbers.get(n.id, 0))
            return f"#enum({_arguments(_anchored(n.text, to, f'note-{n.id}') for n in ordered)})"
        case BlockQuote(blocks=inner):
            return f"#quote(block: true)[{_inner(inner, to)}]"
        case ThematicBreak():
            return "#line(length: 100%)"
        case _:
            assert_never(node)


def heading(node: Heading, to: Leaflet) -> str:
    """Return a heading: Typst's first level stands below the title."""
    return f"{'=' * max(node.level - 1, 1)} {inlines(node.text.children, to)} <{node.id}>"


def _anchored(segment: Segment, to: Leaflet, anchor: str = "") -> str:
    words = inlines(segment.children, to)
    return f"#[{words}] <{anchor}>" if anchor else words


def _arguments(parts: Iterable[str]) -> str:
    return ", ".join(f"[{part}]" for part in parts)


def _inner(items: Blocks, to: Leaflet) -> str:
    return "\n".join(blocks(items, to)).strip()


def _item(item: ListItem, to: Leaflet) -> str:
    return _inner(item.blocks, to)


def _table(node: Table, to: Leaflet) -> str:
    rows = (
        _arguments(
            f"#strong[{inlines(c.children, to)}]" if n == 0 else inlines(c.children, to)
            for n, c in enumerate(row.cells)
        )
        for row in node.body
    )
    head = _arguments(f"#strong[{inlines(c.children, to)}]" for c in node.head.cells)
    widths = ", ".join("1fr" for _ in node.head.cells)
    body = f"table(columns: ({widths}), table.header({head}), {', '.join(rows)})"
    return f"#figure(kind: table, caption: [{inlines(node.caption.children, to)}], {body})"


def _figure(node: Figure, to: Leaflet) -> str:
    pictures = ", ".join(
        f"drawing({quoted(to.files[i.drawing.path])}, {quoted(plain_text(i.alt.children))})"
        for i in node.images
    )
    title = f"#strong[{escape(to.translated.labels['figure-description'])}]"
    caption = inlines(node.caption.children, to)
    return f"#figure(panels({pictures}), caption: [{caption}])\n\n{title}\n\n{_inner(node.description, to)}"


def _note(node: Note, to: Leaflet) -> str:
    head = f"{heading(node.heading, to)}\n" if node.heading else ""
    match node.kind:
        case NoteKind.EDITORS_NOTE:
            return f"#note(fill: warm, edge: accent)[\n{head}{_inner(node.blocks, to)}\n]"
        case NoteKind.CONTACT:
            lines = "\n".join(f"#write-in[{block(item, to)}]" for item in node.blocks)
            return f"#note(fill: none)[\n{head}{lines}\n]"
        case NoteKind.KEY_FACTS | NoteKind.GET_HELP:
            return f"#note[\n{head}{_inner(node.blocks, to)}\n]"
        case _:
            assert_never(node.kind)


def inlines(nodes: Inlines, to: Leaflet) -> str:
    """Return the markup of a run of inlines."""
    return "".join(inline(node, to) for node in nodes)


def inline(node: Inline, to: Leaflet) -> str:
    """Return the markup of one inline. Typst has no way to tell the full form of an abbreviation."""
    match node:
        case Value(text=text, direction=direction) if direction:
            return f"#text(dir: {direction})[{escape(text)}]"
        case Text(text) | Value(text=text):
            return escape(text)
        case Abbreviation(text=text):
            return f"#text(dir: ltr)[{escape(text)}]" if to.layout.language.rtl else escape(text)
        case Strong(children) | Stress(children):
            return f"#strong[{inlines(children, to)}]"
        case Link(target, children):
            where = f"<{target[1:]}>" if target.startswith("#") else quoted(target)
            return f"#link({where})[{inlines(children, to)}]"
        case Term(name, children):
            return f"#link(<term-{name}>)[{inlines(children, to)}]"
        case Span(tag, children):
            return f'#text(lang: "{tag.partition("-")[0]}")[{inlines(children, to)}]'
        case NoteReference(name):
            number = to.layout.language.localize_digits(str(to.numbers[name]))
            return f"#link(<note-{name}>)[\\[{number}\\]]"
        case LineBreak():
            return "#linebreak()"
        case _:
            assert_never(node)


def _settings(to: Leaflet) -> str:
    layout, issued = to.layout, to.translated.document.revision
    width, height = layout.page_pt
    top = layout.edition.margin_mm * 72 / 25.4
    return LIBRARY.format(
        title=quoted(plain_text(to.translated.document.front.title.children)),
        year=issued.year,
        month=issued.month,
        day=issued.day,
        width=f"{width:.2f}",
        height=f"{height:.2f}",
        top=f"{top:.2f}",
        bottom=f"{top + layout.pitch_pt:.2f}",
        side=f"{layout.side_margin_pt:.2f}",
        fonts=", ".join(quoted(face.family) for face in layout.faces),
        body=f"{layout.body_pt:g}",
        pitch=f"{layout.pitch_pt:g}",
        lang=layout.language.code,
        h1=layout.heading_pt(1),
        h2=layout.heading_pt(2),
        h3=layout.heading_pt(3),
        h4=layout.heading_pt(4),
        edge="right" if layout.language.rtl else "left",
        columns=1 if layout.edition.stacked else 2,
        panel=f"{panel_width(layout):.1f}",
    )
