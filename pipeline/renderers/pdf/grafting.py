"""Grafting: an organization's page into a finished PDF, in the place of the one that stands last.

What every copy has in common is laid out once. A copy takes it byte for byte and gets one page of its
own, with that page's part of the structure tree, its links and its fonts. PDF/UA and PDF/A hold of the
whole as they held of the parts: the page comes from the same engine and the same tagger.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Any

import pydyf

from pipeline.diagnostics import RenderError
from pipeline.document import TranslatedDocument
from pipeline.editions import Layout
from pipeline.passport import Passport
from pipeline.renderers.pdf.conformance import BASES, record, settle
from pipeline.renderers.pdf.engine import lay_out_tree, paint, strict
from pipeline.renderers.pdf.page import last_page
from pipeline.renderers.pdf.stub import WIDTHS, Stub, packed, prepare
from pipeline.renderers.pdf.stylesheet import Place, stylesheets

# A reference; strings are matched first, so that nothing inside one is taken for it.
_REFERENCE = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>|\b(\d+) 0 R\b", re.DOTALL)
# Before `endstream` stands a line end that does not count: a stream must not end in one of its own.
_LINE_ENDS = (b"\r", b"\n")
_FREE = packed((0, 0, 65535))


def page_alone(translated: TranslatedDocument, layout: Layout, *, number: int) -> Any | None:
    """Return the objects of a document of one page, which is to be the page `number` and the last of another.

    Returns None if the document needs more than one page. Raises `RenderError`.
    """
    pictures: dict[str, bytes] = {}
    tree = last_page(translated, pictures)
    sheets = stylesheets(translated, layout, Place(number, number))
    with strict():
        laid_out = lay_out_tree(tree, sheets, faces=layout.stack, pictures=pictures, variant=BASES[""])
        return paint(laid_out, BASES[""]) if len(laid_out.pages) == 1 else None


def graft(stencil: bytes, page: Any, *, before: Passport, after: Passport) -> bytes:
    """Return `stencil` with its last page replaced by `page`, and its passport by another.

    The stencil's last page must be a section of its own, as that of an overlay is. Raises `RenderError`
    if it is none.
    """
    stub = prepare(stencil)
    writing = _Writing(page, stub, len(stub.rows) // sum(WIDTHS))
    writing.take_page()
    # The metadata are plain XML (ISO 19005-2, 6.6.2.1).
    old, xml = record(before).encode(), stub.metadata
    if xml.count(old) != 1:
        raise RenderError("the metadata do not have the passport that is to be replaced")
    xml = xml.replace(old, record(after).encode())
    writing.put_stream(stub.kept.metadata, b"<</Type /Metadata/Subtype /XML/Length %d>>" % len(xml), xml)
    return writing.finished()


@dataclass(slots=True)
class _Writing:
    """A copy while it is put together: numbers given so far, streams written, other objects waiting."""

    own: Any
    stub: Stub
    size: int
    numbers: dict[int, int] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)
    rows: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    streams: list[bytes] = field(default_factory=list)
    small: list[tuple[int, bytes]] = field(default_factory=list)
    at: int = 0

    def take_page(self) -> None:
        """Write the page's objects, in the order in which they are referred to."""
        self.at = len(self.stub.body)
        own, kept = self.own, self.stub.kept
        page = self._object(own.page_references[0])
        root = self._object(own.catalog["StructTreeRoot"])
        document = self._object(root["K"][0])
        marked, links = self._parents(root)
        annotations = page.get("Annots", pydyf.Array())
        self.numbers = {
            page.number: kept.page,
            document.number: kept.document,
            _number(self._object(page["Resources"])["ColorSpace"]): kept.colors,
        }
        for name, number in (
            (page["Contents"], kept.contents),
            (page["Resources"], kept.resources),
            (document["K"][-1], kept.section),
        ):
            self.numbers[_number(name)] = number
            self.waiting.append(_number(name))
        self.small.append((kept.annotations, self._moved(annotations.data)))
        keys = b"".join(b" %d %s" % (n, self._moved(link)) for n, link in enumerate(links, self.stub.links))
        nums = b"%s %d %s %s%s" % (
            self.stub.parents[0],
            self.stub.number,
            self._moved(marked.data),
            self.stub.parents[1],
            keys,
        )
        self.small.append((kept.parents, b"<</Nums [%s]>>" % nums))
        for number in self.waiting:  # which grows meanwhile
            self._put(own.objects[number], self.numbers[number])

    def _object(self, reference: bytes) -> Any:
        return self.own.objects[_number(reference)]

    def _parents(self, root: Any) -> tuple[Any, list[bytes]]:
        """Return what the page's content and each of its links leads back to; the links get their keys."""
        _, marked, *rest = self._object(root["ParentTree"])["Nums"]
        for thing in self.own.objects:
            if isinstance(thing, dict) and "StructParent" in thing:
                thing["StructParent"] += self.stub.links - 1
        return marked, rest[1::2]

    def _put(self, thing: Any, number: int) -> None:
        if isinstance(thing, pydyf.Stream):
            settle(thing)
            head, _, rest = thing.data.partition(b"\nstream\n")
            self.put_stream(number, self._moved(head), rest.removesuffix(b"\nendstream"))
        else:
            self.small.append((number, self._moved(thing.data)))

    def put_stream(self, number: int, head: bytes, content: bytes) -> None:
        """Write a stream that is finished; `head` is its dictionary."""
        self.rows[number] = (1, self.at, 0)
        made = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, content)
        self.streams.append(made)
        self.at += len(made)

    def _moved(self, data: bytes) -> bytes:
        """Return the text of an object with the numbers that what it refers to has in the copy."""
        return _REFERENCE.sub(self._renamed, data)

    def _renamed(self, found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return found[0]
        number = int(found[1])
        if number not in self.numbers:
            self.numbers[number] = self.size
            self.size += 1
            self.waiting.append(number)
        return b"%d 0 R" % self.numbers[number]

    def finished(self) -> bytes:
        """Return the file: the stub, the copy's streams, its other objects in one, the cross-reference."""
        self._put_small()
        stub, table = self.stub, self.stub.kept.table
        self.rows[table] = (1, self.at, 0)
        width = sum(WIDTHS)
        rows = bytearray(stub.rows)
        rows.extend(bytes(self.size * width - len(rows)))
        for number, row in self.rows.items():
            rows[number * width : (number + 1) * width] = packed(row)
        digest = stub.digest.copy()
        digest.update(b"".join(self.streams))
        rows_packed = zlib.compress(rows)
        if rows_packed.endswith(_LINE_ENDS):
            self.size += 1
            rows_packed = zlib.compress(rows + _FREE)  # another content has another checksum
        identifiers = b"/ID [<%s> <%s>]" % (stub.identifier.hex().encode(), digest.hexdigest().encode())
        head = b"<</Type /XRef/W [%d %d %d]/Size %d/Filter /FlateDecode/Length %d%s%s>>"
        head %= (*WIDTHS, self.size, len(rows_packed), stub.trailer, identifiers)
        start = self.at
        self.put_stream(table, head, rows_packed)
        return b"".join((stub.body, *self.streams, b"startxref\n%d\n%%%%EOF\n" % start))

    def _put_small(self) -> None:
        """Write what is no stream into an object stream (ISO 32000-1, 7.5.7)."""
        number = self.size
        self.size += 1
        places, at = [], 0
        for index, (key, data) in enumerate(self.small):
            self.rows[key] = (2, number, index)
            places.append(b"%d %d" % (key, at))
            at += len(data) + 1
        head = b" ".join(places) + b"\n"
        content = head + b"\n".join(data for _, data in self.small)
        while (squeezed := zlib.compress(content)).endswith(_LINE_ENDS):
            content += b"\n"
        extra = b"<</Type /ObjStm/N %d/First %d/Filter /FlateDecode/Length %d>>"
        self.put_stream(number, extra % (len(self.small), len(head), len(squeezed)), squeezed)


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
