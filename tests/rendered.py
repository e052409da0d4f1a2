"""The complete project in every language, edition and format; the words that readers find in it.

Nothing here uses the code that wrote what is read: Word, EPUB and HTML are read with zipfile and
lxml, PDF by PDFium in the order of its tags.
"""

from __future__ import annotations

import io
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree, html

from pipeline import catalogs, fonts
from pipeline.checks.extraction import extract
from pipeline.document import (
    Document,
    EndNotes,
    Image,
    LineBreak,
    Node,
    NoteReference,
    Segment,
    TranslatedDocument,
    plain_text,
    segments,
    walk,
)
from pipeline.editions import EDITIONS, PAPERS, Layout, Rendition, lay_out
from pipeline.languages import language
from pipeline.reader import open_project, read
from pipeline.renderers import FORMATS, Companions
from pipeline.selection import select
from pipeline.translation import translate, translate_interface

ROOT = Path(__file__).parent.parent
COMPLETE = ROOT / "tests" / "projects" / "complete"
TAGS = ("en", "de", "ar")
CASES = [(tag, edition) for tag in TAGS for edition in EDITIONS]
ALL = [(tag, edition, name) for tag, edition in CASES for name in FORMATS]

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
TYPE = "{http://www.idpf.org/2007/ops}type"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# The web page's neighbors.
BESIDE = Companions(
    translations=tuple((tag, f"../{tag}/complete-clear.html") for tag in TAGS),
    formats=(("pdf", "large", "complete-large.pdf"), ("epub", "clear", "complete-clear.epub")),
)


@cache
def fonts_folder() -> Path:
    """Return a folder for prepared fonts, shared by the tests of one run."""
    return Path(tempfile.mkdtemp(prefix="handout-test-fonts-"))


@cache
def document(root: Path = COMPLETE) -> Document:
    """Return the source of a project."""
    return read(open_project(root))


@cache
def whole(tag: str, root: Path = COMPLETE) -> TranslatedDocument:
    """Return the whole source in a language."""
    source = document(root)
    shared, own = ROOT / _catalog(tag, "interface"), root / _catalog(tag, source.slug)
    labels = translate_interface(catalogs.read(shared) if shared.exists() else None)
    return translate(
        source, language(tag), catalog=catalogs.read(own) if own.exists() else None, labels=labels
    )


def _catalog(tag: str, domain: str) -> Path:
    return Path("translations", tag, "LC_MESSAGES", f"{domain}.po")


@cache
def translated(tag: str, root: Path = COMPLETE, handout: str = "complete") -> TranslatedDocument:
    """Return a handout in a language."""
    return select(whole(tag, root), handout)


@cache
def layout(tag: str, edition: str = "clear", root: Path = COMPLETE) -> Layout:
    """Return the measures of an edition for a language, on A4."""
    own = whole(tag, root)
    sample = " ".join(plain_text(s.children) for s in segments(own.document))
    everything = " ".join((sample, *own.labels.values()))
    faces = fonts.typefaces(own.language, everything, cache_folder=fonts_folder())
    return lay_out(EDITIONS[edition], PAPERS["a4"], language=own.language, faces=faces, sample=sample)


