"""An e-book opened for its rules: package, navigation and content documents, read by zipfile and lxml."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.checks.pages import UnreadableError

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_LARGEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Book:
    """An e-book: all its files by path, the package, the content documents by path, in reading order."""

    files: dict[str, bytes]
    package: Any
    documents: dict[str, Any]
    navigation: str
    cover: str

    @property
    def texts(self) -> dict[str, Any]:
        """The content documents but the cover and the navigation."""
        return {k: v for k, v in self.documents.items() if k not in (self.navigation, self.cover)}

    def metas(self, name: str) -> list[str]:
        """Return the values of a property in the package's metadata."""
        found = self.package.iter(f"{OPF}meta")
        return [(node.text or "").strip() for node in found if node.get("property") == name]

    def nav(self, kind: str) -> Any | None:
        """Return the `nav` of a kind (EPUB 3.3, 7.4), or None."""
        found = self.documents[self.navigation].iter(f"{XHTML}nav")
        return next((node for node in found if kind in node.get(TYPE, "").split()), None)

    def links(self, kind: str) -> list[tuple[str, str]]:
        """Return address (from the archive's root) and words of each link in the `nav` of a kind."""
        nav = self.nav(kind)
        if nav is None:
            return []
        folder = posixpath.dirname(self.navigation)
        return [(resolve(folder, link.get("href", "")), words(link)) for link in nav.iter(f"{XHTML}a")]


def resolve(folder: str, address: str) -> str:
    """Return an address inside a book as a path from the archive's root, with its fragment."""
    path, hash_, fragment = address.partition("#")
    return posixpath.normpath(posixpath.join(folder, path)) + hash_ + fragment


def words(node: Any) -> str:
    """Return the words of an element, on one line."""
    return " ".join("".join(node.itertext()).split())


def elements(tree: Any, *names: str) -> Iterator[Any]:
    """Yield a document's XHTML elements of the names, in order."""
    yield from tree.iter(*(f"{XHTML}{name}" for name in names))


def open_book(data: bytes) -> Book:
    """Open a book. Raises `UnreadableError` if a part that the package names is not there or is not XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise UnreadableError(f"the book unpacks to more than {_LARGEST} bytes")
            files = {name: archive.read(name) for name in archive.namelist()}
        root = next(_xml(files["META-INF/container.xml"]).iter(_ROOTFILE)).get("full-path")
        package = _xml(files[root])
        folder = posixpath.dirname(root)
        items = {item.get("id"): item for item in package.iter(f"{OPF}item")}
        spine = [items[reference.get("idref")] for reference in package.iter(f"{OPF}itemref")]
        documents = {(path := resolve(folder, i.get("href"))): _xml(files[path]) for i in spine}
        navs = (i for i in items.values() if "nav" in i.get("properties", "").split())
        navigation = resolve(folder, next(navs).get("href"))
        documents.setdefault(navigation, _xml(files[navigation]))
    except (KeyError, StopIteration, zipfile.BadZipFile, zlib.error, etree.LxmlError, ValueError) as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error
    covers = (
        p for p, tree in documents.items() if any("cover" in b.get(TYPE, "") for b in elements(tree, "body"))
    )
    return Book(files, package, documents, navigation, next(covers, ""))


def _xml(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
