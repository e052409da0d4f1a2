"""Independent readers: the words of a finished artefact, in the order in which it gives them.

None of these readers shares code with the renderer that wrote the file: PDFium reads the PDF, in
the order of its tags; zipfile and lxml read DOCX, EPUB and HTML.
"""

from __future__ import annotations

import io
import posixpath
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

import pikepdf
from lxml import etree, html

from pipeline.checks.pages import UnreadableError, read_text

# What a reader skips or never sees: the soft hyphen, marks of direction and of joining, the BOM.
_UNSEEN = dict.fromkeys(
    (0xAD, 0x61C, 0x640, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
)
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")

# Scripts that put no spaces between words: each letter counts as a word.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

# The letters of lam-alef, which PDF readers give back in either order: the file holds the ligature
# as one glyph for two letters, and a reader that turns a line of right-to-left text round turns
# the two letters round as well, or does not.
_LAM_ALEF = re.compile("[لاأإآ]{2,}")

T = TypeVar("T")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_TYPE = "{http://www.idpf.org/2007/ops}type"

# The parts of a Word file that hold text of the leaflet, in reading order.
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_WORD_RUN = f"{_W}t"
_WORD_TEXT = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}p": "\n"}
_LARGEST = 50_000_000

_SKIPPED = frozenset("style script nav head template title desc metadata".split())
_INLINE = frozenset("a abbr b bdi bdo cite code em i mark q small span strong sub sup time u".split())


def extract(data: bytes, format: str) -> str:
    """Return the text of an artefact, as its reader gives it. Raises `UnreadableError`."""
    return _guarded(_TEXTS[format], data)


def alternatives(data: bytes, format: str) -> tuple[str, ...]:
    """Return the alternative texts of an artefact's pictures, in order. Raises `UnreadableError`."""
    return _guarded(_ALTERNATIVES[format], data)


def normalize(text: str) -> str:
    """Return `text` without what no reader sees, on one line.

    Compatibility forms are resolved for Arabic presentation forms alone: elsewhere they carry
    meaning (², ½).
    """
    seen = unicodedata.normalize("NFC", text.translate(_UNSEEN))
    plain = _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]), seen)
    return " ".join(plain.translate(_UNSEEN).split())


def tokens(text: str) -> list[str]:
    """Return the words of `text`: letters, marks and digits, without punctuation.

    Punctuation takes no part: bullets, brackets (which PDF readers mirror) and the hyphen of
    "long-term" at a line's end differ between readers of the same good file.
    """
    plain = UNSPACED.sub(r" \g<0> ", normalize(text))
    apart = {ord(c): " " for c in set(plain) if unicodedata.category(c)[0] not in "LMN"}
    return plain.translate(apart).split()


def unturned(word: str) -> str:
    """Return an Arabic word with the letters of each lam-alef in one order, whichever it came in."""
    return _LAM_ALEF.sub(lambda match: "".join(sorted(match[0])), word)


