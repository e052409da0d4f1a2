"""The stub: a finished PDF without its last page, prepared once: copies are put together, not parsed.

Its objects stay as they are, byte for byte. What differs between copies has a number kept for it: the
last page's content, resources and links, its part of the structure tree, the way back from content to
elements, the metadata. A copy is the stub's objects, its own, and a cross-reference stream over both
(ISO 32000-1, 7.5.7 and 7.5.8).
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from pikepdf import Array, Dictionary, Object, ObjectStreamMode, Pdf, StreamDecodeLevel

from pipeline.diagnostics import RenderError

# Bytes of the three fields of a cross-reference row: kind, offset or object stream, generation or index.
WIDTHS = (1, 4, 2)
_Row: TypeAlias = tuple[int, int, int]

_OBJECT = re.compile(rb"(\d+) 0 obj")


@dataclass(frozen=True, slots=True)
class Kept:
    """The numbers of objects: those that a copy must write, and those that it refers to."""

    contents: int
    resources: int
    annotations: int
    section: int
    parents: int
    metadata: int
    table: int
    page: int
    document: int
    colors: int

    @property
    def written(self) -> frozenset[int]:
        """The numbers that stand for nothing until a copy writes them; `table` is the cross-reference."""
        slots = (self.contents, self.resources, self.annotations, self.section, self.parents)
        return frozenset((*slots, self.metadata, self.table))


@dataclass(frozen=True, slots=True)
class Stub:
    """A PDF without its last page.

    `rows` are the cross-reference rows of its objects, by number. `parents` are the entries of the
    number tree before and behind that of the page, which has the key `number`; `links` is the first
    key that is free. `metadata` are the stencil's; `trailer` is what the
    trailer says beside the file's second identifier, `digest` that of the body so far.
    """

    body: bytes
    rows: bytes
    kept: Kept
    parents: tuple[bytes, bytes]
    number: int
    links: int
    metadata: bytes
    trailer: bytes
    identifier: bytes
    digest: Any


# A job makes the copies of one handout in one language: an entry for each edition and paper.
@lru_cache(maxsize=8)
def prepare(stencil: bytes) -> Stub:
    """Return the stub of a stencil.

    The stencil's last page must be a section of its own, as that of an overlay is. Raises `RenderError`
    if it is none.
    """
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(stencil)) as pdf:
        number, links = _empty_last_page(pdf)
        pdf.save(
            out,
            deterministic_id=True,
            compress_streams=True,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
    saved = out.getvalue()
    with Pdf.open(io.BytesIO(saved)) as pdf:
        start = int(saved.rpartition(b"startxref")[2].split()[0])
        found = _OBJECT.match(saved, start)
        if found is None:
            raise RenderError("the stencil has no cross-reference stream")
        kept = _kept(pdf, int(found[1]))
        body, rows = _body(saved, dict(_rows(pdf.get_object((kept.table, 0)))), kept.written)
        tree, xml = pdf.Root.StructTreeRoot.ParentTree, pdf.Root.Metadata.read_raw_bytes()
        if 0 in dataclasses.astuple(kept):
            raise RenderError("the stencil has not the shape that a page can be put into")
        return Stub(
            body=body,
            rows=rows,
            kept=kept,
            parents=(tree.Before.unparse()[1:-1], tree.After.unparse()[1:-1]),
            number=number,
            links=links,
            metadata=xml,
            trailer=b"/Root %s /Info %s" % (pdf.trailer.Root.unparse(), _reference(pdf.trailer.Info)),
            identifier=bytes(pdf.trailer.ID[0]),
            digest=hashlib.md5(body, usedforsecurity=False),
        )


def _reference(entry: Object) -> bytes:
    number, generation = entry.objgen
    return b"%d %d R" % (number, generation)


def _empty_last_page(pdf: Pdf) -> tuple[int, int]:
    """Put empty objects in the place of all that belongs to the last page.

    Returns the page's key in the number tree, and the first that is free behind all that stay.
    """
    target, root = pdf.pages[-1].obj, pdf.Root.StructTreeRoot
    document, number = root.K[0], int(target.StructParents)
    parents = _numbers(root.ParentTree)
    gone = {
        int(annotation.StructParent)
        for annotation in target.get("/Annots", Array())
        if "/StructParent" in annotation
    }
    _require_last(document.K[-1], parents[number])
    target.Contents = pdf.make_stream(b"")
    # Streams stand alone in a file, and leave nothing in it; but a page with these is repaired.
    target.Resources, target.Annots = pdf.make_indirect(Dictionary()), pdf.make_indirect(Array())
    document.K[-1] = pdf.make_stream(b"")
    kept = {key: entry for key, entry in sorted(parents.items()) if key not in gone and key != number}
    before = [part for key, entry in kept.items() if key < number for part in (key, entry)]
    after = [part for key, entry in kept.items() if key > number for part in (key, entry)]
    root.ParentTree = pdf.make_stream(b"", Before=Array(before), After=Array(after))
    return number, max((number, *kept)) + 1


def _require_last(section: Object, marked: Object) -> None:
    """Raise `RenderError` unless all of a page belongs to a section: else content would lose its tags."""
    inside = {element.objgen for element in _placed(section) if element.is_indirect}
    if not all(element.objgen in inside for element in marked):
        raise RenderError("the last page is not a section of its own: there is no place for another")


def _placed(element: Object) -> Iterator[Any]:
    """Yield each dictionary below a structure element that names its page."""
    if "/Pg" in element:
        yield element
    kids = element.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary):
            yield from _placed(kid)


def _numbers(tree: Object) -> dict[int, Any]:
    """Return the entries of a number tree of one node, as our tagger writes it."""
    flat = list(tree.Nums)
    return {int(number): entry for number, entry in zip(flat[::2], flat[1::2], strict=True)}


def _kept(pdf: Pdf, table: int) -> Kept:
    page, root = pdf.pages[-1].obj, pdf.Root.StructTreeRoot
    found: Mapping[str, Object] = {
        "contents": page.Contents,
        "resources": page.Resources,
        "annotations": page.Annots,
        "section": root.K[0].K[-1],
        "parents": root.ParentTree,
        "metadata": pdf.Root.Metadata,
        "page": page,
        "document": root.K[0],
        "colors": pdf.pages[0].obj.Resources.ColorSpace,
    }
    return Kept(table=table, **{name: entry.objgen[0] for name, entry in found.items()})


def _rows(table: Any) -> Iterator[tuple[int, _Row]]:
    """Yield the number and the row of each object of a cross-reference stream."""
    first, second, third = (int(width) for width in table.W)
    data, size = table.read_bytes(), first + second + third
    for number in range(int(table.Size)):
        row = data[number * size : (number + 1) * size]
        fields = row[:first], row[first : first + second], row[first + second :]
        kind, place, index = (int.from_bytes(field, "big") for field in fields)
        yield number, (kind, place, index)


def _body(saved: bytes, rows: dict[int, _Row], left_out: frozenset[int]) -> tuple[bytes, bytes]:
    """Return a file's objects but those that are left out, and the rows that say where each stands."""
    alone = sorted((place, number) for number, (kind, place, _) in rows.items() if kind == 1)
    ends = [place for place, _ in alone[1:]] + [len(saved)]
    parts, at = [saved[: alone[0][0]]], alone[0][0]
    for (place, number), end in zip(alone, ends, strict=True):
        if number not in left_out:
            parts.append(saved[place:end])
            rows[number] = (1, at, 0)
            at += end - place
    return b"".join(parts), b"".join(packed(rows[number]) for number in range(len(rows)))


def packed(row: _Row) -> bytes:
    """Return a cross-reference row as bytes."""
    return b"".join(field.to_bytes(width, "big") for field, width in zip(row, WIDTHS, strict=True))
