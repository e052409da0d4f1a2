"""Grafting: an organization's page into a finished PDF, in the place of the one that stands last.

What every copy has in common is laid out once. A copy takes it byte for byte and gets one page of its
own, with that page's part of the structure tree, its links and its fonts. PDF/UA and PDF/A hold of the
whole as they held of the parts: the page comes from the same engine and the same tagger.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, StreamDecodeLevel

from pipeline.diagnostics import RenderError
from pipeline.document import TranslatedDocument
from pipeline.editions import Layout
from pipeline.passport import Passport
from pipeline.renderers.pdf.conformance import BASES, record, settle_streams
from pipeline.renderers.pdf.engine import lay_out, strict
from pipeline.renderers.pdf.page import last_page
from pipeline.renderers.pdf.stylesheet import Place, stylesheets

# Stands for the page while elements are between two files: a page itself must not be copied with them.
_HERE = Name("/Here")


def page_alone(translated: TranslatedDocument, layout: Layout, *, number: int) -> bytes | None:
    """Return the PDF of a document of one page, which is to be the page `number` and the last of another.

    Returns None if the document needs more than one page. Raises `RenderError`.
    """
    pictures: dict[str, bytes] = {}
    html = ET.tostring(last_page(translated, pictures), encoding="unicode", method="html")
    sheets = stylesheets(translated, layout, Place(number, number))
    with strict():
        laid_out = lay_out(html, sheets, faces=layout.stack, pictures=pictures, variant=BASES[""])
        if len(laid_out.pages) != 1:
            return None
        made: bytes = laid_out.write_pdf(
            pdf_variant=BASES[""], pdf_tags=True, pdf_identifier=b"page", finisher=settle_streams
        )
    return made


def graft(stencil: bytes, page: bytes, *, before: Passport, after: Passport) -> bytes:
    """Return `stencil` with its last page replaced by `page`, and its passport by another.

    The stencil's last page must be a section of its own, as that of an overlay is. Raises `RenderError`
    if it is none.
    """
    with Pdf.open(io.BytesIO(stencil)) as pdf, Pdf.open(io.BytesIO(page)) as own:
        _replace_page(pdf, own)
        _replace_passport(pdf, before, after)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            compress_streams=True,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.preserve,
            fix_metadata_version=False,
        )
    return out.getvalue()


def _replace_page(pdf: Pdf, own: Pdf) -> None:
    target, source = pdf.pages[-1].obj, own.pages[0].obj
    document, own_document = (root.K[0] for root in (pdf.Root.StructTreeRoot, own.Root.StructTreeRoot))
    parents, own_parents = (_numbers(f.Root.StructTreeRoot.ParentTree) for f in (pdf, own))
    gone = {int(annotation.StructParent) for annotation in _linked(target)}
    _require_last(document.K[-1], parents, target)
    section = own_document.K[-1]
    del section.P
    for element in _placed(section):
        element.Pg = _HERE
    # One object, so that what its parts share is shared in the copy.
    bundle = pdf.copy_foreign(
        own.make_indirect(
            Dictionary(
                Contents=source.Contents,
                Resources=source.Resources,
                Annots=source.get("/Annots", Array()),
                Section=section,
                Marked=own_parents[int(source.StructParents)],
                Linked=Array([own_parents[int(a.StructParent)] for a in _linked(source)]),
            )
        )
    )
    for name in ("/Contents", "/Resources", "/Annots"):
        target[name] = bundle[name]
    bundle.Section.P = document
    document.K[-1] = bundle.Section
    for element in _placed(bundle.Section):
        element.Pg = target
    kept = {number: entry for number, entry in parents.items() if number not in gone}
    kept[int(target.StructParents)] = bundle.Marked
    first = max(kept) + 1
    for offset, (annotation, element) in enumerate(zip(_linked(target), bundle.Linked, strict=True)):
        annotation.StructParent = first + offset
        kept[first + offset] = element
    pairs = [part for number in sorted(kept) for part in (number, kept[number])]
    pdf.Root.StructTreeRoot.ParentTree.Nums = Array(pairs)


def _require_last(section: Object, parents: dict[int, Any], page: Object) -> None:
    """Raise `RenderError` unless all of a page belongs to a section: else content would lose its tags."""
    inside = {element.objgen for element in _placed(section) if element.is_indirect}
    marked = parents[int(page.StructParents)]
    if not all(element.objgen in inside for element in marked):
        raise RenderError("the last page is not a section of its own: there is no place for another")


def _linked(page: Object) -> list[Any]:
    """Return the annotations of a page that belong to a structure element."""
    return [a for a in page.get("/Annots", Array()) if "/StructParent" in a]


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


def _replace_passport(pdf: Pdf, before: Passport, after: Passport) -> None:
    """Put another passport into the metadata, which is plain XML (ISO 19005-2, 6.6.2.1)."""
    old, xml = record(before).encode(), pdf.Root.Metadata.read_raw_bytes()
    if xml.count(old) != 1:
        raise RenderError("the metadata do not have the passport that is to be replaced")
    pdf.Root.Metadata.write(xml.replace(old, record(after).encode()))
