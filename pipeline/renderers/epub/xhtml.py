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

    A marker stands inside the first segment that begins on its page: that is the place which print
    and book have in common.
    """
    found: list[int] = []
    for top in elements:
        for node in list(top.iter()):
            number = pages.get(node.get("id", ""), 0)
            if number <= last or node.tag in ("table", "ul", "ol", "dl", "img"):
                continue
            marker = element(
                "span", id=f"page_{number}", class_="pagebreak", role="doc-pagebreak", aria_label=str(number)
            )
            marker.set("epub:type", "pagebreak")
            marker.tail, node.text = node.text, None
            node.insert(0, marker)
            found.append(number)
            last = number
    return found, last
