"""A leaflet as HTML: the page that WeasyPrint prints, and a plain one that pandoc converts."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from pipeline.document import Image, Picture, TranslatedDocument, plain_text
from pipeline.editions import Layout
from pipeline.renderers.content import blocks, front_matter
from pipeline.renderers.elements import content, element
from pipeline.renderers.pdf.page import page
from pipeline.renderers.pdf.stylesheet import stylesheets


def print_page(translated: TranslatedDocument, layout: Layout) -> tuple[str, dict[str, bytes]]:
    """Return the very page that we lay out, and its pictures by address.

    Our own tags take the words for a drawing from the box around it, WeasyPrint's from the picture.
    """
    pictures: dict[str, bytes] = {}
    made = page(translated, layout, pictures)
    for box in made.iterfind(".//div[@role='img']"):
        for picture in box.iterfind("img"):
            picture.set("alt", box.attrib.pop("aria-label"))
        del box.attrib["role"]
    return _text(made), pictures


def print_styles(translated: TranslatedDocument, layout: Layout) -> list[str]:
    """Return the stylesheets of that page, the fonts by their addresses on this machine."""
    styles = []
    for css in stylesheets(translated, layout):
        for face in layout.faces:
            for _, path in face.files:
                css = css.replace(f"url(font:{path.name})", f"url({path.as_uri()})")  # noqa: PLW2901
        styles.append(css)
    return styles


def plain_page(translated: TranslatedDocument, files: Mapping[str, str]) -> str:
    """Return the leaflet as a page without any look; `files` are those of the pictures.

    pandoc forgets the anchors of list items and terms, so that they stand in front of the words; and it
    takes a call with its role for a footnote of its own making.
    """

    def drawing(image: Image) -> ET.Element:
        return element("img", src=files[image.drawing.path], alt=plain_text(image.alt.children))

    def bitmap(picture: Picture) -> ET.Element:
        width = f"width:{picture.width:.1f}mm"
        return element("img", src=files[picture.name], alt=plain_text(picture.alt.children), style=width)

    to = content(translated, drawing, bitmap)
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


def _text(node: ET.Element) -> str:
    return ET.tostring(node, encoding="unicode", method="html")
