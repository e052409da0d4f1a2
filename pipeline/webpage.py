"""A page of the product itself: what lists, reports, tells; in English, whole in itself, without scripts."""

from __future__ import annotations

import base64
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib.resources import files

from pipeline.renderers.elements import element


def web_page(
    title: str, subtitle: str, *parts: ET.Element | None, nav: ET.Element | None = None, style: str = ""
) -> bytes:
    """Return a web page of `parts`, with a skip link, `nav` before its main part, and `style` added.

    Nothing runs and nothing is fetched but pictures beside the page (Content Security Policy).
    """
    css = (files("pipeline.renderers") / "styles" / "web.css").read_text("utf-8") + style
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' file: data:; base-uri 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", **{"http-equiv": "Content-Security-Policy"}, content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", css),
    )
    main = element(
        "main",
        element("header", element("h1", title), element("p", subtitle, class_="subtitle")),
        *parts,
        id="main",
        tabindex="-1",
    )
    skip = element("a", "Skip to the content", href="#main", class_="skip")
    page = element("html", head, element("body", skip, nav, main), lang="en", dir="ltr")
    return b"<!DOCTYPE html>\n" + ET.tostring(page, encoding="unicode", method="html").encode() + b"\n"


def records_table(caption: str, heads: tuple[str, ...], rows: Iterator[ET.Element]) -> ET.Element:
    """Return a table that becomes a list of records where the page is narrow."""
    body = element("tbody", *rows)
    for row in body:
        for cell, head in zip(row, heads, strict=True):
            cell.set("data-head", head)
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *(element("th", head, scope="col") for head in heads))),
        body,
        class_="responsive",
    )
