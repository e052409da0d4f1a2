"""PDF: the printed page, tagged; PDF/UA-1 and PDF/A-2a in one file, or PDF/UA-2, WTPDF and PDF/A-4.

WeasyPrint lays the page out. It sees no font but the edition's own, fetches nothing but what the
document carries, and every warning that it logs fails the rendition.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from pipeline.document import TranslatedDocument
from pipeline.editions import Layout, Rendition
from pipeline.passport import Passport
from pipeline.renderers.pdf.conformance import BASES, identify, settle_streams
from pipeline.renderers.pdf.engine import lay_out, pango_version, strict
from pipeline.renderers.pdf.page import page
from pipeline.renderers.pdf.room import without_room
from pipeline.renderers.pdf.stylesheet import stylesheets

__all__ = ["pango_version", "render"]


def render(
    translated: TranslatedDocument,
    layout: Layout,
    *,
    variant: str = "",
    passport: Passport | None = None,
) -> Rendition:
    """Return the PDF of `translated`, with the page on which each anchor begins. Raises `RenderError`.

    `variant` is "" for PDF/UA-1 with PDF/A-2a, `ua-2` for PDF/UA-2 with WTPDF 1.0 and PDF/A-4.
    """
    base = BASES[variant]
    pictures: dict[str, bytes] = {}
    html = ET.tostring(page(translated, layout, pictures), encoding="unicode", method="html")
    sheets = stylesheets(translated, layout)
    with strict():
        laid_out = lay_out(html, sheets, faces=layout.stack, pictures=pictures, variant=base)
        identify(laid_out.metadata, translated.language.tag, variant, passport=passport)
        data = laid_out.write_pdf(
            pdf_variant=base,
            pdf_tags=True,
            pdf_identifier=_identifier(translated, layout, variant),
            finisher=settle_streams,
        )
    page_of: dict[str, int] = {}
    for number, sheet in enumerate(laid_out.pages, start=1):
        for anchor in sheet.anchors:  # what is broken over pages is on each of them
            page_of.setdefault(anchor, number)
    found = without_room(translated, layout)
    return Rendition(data, pages=len(laid_out.pages), page_of=page_of, diagnostics=found)


def _identifier(translated: TranslatedDocument, layout: Layout, variant: str) -> bytes:
    name = f"{translated.document.slug}/{translated.language.tag}/{layout.edition.name}/{layout.paper.name}"
    suffix = f"/{variant}" if variant else ""
    return f"{name}/{translated.document.version}{suffix}".encode()
