"""EPUB 3.3 with EPUB Accessibility 1.1 metadata: reflowable, one file per section.

Every content document is written byte for byte as we made it. The page list follows the PDF of the
same edition, so that a reader of the book and a reader of the print can find the same page.
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from pipeline.document import (
    Block,
    Blocks,
    Definition,
    Document,
    EndNote,
    Figure,
    Heading,
    Note,
    NoteReference,
    Picture,
    Section,
    Segment,
    Table,
    TranslatedDocument,
    plain_text,
    segments,
    walk,
)
from pipeline.editions import Layout, Rendition
from pipeline.passport import Passport
from pipeline.renderers.content import blocks, front_matter
from pipeline.renderers.drawing import inline_picture, sized_picture
from pipeline.renderers.elements import Content, content, element
from pipeline.renderers.epub.book import Resource, make_book, write_book
from pipeline.renderers.epub.cover import cover_image
from pipeline.renderers.epub.navigation import Entry, navigation
from pipeline.renderers.epub.xhtml import STYLESHEET, STYLESHEET_NAME, document_bytes, mark_pages
from pipeline.renderers.webfonts import web_fonts

__all__ = ["render"]

# The name space of our books' identifiers; a correction of a book keeps its identifier.
_NAMESPACE = uuid.UUID("5b0a7f2e-7f0c-5f4e-9a37-6d1e1c0b8a55")

# The names of the files that every book has.
_OWN_NAMES = frozenset({"cover", "nav", "title"})


@dataclass(frozen=True, slots=True)
class _Chapter:
    """One file of the book: its name, its title, its elements."""

    name: str
    title: str
    elements: tuple[ET.Element, ...]
    entries: tuple[Entry, ...]


def render(
    translated: TranslatedDocument,
    layout: Layout,
    *,
    pages: Mapping[str, int],
    passport: Passport | None = None,
) -> Rendition:
    """Return the book. `pages` maps segment ids to the pages of the PDF of the same edition."""
    document, own = translated.document, translated.language
    parts = _parts(document)
    where = _files(parts)
    to = content(
        translated,
        lambda image: inline_picture(image, language=own, faces=layout.faces),
        lambda picture: sized_picture(picture, f"images/{picture.name}"),
        href=lambda anchor: f"{where.get(anchor, 'title.xhtml')}#{anchor}",
        heading_offset=-1,
    )
    chapters = tuple(_chapter(part, translated, to) for part in parts)
    marked = _mark_pages(chapters, _places(document, pages))
    large = layout.edition.stacked
    texts = [
        Resource(
            c.name, document_bytes(c.title, c.elements, language=own, large=large), "application/xhtml+xml"
        )
        for c in chapters
    ]
    toc = navigation([e for c in chapters for e in c.entries], marked, to, notes=_with_notes(parts))
    nav = Resource(
        "nav.xhtml",
        document_bytes(to.labels["contents"], toc, language=own, large=large),
        "application/xhtml+xml",
    )
    cover = Resource("cover.png", cover_image(translated, layout), "image/png")
    cover_page = _cover_page(translated, large=large)
    faces_used = web_fonts(translated, layout)
    fonts = [Resource(f"fonts/{f.name}", f.data, "font/woff2") for f in faces_used]
    images = [
        Resource(f"images/{n.name}", n.data, "image/png") for n in walk(document) if isinstance(n, Picture)
    ]
    faces = "".join(
        f"@font-face {{ font-family: '{f.family}'; font-weight: {f.weight};"
        f" src: url(fonts/{f.name}) format('woff2'); }}\n"
        for f in faces_used
    )
    family = ", ".join(f"'{face.family}'" for face in layout.stack)
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
        print_edition=_print_edition(to, layout) if marked else "",
        cover=cover,
        cover_page=cover_page,
        nav=nav,
        texts=texts,
        others=[Resource(STYLESHEET_NAME, style.encode(), "text/css"), *fonts, *images],
        passport=passport,
    )
    return Rendition(write_book(book, modified=datetime.combine(document.revision, time(), UTC)))


@dataclass(frozen=True, slots=True)
class _Part:
    """What goes into one file of the book; `heading` is None for the title page."""

    name: str
    heading: Heading | None
    blocks: Blocks


def _parts(document: Document) -> tuple[_Part, ...]:
    """Divide the document into files: a section or a box with a heading begins a new one."""
    parts = [_Part("title.xhtml", None, ())]
    for top in document.blocks:
        if isinstance(top, Section | Note) and top.heading is not None:
            # No id has an underscore, so that no section takes the name of a file of ours.
            parts.append(_Part(f"{top.id}{'_' if top.id in _OWN_NAMES else ''}.xhtml", top.heading, (top,)))
        else:
            parts[-1] = replace(parts[-1], blocks=(*parts[-1].blocks, top))
    return tuple(parts)


def _files(parts: tuple[_Part, ...]) -> dict[str, str]:
    """Return the file in which each anchor of the document stands."""
    where: dict[str, str] = {}
    for part in parts:
        for anchor in (name for block in part.blocks for name in _anchors(block)):
            where.setdefault(anchor, part.name)
    return where


def _anchors(top: Block) -> list[str]:
    """Return every anchor that the elements of a block will carry."""
    found = []
    for node in walk(top):
        match node:
            case Section() | Note() | Table() | Figure() | Segment():
                found.append(node.id)
            case Definition(entry=entry) if entry:
                found.append(f"term-{entry}")
            case EndNote(id=name):
                found.append(f"note_{name}")
            case NoteReference(id=name):
                found.append(f"call_{name}")
            case _:
                pass
    return found


def _with_notes(parts: tuple[_Part, ...]) -> str:
    """Return the file of the endnotes, or "" if there are none."""
    names = (p.name for p in parts for b in p.blocks for n in walk(b) if isinstance(n, EndNote))
    return next(names, "")


def _chapter(part: _Part, translated: TranslatedDocument, to: Content) -> _Chapter:
    front = translated.document.front
    if part.heading is None:
        title = front.title
        page = element("section", *front_matter(translated, to), class_="title-page")
        elements = (page, *blocks(part.blocks, to))
    else:
        title = part.heading.text
        elements = tuple(blocks(part.blocks, to))
    inner = (
        b.heading
        for top in part.blocks
        if isinstance(top, Section)
        for b in top.blocks
        if isinstance(b, Section)
    )
    entries = (Entry(title, part.name, 1), *(Entry(h.text, f"{part.name}#{h.id}", 2) for h in inner))
    return _Chapter(part.name, plain_text(title.children), elements, entries)


def _places(document: Document, pages: Mapping[str, int]) -> dict[str, int]:
    """Return the pages of segments and headings alone: a box may begin on the page before its words."""
    ids = {s.id for s in segments(document)}
    return {name: number for name, number in pages.items() if name.removesuffix("_heading") in ids}


def _mark_pages(chapters: tuple[_Chapter, ...], pages: Mapping[str, int]) -> list[tuple[int, str]]:
    """Put page markers into the chapters; return each page's number and address."""
    marked: list[tuple[int, str]] = []
    last = 0
    for chapter in chapters:
        found, last = mark_pages(chapter.elements, pages, last)
        marked += [(number, f"{chapter.name}#page_{number}") for number in found]
    return marked


def _print_edition(to: Content, layout: Layout) -> str:
    """Return in words whose pages the book's page list has; our PDFs have no number like an ISBN."""
    edition = to.labels[f"edition-{layout.edition.name}"]
    return f"{to.labels['format-pdf']} – {edition} ({layout.paper.name.capitalize()})"


def _cover_page(translated: TranslatedDocument, *, large: bool) -> Resource:
    title = plain_text(translated.document.front.title.children)
    image = element("img", src="cover.png", alt=f"{translated.labels['cover']}: {title}")
    page = element("section", image, class_="cover")
    data = document_bytes(title, (page,), language=translated.language, large=large, kind="cover")
    return Resource("cover.xhtml", data, "application/xhtml+xml")
