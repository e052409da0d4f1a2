"""The blocks of text and the headings of a finished file, as the file itself marks them.

What belongs to one format only is left out: contents, labels of drawings, links back from notes, the
column headings of a table that is written as records.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import pikepdf
from lxml import etree

from pipeline.checks.extraction import epub_pages, html_main

_HEADING = re.compile("h[1-6]")
_BLOCKS = frozenset("h1 h2 h3 h4 h5 h6 p li dt dd caption figcaption th td".split())
# Plain text alone spells out where a link goes.
_ADDRESS = re.compile(r"[(<]?https?://[^\s)>]+[)>]?")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """The text of a block; `anywhere` is set for column headings, which some formats repeat."""

    text: str
    anywhere: bool = False


Structure: TypeAlias = tuple[list[TextBlock], list[str]]


def _markup(roots: Iterator[Any]) -> Structure:
    blocks: list[TextBlock] = []
    headings: list[str] = []
    for root in roots:
        for node in root.iter():
            name = etree.QName(node).localname if isinstance(node.tag, str) else ""
            if name not in _BLOCKS or any(_local(a) in {"nav", "svg"} for a in node.iterancestors()):
                continue
            text = _own_text(node)
            blocks.append(TextBlock(text, anywhere=name == "th" and node.get("scope") != "row"))
            if _HEADING.fullmatch(name):
                headings.append(text)
    return blocks, headings


def _local(node: Any) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _own_text(node: Any) -> str:
    """Return the text of a block without that of the blocks inside it."""

    def words(element: Any) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            name = _local(child)
            if child.get("role") == "doc-backlink" or name == "br" or name in _BLOCKS or not name:
                yield " "
            elif name not in {"svg", "ul", "ol", "dl", "table", "nav"}:
                yield from words(child)
            yield child.tail or ""

    return "".join(words(node))


def _html(data: bytes) -> Structure:
    return _markup(iter([html_main(data)]))


def _epub(data: bytes) -> Structure:
    return _markup(page for page, _, _ in epub_pages(data))


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _docx(data: bytes) -> Structure:
    """Return the paragraphs and headings of a Word file, without the contents."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        document = etree.fromstring(archive.read("word/document.xml"), parser)
        styles = etree.fromstring(archive.read("word/styles.xml"), parser)
    levels = {
        style.get(f"{_W}styleId")
        for style in styles.iter(f"{_W}style")
        for level in style.iter(f"{_W}outlineLvl")
        if int(level.get(f"{_W}val", "9")) < 6
    }
    blocks: list[TextBlock] = []
    headings: list[str] = []
    for node in document.iter(f"{_W}p"):
        style = next((s.get(f"{_W}val", "") for s in node.iter(f"{_W}pStyle")), "")
        parts = node.iter(f"{_W}t", f"{_W}br", f"{_W}tab")
        text = "".join(t.text or "" if t.tag == f"{_W}t" else " " for t in parts)
        if style.startswith("TOC"):
            continue
        row = next(node.iterancestors(f"{_W}tr"), None)
        blocks.append(TextBlock(text, anywhere=row is not None and row.find(f".//{_W}tblHeader") is not None))
        if style in levels or style == "Title":
            headings.append(text)
    return _without_heads(blocks), headings


def _without_heads(blocks: list[TextBlock]) -> list[TextBlock]:
    """Return blocks without the column headings that begin each line of a table written as records."""
    heads = Counter(block.text.partition(": ")[0] for block in blocks if ": " in block.text)
    made = []
    for block in blocks:
        head, colon, rest = block.text.partition(": ")
        made.append(TextBlock(rest, block.anywhere) if colon and heads[head] > 1 else block)
    return made


def _pdf(data: bytes) -> Structure:
    """Return no blocks, since a PDF has lines only, and the titles of its bookmarks."""
    titles: list[str] = []

    def visit(items: Any) -> None:
        for item in items:
            titles.append(item.title)
            visit(item.children)

    with pikepdf.open(io.BytesIO(data)) as document, document.open_outline() as outline:
        visit(outline.root)
    return [], titles


def _txt(data: bytes) -> Structure:
    text = _ADDRESS.sub(" ", data.decode())
    groups = [b.splitlines() for b in re.split(r"\n\s*\n", text) if not re.fullmatch(r"\s*\[.*\]\s*", b)]
    blocks = _without_heads([TextBlock(line) for group in groups for line in group])
    return blocks, [line.lstrip("# ") for line in data.decode().splitlines() if re.match("#{1,6} ", line)]


STRUCTURES: Mapping[str, Callable[[bytes], Structure]] = MappingProxyType(
    {"pdf": _pdf, "docx": _docx, "epub": _epub, "html": _html, "txt": _txt}
)
