"""The package: EbookLib's writer, kept from changing what it is given.

EbookLib 0.20 parses XHTML again as HTML, adds attributes that the standard forbids, leaves out the
package's language and direction, and stamps the present time. Each method here undoes one of these.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ebooklib import epub
from lxml import etree

from pipeline.document import TranslatedDocument, plain_text
from pipeline.passport import NAMESPACE, PREFIX, PROPERTY, Passport, to_json
from pipeline.renderers.front import status_label

_XML = "{http://www.w3.org/XML/1998/namespace}"
_ORDER = (
    "identifier",
    "title",
    "language",
    "creator",
    "contributor",
    "publisher",
    "description",
    "date",
    "rights",
)

_FEATURES = (
    "structuralNavigation",
    "tableOfContents",
    "alternativeText",
    "longDescription",
    "readingOrder",
    "displayTransformability",
    "unlocked",
)


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the book: name below the content folder, bytes, media type."""

    name: str
    data: bytes
    media_type: str

    @property
    def id(self) -> str:
        """The manifest id: a valid XML name made from the file's name."""
        return "r-" + "".join(c if c.isalnum() else "-" for c in self.name)


class _Verbatim(epub.EpubHtml):  # type: ignore[misc]
    """A content document written byte for byte."""

    def __init__(self, resource: Resource, *, title: str, properties: Sequence[str] = ()) -> None:
        super().__init__(
            uid=resource.id, file_name=resource.name, media_type=resource.media_type, title=title
        )
        etree.fromstring(resource.data)  # what is not well-formed must fail here, not in a reader's hands
        self.content = resource.data
        self.properties = list(properties)

    def get_content(self, _: object = None) -> bytes:
        """Return the bytes as they were given."""
        return bytes(self.content)


class _Zip(zipfile.ZipFile):
    """A zip that is the same for the same input: fixed time, mode and system for every entry."""

    def writestr(self, name: Any, data: Any, compress_type: int | None = None, _: int | None = None) -> None:
        info = zipfile.ZipInfo(str(name), (1980, 1, 1, 0, 0, 0))
        info.create_system, info.external_attr = 3, 0o644 << 16
        info.compress_type = zipfile.ZIP_DEFLATED if compress_type is None else compress_type
        super().writestr(info, data, compresslevel=9)


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """Orders the package and adds what EbookLib leaves out."""

    def _write_opf_file(self, root: Any) -> None:
        book = self.book
        root.set(f"{_XML}lang", book.language)
        root.set("dir", book.direction)
        root.attrib.pop("prefix", None)
        if book.prefixes:
            root.set("prefix", " ".join(book.prefixes))
        metadata = root.find("metadata")
        for node in list(metadata):
            if node.get("name") == "generator":
                metadata.remove(node)
        root.find("spine").attrib.pop("toc", None)
        metadata[:] = sorted(metadata, key=_rank)
        etree.cleanup_namespaces(metadata)
        super()._write_opf_file(root)

    def write(self) -> None:
        """Write the book to the stream that stands for its file."""
        with _Zip(self.file_name, "w", zipfile.ZIP_DEFLATED) as self.out:
            self.out.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
            self._write_container()
            self._write_opf()
            self._write_items()


def _rank(node: Any) -> tuple[int, int]:
    """Sort Dublin Core first, in a fixed order; the rest stays as it came."""
    name = etree.QName(node)
    if not name.namespace:
        return (1, 0)
    return (0, _ORDER.index(name.localname) if name.localname in _ORDER else len(_ORDER))


def make_book(
    translated: TranslatedDocument,
    *,
    identifier: str,
    large: bool,
    print_edition: str,
    cover: Resource,
    cover_page: Resource,
    nav: Resource,
    texts: Sequence[Resource],
    others: Sequence[Resource],
    passport: Passport | None,
) -> epub.EpubBook:
    """Return the book with its metadata, manifest and spine."""
    document, language = translated.document, translated.language
    title = plain_text(document.front.title.children)
    book = epub.EpubBook()
    book.set_identifier(f"urn:uuid:{identifier}")
    book.set_title(title)
    book.set_language(language.tag)
    book.direction = language.direction
    book.add_metadata("DC", "description", plain_text(document.front.summary.children))
    book.add_metadata("DC", "date", document.revision.isoformat())
    if document.licence:
        book.add_metadata("DC", "rights", document.licence)
    for number, author in enumerate(document.authors, start=1):
        book.add_author(author, uid=f"creator-{number}")
    for name, value in _accessibility(translated, large=large, print_edition=print_edition):
        book.add_metadata(None, "meta", value, {"property": name})
    if passport:
        book.prefixes = [f"{PREFIX}: {NAMESPACE}"]
        book.add_metadata(None, "meta", to_json(passport), {"property": f"{PREFIX}:{PROPERTY}"})
    pages = [_page(resource, title) for resource in (cover_page, *texts)]
    contents = _Verbatim(nav, title=title, properties=["nav"])
    for page in (*pages, contents):
        book.add_item(page)
    for other in others:
        book.add_item(
            epub.EpubItem(uid=other.id, file_name=other.name, media_type=other.media_type, content=other.data)
        )
    image = epub.EpubItem(uid=cover.id, file_name=cover.name, media_type=cover.media_type, content=cover.data)
    image.properties = ["cover-image"]
    book.add_item(image)
    book.spine = [*pages[:2], contents, *pages[2:]]
    return book


def _page(resource: Resource, title: str) -> _Verbatim:
    """Return a content document; one with a drawing in it must say so (EPUB 3.3, D.8)."""
    return _Verbatim(resource, title=title, properties=["svg"] if b"<svg" in resource.data else [])


def _accessibility(
    translated: TranslatedDocument, *, large: bool, print_edition: str
) -> list[tuple[str, str]]:
    """Return the metadata of EPUB Accessibility 1.1. Conformance is claimed only after a human's review."""
    features = [*_FEATURES]
    if large:
        features.append("largePrint")
    if print_edition:
        features += ["pageBreakMarkers", "pageNavigation"]
    found = [
        ("schema:accessMode", "textual"),
        ("schema:accessMode", "visual"),
        ("schema:accessModeSufficient", "textual"),
        *(("schema:accessibilityFeature", feature) for feature in features),
        ("schema:accessibilityHazard", "none"),
        ("schema:accessibilitySummary", f"{translated.labels['accessibility']} {status_label(translated)}."),
    ]
    if print_edition:
        found.append(("pageBreakSource", print_edition))
    return found


def write_book(book: epub.EpubBook, *, modified: datetime) -> bytes:
    """Return the bytes of `book`; `modified` is the revision of its source, in UTC."""
    stream = io.BytesIO()
    writer = _Writer(stream, book, {"mtime": modified, "raise_exceptions": True})
    writer.process()
    writer.write()
    return stream.getvalue()
