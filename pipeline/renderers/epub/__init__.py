"""EPUB 3.3 with EPUB Accessibility 1.1 metadata: reflowable, one file per section.

Every content document is written byte for byte as we made it. The page list follows the PDF of the
same edition, so that a reader of the book and a reader of the print can find the same page.
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from pipeline.document import (
    Definition,
    Document,
    EndNote,
    EndNotes,
    Figure,
    Note,
    NoteReference,
    Section,
    Segment,
    Table,
    TranslatedDocument,
    plain_text,
    segments,
    walk,
)
from pipeline.editions import Layout, Rendition
from pipeline.renderers.content import Content, block, blocks, content, element, front_notices
from pipeline.renderers.drawing import inline_picture
from pipeline.renderers.epub.book import Resource, make_book, write_book
from pipeline.renderers.epub.cover import cover_image
from pipeline.renderers.epub.navigation import Entry, navigation
from pipeline.renderers.epub.xhtml import STYLESHEET, STYLESHEET_NAME, document_bytes, mark_pages
from pipeline.renderers.front import version_line
from pipeline.renderers.webfonts import web_fonts

__all__ = ["render"]

# The name space of our books' identifiers; a correction of a book keeps its identifier.
_NAMESPACE = uuid.UUID("5b0a7f2e-7f0c-5f4e-9a37-6d1e1c0b8a55")


@dataclass(frozen=True, slots=True)
class _Chapter:
    """One file of the book: its name, its title, its elements."""

    name: str
    title: str
    elements: tuple[ET.Element, ...]
    entries: tuple[Entry, ...]


def render(translated: TranslatedDocument, layout: Layout, *, pages: Mapping[str, int]) -> Rendition:
    """Return the book. `pages` maps segment ids to the pages of the PDF of the same edition."""
    document, own = translated.document, translated.language
    where = _files(document)
    to = content(
        translated,
        lambda image: inline_picture(image, language=own, faces=layout.faces),
        href=lambda anchor: f"{where.get(anchor, 'title.xhtml')}#{anchor}",
        heading_offset=-1,
    )
    chapters = (_title_page(translated, to), *_chapters(document, to))
    marked = _mark_pages(chapters, pages, {s.id for s in segments(document)})
    large = layout.edition.stacked
    texts = [
        Resource(
            c.name, document_bytes(c.title, c.elements, language=own, large=large), "application/xhtml+xml"
        )
        for c in chapters
    ]
    toc = navigation([e for c in chapters for e in c.entries], marked, to, notes=where.get("notes", ""))
    nav = Resource(
        "nav.xhtml",
        document_bytes(to.labels["contents"], toc, language=own, large=large),
        "application/xhtml+xml",
    )
    cover = Resource("cover.png", cover_image(translated, layout), "image/png")
    cover_page = _cover_page(translated, large=large)
    faces_used = web_fonts(translated, layout)
    fonts = [Resource(f"fonts/{f.name}", f.data, "font/woff2") for f in faces_used]
    faces = "".join(
        f"@font-face {{ font-family: '{f.family}'; font-weight: {f.weight};"
        f" src: url(fonts/{f.name}) format('woff2'); }}\n"
        for f in faces_used
    )
    family = ", ".join(f"'{face.family}'" for face in layout.faces)
    size = "body { font-size: 1.5em; }\n" if large else ""
    style = f"{faces}body {{ font-family: {family}, sans-serif; }}\n{size}{STYLESHEET}"
    book = make_book(
        translated,
        identifier=str(
            uuid.uuid5(
                _NAMESPACE,
                f"{document.slug}/{plain_text(document.front.title.children)}/{own.tag}/{layout.edition.name}",
            )
        ),
        large=large,
        paged=bool(marked),
        cover=cover,
        cover_page=cover_page,
        nav=nav,
        texts=texts,
        others=[Resource(STYLESHEET_NAME, style.encode(), "text/css"), *fonts],
    )
    return Rendition(write_book(book, modified=datetime.combine(document.revision, time(), UTC)))


def _files(document: Document) -> dict[str, str]:
    """Return the file in which each anchor of the document stands."""
    where: dict[str, str] = {}
    for top in document.blocks:
        if not isinstance(top, Section | Note):
            continue
        name = f"{top.id}.xhtml"
        for node in _anchors(top):
            where[node] = name
    return where


def _anchors(top: Section | Note) -> list[str]:
    """Return every anchor that the elements of a block will carry."""
    found = []
    for node in walk(top):
        match node:
            case Section() | Note() | Table() | Figure() | Segment():
                found.append(node.id)
            case Definition(entry=entry) if entry:
                found.append(f"term-{entry}")
            case EndNote(id=name):
                found.append(f"note-{name}")
            case EndNotes():
                found.append("notes")
            case NoteReference(id=name):
                found.append(f"call-{name}")
            case _:
                pass
    return found


def _title_page(translated: TranslatedDocument, to: Content) -> _Chapter:
    front = translated.document.front
    title = plain_text(front.title.children)
    page = element(
        "section",
        element("h1", title, id=front.title.id),
        element("p", plain_text(front.subtitle.children), class_="subtitle", id=front.subtitle.id),
        element("p", version_line(translated), class_="version"),
        *front_notices(translated),
        class_="title-page",
    )
    rest = [b for b in translated.document.blocks if not isinstance(b, Section | Note)]
    return _Chapter("title.xhtml", title, (page, *blocks(tuple(rest), to)), (Entry(title, "title.xhtml", 1),))


def _chapters(document: Document, to: Content) -> tuple[_Chapter, ...]:
    chapters = []
    for top in document.blocks:
        match top:
            case Section(heading=head) | Note(heading=head) if head is not None:
                title = plain_text(head.text.children)
            case Note():
                title = plain_text(document.front.title.children)
            case _:
                continue
        name = f"{top.id}.xhtml"
        entries = [Entry(title, name, 1)]
        if isinstance(top, Section):
            entries += [
                Entry(plain_text(b.heading.text.children), f"{name}#{b.id}", 2)
                for b in top.blocks
                if isinstance(b, Section)
            ]
        chapters.append(_Chapter(name, title, tuple(block(top, to)), tuple(entries)))
    return tuple(chapters)


def _mark_pages(
    chapters: tuple[_Chapter, ...], pages: Mapping[str, int], ids: set[str]
) -> list[tuple[int, str]]:
    """Put page markers into the chapters; return each page's number and address."""
    marked: list[tuple[int, str]] = []
    last = 0
    for chapter in chapters:
        found, last = mark_pages(chapter.elements, {k: v for k, v in pages.items() if k in ids}, last)
        marked += [(number, f"{chapter.name}#page-{number}") for number in found]
    return marked


def _cover_page(translated: TranslatedDocument, *, large: bool) -> Resource:
    title = plain_text(translated.document.front.title.children)
    image = element("img", src="cover.png", alt=f"{translated.labels['cover']}: {title}")
    page = element("section", image, class_="cover")
    data = document_bytes(title, (page,), language=translated.language, large=large, kind="cover")
    return Resource("cover.xhtml", data, "application/xhtml+xml")
