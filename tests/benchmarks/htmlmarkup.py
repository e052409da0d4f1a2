"""A leaflet as HTML: the page that WeasyPrint prints, and a plain one that pandoc converts."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from benchmarks.organisations import Words
from pipeline.document import Image, TranslatedDocument, plain_text
from pipeline.editions import Layout
from pipeline.renderers.content import blocks, front_matter
from pipeline.renderers.elements import content, element
from pipeline.renderers.pdf.page import page
from pipeline.renderers.pdf.stylesheet import stylesheets

# Where the panel of an organisation goes.
END = "</body>"


def print_page(translated: TranslatedDocument, layout: Layout) -> tuple[str, dict[str, str], tuple[str, ...]]:
    """Return the very page that we lay out: its HTML, its drawings by address, its stylesheets.

    Our own tags take the words for a drawing from the box around it, WeasyPrint's from the picture.
    """
    drawings: dict[str, str] = {}
    made = page(translated, layout, drawings)
    for box in made.iterfind(".//div[@role='img']"):
        for picture in box.iterfind("img"):
            picture.set("alt", box.attrib.pop("aria-label"))
        del box.attrib["role"]
    html = _text(made)
    styles = []
    for css in stylesheets(translated, layout):
        for face in layout.faces:
            for _, path in face.files:
                css = css.replace(f"url(font:{path.name})", f"url({path.as_uri()})")  # noqa: PLW2901
        styles.append(css)
    return html, drawings, tuple(styles)


def plain_page(translated: TranslatedDocument, drawings: Mapping[str, str]) -> str:
    """Return the leaflet as a page without any look; `drawings` are the files of the pictures.

    pandoc forgets the anchors of list items and terms, so that they stand in front of the words; and it
    takes a call with its role for a footnote of its own making.
    """

    def picture(image: Image) -> ET.Element:
        return element("img", src=drawings[image.drawing.path], alt=plain_text(image.alt.children))

    to = content(translated, picture)
    title = plain_text(translated.document.front.title.children)
    head = element("head", element("meta", charset="utf-8"), element("title", title))
    body = element("body", *front_matter(translated, to), *blocks(translated.document.blocks, to))
    for item in body.iter():
        if item.get("role") == "doc-noteref":
            del item.attrib["role"]
        if item.tag in ("dt", "li") and "id" in item.attrib:
            anchor = element("span", id=item.attrib.pop("id"))
            anchor.tail, item.text = item.text, None
            item.insert(0, anchor)
    return _text(element("html", head, body, lang=translated.language.tag, dir=translated.language.direction))


def panel(details: Mapping[str, str], words: Words) -> str:
    """Return the panel of an organisation: the last section of the page."""
    phone, web, email = details["phone"], details["web"], details["email"]
    return _text(
        element(
            "section",
            element("h2", words.heading),
            element("p", element("img", src=details["logo"], alt=details["logo-alt"], width="160")),
            element("p", element("strong", f"{words.provided} {details['name']}")),
            element("p", f"{words.address} ", _isolated(details["address"])),
            element("p", f"{words.phone} ", _isolated(phone, f"tel:{phone.replace(' ', '')}")),
            element("p", f"{words.emergency} ", _isolated(details["emergency"])),
            element("p", _isolated(web, web)),
            element("p", _isolated(email, f"mailto:{email}")),
            element("p", element("img", src=details["code"], alt=web, width="120")),
        )
    )


def _isolated(text: str, address: str | None = None) -> ET.Element:
    """Return text that runs from left to right in any surroundings."""
    return element("bdi", element("a", text, href=address) if address else text, dir="ltr")


def _text(node: ET.Element) -> str:
    return ET.tostring(node, encoding="unicode", method="html")
