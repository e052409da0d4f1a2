"""Word: a document that ordinary people can edit, print large and listen to.

The text is in real styles of a small set of our own; headings, lists, tables, links and languages
are what Word knows them as, so that a screen reader hears the same structure as in every other
format. Nothing depends on the time or the machine: the same leaflet gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.opc import phys_pkg

from pipeline.document import TranslatedDocument
from pipeline.editions import Layout, Rendition
from pipeline.passport import Passport
from pipeline.renderers.docx.base import package
from pipeline.renderers.docx.blocks import blocks
from pipeline.renderers.docx.front import contents, cover, foot, page
from pipeline.renderers.docx.inlines import begin
from pipeline.renderers.package import repack


def render(translated: TranslatedDocument, layout: Layout, *, passport: Passport | None = None) -> Rendition:
    """Return `translated` as a Word document. Raises `RenderError` if a picture cannot be drawn."""
    document = translated.document
    word: WordDocument = docx.Document(io.BytesIO(package(translated, layout, passport)))
    to = begin(translated, layout, part=word.part, lists=word.part.numbering_part.element)
    footer, relation = word.part.add_footer_part()  # type: ignore[no-untyped-call]
    for old in list(footer.element):
        footer.element.remove(old)
    footer.element.append(foot(to))
    body = word.element.body
    body.extend(
        (
            *cover(to),
            *(contents(to) if document.contents else ()),
            *blocks(document.blocks, to),
            page(layout, relation),
        )
    )
    out = io.BytesIO()
    with _uncompressed():
        word.save(out)
    return Rendition(repack(out.getvalue()))


@contextmanager
def _uncompressed() -> Iterator[None]:
    """Let python-docx write its package as it is: it is packed anew, and all of it would be twice."""
    writer: Any = phys_pkg
    usual, writer.ZIP_DEFLATED = writer.ZIP_DEFLATED, zipfile.ZIP_STORED
    try:
        yield
    finally:
        writer.ZIP_DEFLATED = usual
