"""Inline markup: markdown-it's inline tokens → inline nodes and segments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.diagnostics import Location, UsageError
from pipeline.document import (
    Abbreviation,
    Definition,
    DefinitionList,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Paragraph,
    Role,
    Segment,
    Span,
    Strong,
    Term,
    Text,
    Value,
    plain_text,
)
from pipeline.languages import language
from pipeline.reader.reading import SEGMENT_ID, Reading

VALUES = ("issued", "review", "version", "licence", "authors", "reviewers")
LINK_SCHEMES = ("https:", "http:", "mailto:", "tel:")

_VALUE = re.compile(r"\{\{([a-z]+)\}\}")
_TRAILING_ID = re.compile(r"\s*\{#([^{}]*)\}\s*\Z")


def markdown() -> MarkdownIt:
    """Return the parser of the dialect. HTML is parsed only so that it can be refused."""
    parser = (
        MarkdownIt("commonmark", {"html": True}).enable("table").disable(["code", "backticks", "autolink"])
    )
    # Every address is read as a link, so that a bad one can be refused by name.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return (
        parser.use(deflist_plugin)
        .use(footnote_plugin, inline=False)
        .use(attrs_plugin, after=(), spans=True, allowed=["lang"])
    )


def split_id(content: str) -> tuple[str, str]:
    """Split `text {#id}` into the text and the id ("" when there is none)."""
    found = _TRAILING_ID.search(content)
    return (content[: found.start()], found[1]) if found else (content, "")


def read_segment(node: SyntaxTreeNode, role: Role, reading: Reading) -> Segment:
    """Return the segment that an `inline` node holds; a missing or malformed id is a fault."""
    line = node.map[0] if node.map else 0
    segment_id = str(node.token.meta.get("segment", "")) if node.token else ""
    if not segment_id:
        words = node.content[:40].replace("\n", " ")
        reading.fault(
            "S001", f"this {role} has no segment id: “{words}…”", line=line, hint="end it with {#an-id}"
        )
    elif not SEGMENT_ID.fullmatch(segment_id):
        reading.fault("S002", f"“{segment_id}” is not an id", line=line, hint="use a–z, 0–9 and hyphens")
    children = _inlines(node.children, reading, line)
    if not children:
        reading.fault("S004", f"this {role} has no words", line=line)
    return Segment(segment_id, role, children, reading.take_note(), location=reading.at(line))


def read_inline(text: str, reading: Reading, *, line: int) -> Inlines:
    """Read a string of inline markup, such as a glossary explanation, that has no id of its own."""
    parser = markdown()
    tokens = parser.parseInline(text)
    root = SyntaxTreeNode(tokens)
    return tuple(i for child in root.children for i in _inlines(child.children, reading, line))


def read_text(
    text: str, reading: Reading, place: Location, *, name: str, role: Role, note: str = ""
) -> Segment:
    """Return the segment `name` that a TOML file holds at `place`; one without words is a fault."""
    with reading.elsewhere(place):
        children = read_inline(text, reading, line=0)
    if not text.strip():
        reading.fault_at("S004", f"this {role} has no words", place)
    return Segment(name, role, children, note, location=place)


def glossary_list(reading: Reading) -> DefinitionList:
    """Return the definition list that glossary.toml holds."""
    items = []
    for entry in reading.glossary.term:
        place, name = reading.in_glossary("term", entry.id, "term"), f"term-{entry.id}"
        term = read_text(entry.term, reading, place, name=name, role=Role.TERM, note=entry.note)
        place = reading.in_glossary("term", entry.id, "explanation")
        said = read_text(entry.explanation, reading, place, name=f"{name}-def", role=Role.EXPLANATION)
        items.append(Definition(term, (Paragraph(said, location=place),), entry.id, location=term.location))
    return DefinitionList(tuple(items), glossary=True)


def glossary_segments(reading: Reading) -> tuple[Segment, ...]:
    """Return the full forms of the abbreviations, as segments."""
    return tuple(
        read_text(
            entry.expansion,
            reading,
            reading.in_glossary("abbreviation", entry.id, "expansion"),
            name=f"abbr-{entry.id}",
            role=Role.EXPANSION,
            note=" ".join(filter(None, (f"Full form of {entry.text}.", entry.note))),
        )
        for entry in reading.glossary.abbreviation
    )


def _inlines(nodes: list[SyntaxTreeNode], reading: Reading, line: int) -> Inlines:
    return _merge(inline for node in nodes for inline in _inline(node, reading, line))


def _inline(node: SyntaxTreeNode, reading: Reading, line: int) -> Iterator[Inline]:
    place = reading.at(line)
    match node.type:
        case "text":
            yield from _text(node.content, reading, line)
        case "softbreak":
            yield Text(" ", location=place)
        case "hardbreak":
            yield LineBreak(location=place)
        case "strong":
            yield Strong(_inlines(node.children, reading, line), location=place)
        case "em":
            yield Emphasis(_inlines(node.children, reading, line), location=place)
        case "link":
            yield _link(node, reading, line)
        case "span":
            yield _span(node, reading, line)
        case "footnote_ref":
            yield NoteReference(str(node.meta["label"]), location=place)
        case "html_inline":
            reading.fault("S005", f"HTML is not part of the dialect: {node.content}", line=line)
        case "image":
            reading.fault("S006", "an image stands only in a figure container", line=line)
        case _:
            reading.fault("S007", f"{node.type} is not part of the dialect", line=line)


def _text(text: str, reading: Reading, line: int) -> Iterator[Inline]:
    place = reading.at(line)
    for index, part in enumerate(_VALUE.split(text)):
        if index % 2:
            if part not in VALUES:
                hint = f"known are {', '.join(VALUES)}"
                reading.fault("S008", f"there is no value “{part}”", line=line, hint=hint)
            yield Value(part, "", location=place)
        elif part:
            if any(mark in part for mark in ("{", "}", "[^", "](")):
                reading.fault(
                    "S009",
                    f"this looks like markup, but is not: “{part.strip()[:50]}”",
                    line=line,
                    hint="an id {#…} ends its block; a note [^…] must be defined; a link holds no other",
                )
            yield Text(part, location=place)


def _link(node: SyntaxTreeNode, reading: Reading, line: int) -> Inline:
    place = reading.at(line)
    target = str(node.attrs.get("href", ""))
    children = _inlines(node.children, reading, line)
    if node.attrs.get("title"):
        reading.fault("S007", "a link’s title is not part of the dialect", line=line)
    scheme, _, name = target.partition(":")
    match scheme:
        case "term":
            return Term(name, children, location=place)
        case "abbr":
            return _abbreviation(name, children, reading, line)
        case _ if target.startswith("#"):
            reading.internal_links.append((target[1:], place))
        case _ if not target.startswith(LINK_SCHEMES):
            hint = f"use #id, term:, abbr: or {' '.join(LINK_SCHEMES)}"
            reading.fault(
                "S010", f"“{target}” is not an address that a leaflet may link to", line=line, hint=hint
            )
        case _:
            pass
    return Link(target, children, location=place)


def _abbreviation(name: str, children: Inlines, reading: Reading, line: int) -> Inline:
    entry = next((a for a in reading.glossary.abbreviation if a.id == name), None)
    match children:
        case (Text(text),) if entry and entry.text == text:
            with reading.elsewhere(reading.in_glossary("abbreviation", name, "expansion")):
                full = plain_text(read_inline(entry.expansion, reading, line=0))
            return Abbreviation(name, text, full, location=reading.at(line))
        case _:
            pass
    expected = f"the glossary says “{entry.text}”" if entry else "the glossary has none of this id"
    reading.fault("S013", f"the abbreviation “{name}” does not match: {expected}", line=line)
    return Text("", location=reading.at(line))


def _span(node: SyntaxTreeNode, reading: Reading, line: int) -> Inline:
    tag = str(node.attrs.get("lang", ""))
    try:
        language(tag)
    except UsageError:
        # Latin and Greek of anatomy are in CLDR; a typing error is what this catches.
        reading.fault("S016", f"“{tag}” is not a language tag", line=line, hint="write [words]{lang=la}")
    return Span(tag, _inlines(node.children, reading, line), location=reading.at(line))


def _merge(inlines: Iterator[Inline]) -> Inlines:
    """Join neighboring texts, so that equal words make equal trees, and trim the ends."""
    merged: list[Inline] = []
    for inline in inlines:
        match inline, merged[-1:]:
            case Text(text), [Text(before) as last]:
                merged[-1] = replace(last, text=before + text)
            case Text(""), _:
                pass
            case _:
                merged.append(inline)
    return tuple(merged)