def _guarded(read: Callable[[bytes], T], data: bytes) -> T:
    try:
        return read(data)
    except (
        etree.LxmlError,
        pikepdf.PdfError,
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise UnreadableError(str(error)) from error


# --- PDF ----------------------------------------------------------------------------------------


def _pdf_alternatives(data: bytes) -> tuple[str, ...]:
    """Return /Alt of every Figure in the structure tree."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return tuple(figures_below(document.Root.get("/StructTreeRoot", pikepdf.Dictionary())))


def figures_below(root: Any) -> Iterator[str]:
    """Yield /Alt of every Figure in an element of a PDF's structure tree, in order."""
    waiting: list[Any] = [root]
    seen: set[tuple[int, int]] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(reversed(list(node)))
            continue
        if not isinstance(node, pikepdf.Dictionary) or node.objgen in seen:
            continue
        if node.objgen != (0, 0):
            seen.add(node.objgen)
        if node.get("/S") == "/Figure" and "/Alt" in node:
            yield str(node["/Alt"])
        if "/K" in node:
            waiting.append(node["/K"])


# --- Word ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _docx_trees(data: bytes) -> tuple[Any, ...]:
    """Return the parts with text of a Word file, of the last one that was asked for without reading it again.

    Its text and its alternative texts are asked for one after the other.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if _PARTS[0] not in names:
            raise UnreadableError(f"there is no {_PARTS[0]}")
        return tuple(_xml(_member(archive, part)) for part in _PARTS if part in names)


def _docx_text(data: bytes) -> str:
    return "\n".join("".join(_word_text(tree)) for tree in _docx_trees(data))


def _word_text(root: Any) -> Iterator[str]:
    """Yield the text of a Word part; a paragraph ends its line."""
    for child in root.iterchildren("*"):
        nodes = etree.iterwalk(child, events=("start", "end"), tag=(_WORD_RUN, _FALLBACK, *_WORD_TEXT))
        for event, node in nodes:
            if event == "end":
                yield (node.text or "") if node.tag == _WORD_RUN else _WORD_TEXT.get(node.tag, "")
            elif node.tag in (_WORD_RUN, _FALLBACK):
                nodes.skip_subtree()


def _docx_alternatives(data: bytes) -> tuple[str, ...]:
    found = (node.get("descr") for tree in _docx_trees(data) for node in tree.iter(f"{_WP}docPr"))
    return tuple(text for text in found if text)


# --- EPUB and HTML ------------------------------------------------------------------------------


def epub_pages(data: bytes) -> Iterator[tuple[Any, zipfile.ZipFile, str]]:
    """Yield the documents of the spine but the cover and the navigation, with their folders."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        container = _xml(_member(archive, "META-INF/container.xml"))
        root = next(container.iter(f"{_CONTAINER}rootfile")).get("full-path")
        package = _xml(_member(archive, root))
        folder = posixpath.dirname(root)
        items = {i.get("id"): i for i in package.iter(f"{_OPF}item")}
        for reference in package.iter(f"{_OPF}itemref"):
            item = items[reference.get("idref")]
            if "nav" in item.get("properties", "").split():
                continue
            path = posixpath.join(folder, item.get("href"))
            page = _xml(_member(archive, path))
            if not any("cover" in node.get(_TYPE, "").split() for node in page.iter("{*}body", "{*}section")):
                yield page, archive, posixpath.dirname(path)


def _epub_text(data: bytes) -> str:
    def picture(archive: zipfile.ZipFile, folder: str) -> Callable[[Any], str]:
        """A drawing is a file of its own; its labels are text of the book."""

        def text(image: Any) -> str:
            name = posixpath.normpath(posixpath.join(folder, image.get("src", "")))
            if not name.endswith(".svg"):
                return ""
            return "".join(_markup_text(_xml(_member(archive, name)), _no_text))

        return text

    return "\n".join(
        "".join(_markup_text(page, picture(archive, folder))) for page, archive, folder in epub_pages(data)
    )


def _epub_alternatives(data: bytes) -> tuple[str, ...]:
    return tuple(text for page, _, _ in epub_pages(data) for text in _described(page))


def html_main(data: bytes) -> Any:
    page = html.document_fromstring(data.decode(), parser=html.HTMLParser(no_network=True))
    main = page.find(".//main")
    return page.find("body") if main is None else main


def _html_text(data: bytes) -> str:
    return "".join(_markup_text(html_main(data), _no_text))


def _html_alternatives(data: bytes) -> tuple[str, ...]:
    return tuple(_described(html_main(data)))


def _no_text(_: Any) -> str:
    return ""


def _markup_text(node: Any, picture: Callable[[Any], str]) -> Iterator[str]:
    """Yield the text of an element; what is not inline stands on lines of its own."""
    name = etree.QName(node).localname if isinstance(node.tag, str) else "style"
    edge = "" if name in _INLINE else "\n"
    yield edge
    if name == "img":
        yield picture(node)
    elif name not in _SKIPPED:
        yield node.text or ""
        for child in node:
            yield from _markup_text(child, picture)
            yield child.tail or ""
    yield edge


def _described(node: Any) -> Iterator[str]:
    """Yield the alternative texts of images and of drawings inside a page."""
    for image in node.iter("{*}img", "img", "{*}svg", "svg"):
        text = image.get("alt") or image.get("aria-label")
        if text:
            yield text


# --- Plain text ---------------------------------------------------------------------------------


def _txt_text(data: bytes) -> str:
    return data.decode()


def _txt_alternatives(data: bytes) -> tuple[str, ...]:
    return tuple(re.findall(r"^\[(.+)\]$", data.decode(), re.MULTILINE))


def _xml(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST:
        raise UnreadableError(f"{name} is larger than {_LARGEST} bytes")
    return archive.read(name)


_TEXTS: Mapping[str, Callable[[bytes], str]] = MappingProxyType(
    {"pdf": read_text, "docx": _docx_text, "epub": _epub_text, "html": _html_text, "txt": _txt_text}
)
_ALTERNATIVES: Mapping[str, Callable[[bytes], tuple[str, ...]]] = MappingProxyType(
    {
        "pdf": _pdf_alternatives,
        "docx": _docx_alternatives,
        "epub": _epub_alternatives,
        "html": _html_alternatives,
        "txt": _txt_alternatives,
    }
)
