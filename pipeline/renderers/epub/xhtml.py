"""Content documents of an e-book: XHTML with language, direction and page markers."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from importlib.resources import files

from pipeline.languages import Language
from pipeline.renderers.elements import element

STYLESHEET_NAME = "style.css"
STYLESHEET = (files("pipeline.renderers") / "styles" / "ebook.css").read_text("utf-8")

OPS = "http://www.idpf.org/2007/ops"


def document_bytes(
    title: str, elements: Iterable[ET.Element], *, language: Language, large: bool, kind: str = ""
) -> bytes:
    """Return an XHTML document; `kind` is the epub:type of its body."""
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("title", title),
            element("link", rel="stylesheet", type="text/css", href=STYLESHEET_NAME),
        ),
        element("body", *elements, class_="large" if large else None),
        xmlns="http://www.w3.org/1999/xhtml",
        lang=language.tag,
        dir=language.direction,
    )
    page.set("xmlns:epub", OPS)
    page.set("xml:lang", language.tag)
    if kind:
        page[1].set("epub:type", kind)
    for node in page.iter():
        # XHTML readers take the language from xml:lang, HTML readers from lang; they must agree.
        if node is not page and node.get("lang"):
            node.set("xml:lang", node.get("lang", ""))
    text = ET.tostring(page, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n{text}\n'.encode()


def mark_pages(elements: Iterable[ET.Element], pages: Mapping[str, int], last: int) -> tuple[list[int], int]:
    """Put a marker where each new page of the print begins. Return the pages marked and the last one.

    A marker stands at the first segment that begins on its page: that is the place which print and book
    have in common. A page on which none begins (a long segment or the printed contents run over it) is
    marked with the next one, so that no page is missing (EPUB Accessibility 1.1, 3.3).
    """
    found: list[int] = []
    for top in elements:
        parents = {child: parent for parent in top.iter() for child in parent}
        for node in list(top.iter()):
            number = _begins(node, pages)
            if number <= last or node.tag in _WITHOUT_TEXT:
                continue
            markers = [_marker(n) for n in range(last + 1, number + 1)]
            if node in parents and node.tag in _HEADINGS:  # a number in a heading would be read as its words
                at = list(parents[node]).index(node)
                parents[node][at:at] = markers
            else:
                markers[-1].tail, node.text = node.text, None
                node[0:0] = markers
            found += range(last + 1, number + 1)
            last = number
    return found, last


_WITHOUT_TEXT = frozenset({"table", "ul", "ol", "dl", "img"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def _begins(node: ET.Element, pages: Mapping[str, int]) -> int:
    """Return the page on which a segment begins, 0 for what is none; a section begins with its heading."""
    name = node.get("id", "")
    return pages.get(f"{name}_heading", pages.get(name.removesuffix("_heading"), 0))


def _marker(number: int) -> ET.Element:
    """Return an empty element, never hidden by the style: what has no box cannot be jumped to."""
    marker = element(
        "span", id=f"page_{number}", class_="pagebreak", role="doc-pagebreak", aria_label=str(number)
    )
    marker.set("epub:type", "pagebreak")
    return marker