@cache
def pages(tag: str) -> dict[str, int]:
    """Return made-up pages: each twelfth segment that a page can begin with begins one."""
    front = translated(tag).document.front
    names = [front.title.id, *(s.id for s in shown(translated(tag), labels=False))]
    return {name: n // 12 + 1 for n, name in enumerate(names)}


@cache
def made(tag: str, edition: str, name: str) -> Rendition:
    """Return the complete project in a language, an edition and a format."""
    companions = {"html": BESIDE, "epub": Companions(pages=pages(tag))}.get(name, Companions())
    return FORMATS[name](translated(tag), layout(tag, edition), companions)


# --- What must be there -------------------------------------------------------------------------


def shown(translated: TranslatedDocument, *, labels: bool) -> list[Segment]:
    """Return the segments of the body that are read as text, in reading order."""
    return [s for block in translated.document.blocks for s in _shown(block, translated, labels=labels)]


def _shown(node: Node, translated: TranslatedDocument, *, labels: bool) -> Iterator[Segment]:
    match node:
        case Segment():
            yield node
        case Image(drawing=drawing):
            yield from drawing.labels if labels else ()
        case EndNotes(items=items):
            called = list(
                dict.fromkeys(n.id for n in walk(translated.document) if isinstance(n, NoteReference))
            )
            yield from (item.text for item in sorted(items, key=lambda i: called.index(i.id)))
        case _:
            children = (getattr(node, field, ()) for field in _FIELDS)
            for child in children:
                for part in child if isinstance(child, tuple) else (child,):
                    if isinstance(part, Node):
                        yield from _shown(part, translated, labels=labels)


# In the order in which a reader meets them.
_FIELDS = "heading term images caption head cells text blocks items body description".split()


def words_of(segment: Segment) -> list[str]:
    """Return the words of a segment."""
    return words(" ".join(_text(node) for node in segment.children))


def _text(node: Any) -> str:
    return " " if isinstance(node, LineBreak | NoteReference) else plain_text((node,))


def words(text: str) -> list[str]:
    """Return the words of a text: letters, marks and digits, without punctuation and invisible marks."""
    seen = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in seen).split()


def alternatives_of(translated: TranslatedDocument) -> list[str]:
    """Return the alternative texts, in order."""
    return [plain_text(n.alt.children) for n in walk(translated.document) if isinstance(n, Image)]


# --- What is there ------------------------------------------------------------------------------


def package(data: bytes) -> dict[str, bytes]:
    """Return the members of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xml(data: bytes) -> Any:
    """Return the root of an XML document."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def page(data: bytes) -> Any:
    """Return the root of an HTML page."""
    return html.document_fromstring(data.decode(), parser=html.HTMLParser(no_network=True))


def spine(members: dict[str, bytes]) -> list[str]:
    """Return the names of an e-book's documents, in order."""
    root = xml(members["EPUB/content.opf"])
    items = {i.get("id"): i.get("href") for i in root.iter(f"{OPF}item")}
    return [items[i.get("idref")] for i in root.iter(f"{OPF}itemref")]


def _docx(data: bytes) -> str:
    parts = []
    for node in xml(package(data)["word/document.xml"]).iter(f"{W}t", f"{W}p", f"{W}br", f"{W}tab"):
        parts.append(node.text or "" if node.tag == f"{W}t" else "\n")
    return "".join(parts)


def _epub(data: bytes) -> str:
    members = package(data)
    texts = []
    for name in spine(members):
        root = xml(members[f"EPUB/{name}"])
        if name == "nav.xhtml" or root[1].get(TYPE) == "cover":
            continue
        texts.append(_visible(root[1]))
    return "\n".join(texts)


def _html(data: bytes) -> str:
    return _visible(page(data).find(".//main"))


def _visible(root: Any) -> str:
    return " ".join("".join(_flow(root)).split())


def _flow(node: Any) -> Iterator[str]:
    """Yield the text of an element; what is no part of a line stands apart."""
    name = etree.QName(node).localname
    edge = "" if name in _IN_LINE else " "
    yield f"{edge}{node.text or ''}"
    for child in node:
        yield from _flow(child)
        yield child.tail or ""
    yield edge


_IN_LINE = frozenset("a abbr bdi em span strong tspan".split())


READERS: dict[str, Callable[[bytes], str]] = {
    "docx": _docx,
    "epub": _epub,
    "html": _html,
    "txt": bytes.decode,
    "pdf": lambda data: extract(data, "pdf"),
}


def local(node: Any) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def books(tag: str, edition: str) -> Iterator[tuple[str, Any]]:
    """Yield the documents of the e-book with their names."""
    members = package(made(tag, edition, "epub").data)
    for name in spine(members):
        yield name, xml(members[f"EPUB/{name}"])
