"""The printed page as HTML: title, notices, contents, blocks, figures with their labels."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import partial

from pipeline.document import Drawing, Image, Picture, TranslatedDocument, plain_text
from pipeline.editions import MM_PER_PT, Layout
from pipeline.renderers.content import blocks, front_matter, toc_entries
from pipeline.renderers.drawing import LABEL_PITCH, draw_shapes, panel_width, place_labels
from pipeline.renderers.elements import Content, content, element
from pipeline.renderers.pdf.tables import fit_tables
from pipeline.renderers.phrases import voice

# The line around a panel.
_FRAME_PT = 1.0


def last_page(translated: TranslatedDocument, pictures: dict[str, bytes]) -> ET.Element:
    """Return the page with a document's blocks and nothing else; its bitmaps go to `pictures`, by address."""
    language = translated.language

    def drawing(image: Image) -> ET.Element:
        raise AssertionError(f"{image.drawing.path}: a page of an organization has no drawings")

    to = content(translated, drawing, partial(_bitmap, pictures=pictures))
    title = plain_text(translated.document.front.title.children)
    head = element("head", element("meta", charset="utf-8"), element("title", title))
    body = element("body", *blocks(translated.document.blocks, to))
    return element("html", head, body, lang=language.tag, dir=language.direction)


def page(translated: TranslatedDocument, layout: Layout, pictures: dict[str, bytes]) -> ET.Element:
    """Return the whole page; its drawings (SVG) and bitmaps (PNG) go to `pictures`, by address."""
    document, language = translated.document, translated.language
    front = document.front

    def picture(image: Image) -> ET.Element:
        address = f"drawing:{image.drawing.path}"
        shapes = draw_shapes(image.drawing, language=language)
        if _press(image.drawing, layout) < 1:
            shapes.set("preserveAspectRatio", "none")
        pictures[address] = ET.tostring(shapes)
        return _panel(image, address, layout)

    to = content(translated, picture, partial(_bitmap, pictures=pictures))
    date = document.revision.isoformat()
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("title", plain_text(front.title.children)),
        element("meta", name="description", content=plain_text(front.summary.children)),
        element("meta", name="author", content=", ".join(document.authors)) if document.authors else None,
        element("meta", name="dcterms.created", content=date),
        element("meta", name="dcterms.modified", content=date),
    )
    cover = element("header", *front_matter(translated, to))
    body = element(
        "body",
        cover,
        _contents(translated, to) if document.contents else None,
        *blocks(document.blocks, to),
    )
    fit_tables(body, translated, layout)
    _drop_ways_back(body)
    return element("html", head, body, lang=language.tag, dir=language.direction)


def _bitmap(picture: Picture, *, pictures: dict[str, bytes]) -> ET.Element:
    address = f"bitmap:{picture.name}"
    pictures[address] = picture.data
    size = f"width:{picture.width:.1f}mm;height:{picture.height:.1f}mm"
    return element("img", src=address, alt=plain_text(picture.alt.children), style=size)


def _contents(translated: TranslatedDocument, to: Content) -> ET.Element:
    entries = element("ol")
    for head, anchor in toc_entries(translated.document):
        words = element("a", plain_text(head.text.children), href=f"#{anchor}", **voice(head.text, to))
        number = element("a", href=f"#{anchor}", class_="page", title=plain_text(head.text.children))
        entries.append(element("li", words, "\u00a0\u00a0", number, class_=f"level-{head.level}"))
    return element(
        "nav",
        element("h2", to.labels["contents"], id="contents_"),
        entries,
        class_="contents",
        role="doc-toc",
    )


def _drop_ways_back(body: ET.Element) -> None:
    """Take out the links from the notes to the text, which say nothing on paper."""
    for item in body.iter("li"):
        for link in item.findall("a[@role='doc-backlink']"):
            item.remove(link)


def _press(drawing: Drawing, layout: Layout) -> float:
    """Return how far a drawing must be pressed not to reach the page number: 1 if not at all.

    Its labels keep their size, whatever the height of the paper.
    """
    margins = 2 * layout.edition.margin_mm / MM_PER_PT + layout.pitch_pt
    room = layout.page_pt[1] - margins - 2 * _FRAME_PT
    return min(1.0, room / (drawing.height * panel_width(layout) / drawing.width))


def _panel(image: Image, address: str, layout: Layout) -> ET.Element:
    """Return a drawing with its labels laid over it as text.

    WeasyPrint sets text inside SVG letter by letter, neither joined nor ordered, which no Arabic
    survives; text of the page itself is shaped as it should be.
    """
    drawing = image.drawing
    unit = panel_width(layout) / drawing.width
    height = drawing.height * unit * _press(drawing, layout)
    panel = element(
        "div",
        element("img", src=address, alt=""),
        class_="panel",
        role="img",
        aria_label=plain_text(image.alt.children),
        style=f"width:{drawing.width * unit:.1f}pt;height:{height:.1f}pt",
    )
    for label in place_labels(drawing, language=layout.language, faces=layout.faces):
        room, pitch = drawing.width * unit, LABEL_PITCH * unit
        # The first baseline lies about 0.8 of a line below the top of its line box.
        top, left = label.y * height / drawing.height - 0.8 * pitch, label.x * unit - room / 2
        style = (
            f"left:{left:.1f}pt;top:{top:.1f}pt;width:{room:.1f}pt;"
            f"font-size:{label.size * unit:.1f}pt;line-height:{pitch:.1f}pt"
        )
        lines: list[ET.Element | str] = []
        for line in label.lines:
            lines += [element("br"), line] if lines else [line]
        panel.append(element("p", *lines, class_="label", style=style))
    return panel
