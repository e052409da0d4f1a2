"""Tags: the structure of the HTML in the PDF, one element for one element.

WeasyPrint 70 tags boxes: an element that crosses a page becomes several, running feet are read aloud,
languages and abbreviations are lost. Here the structure is built from the HTML before anything is
painted, and each painted run finds its place in it. All state belongs to one document and its boxes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import pydyf
import weasyprint.document
import weasyprint.pdf
from weasyprint.pdf import stream

from pipeline.renderers.pdf.tagging.destinations import write_destinations
from pipeline.renderers.pdf.tagging.emit import emit
from pipeline.renderers.pdf.tagging.gate import collect, collect_links, require_every_text
from pipeline.renderers.pdf.tagging.links import is_own, named
from pipeline.renderers.pdf.tagging.marks import marked
from pipeline.renderers.pdf.tagging.placing import place_boxes
from pipeline.renderers.pdf.tagging.tree import build

__all__ = ["PATCHED", "install"]

# What of WeasyPrint is replaced: a test says when another version has them no more.
PATCHED = (
    "weasyprint.document.generate_pdf",
    "weasyprint.pdf.add_links",
    "weasyprint.pdf.add_tags",
    "weasyprint.pdf.stream.Stream.marked",
)


def install() -> None:
    """Let every PDF made from now on be tagged by its HTML."""
    if hasattr(weasyprint.document.generate_pdf, "__wrapped__"):
        return
    weasyprint.document.generate_pdf = _placed(weasyprint.document.generate_pdf)
    weasyprint.pdf.add_links = named(weasyprint.pdf.add_links)
    weasyprint.pdf.add_tags = add_tags
    stream.Stream.marked = marked


def _placed(generate: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(generate)
    def generate_pdf(document: Any, target: Any, zoom: float, **options: Any) -> Any:
        variant = str(options["pdf_variant"])
        body = document._html.etree_element.find("body")
        document.structure = build(body, second=variant.startswith("pdf/a-4"))
        place_boxes(document.pages, document.structure)
        return generate(document, target, zoom, **options)

    return generate_pdf


def add_tags(pdf: Any, document: Any, _: Any, page_streams: list[Any]) -> None:
    """Write the structure of a painted document (takes the place of WeasyPrint's `add_tags`).

    Raises `RenderError` for content without a place, and for text of the HTML that was not painted.
    """
    tree = document.structure
    for number, (page, content) in enumerate(zip(document.pages, page_streams, strict=True)):
        collect(number, content._tags)
        collect_links(tree, number, [link[3] for link in page.links if is_own(link[3])])
    require_every_text(tree)
    state = emit(pdf, tree, [page.height for page in document.pages])
    if tree.second:
        write_destinations(state)
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
