"""Figures: drawings as pictures in the line, each with its alternative text."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.oxml.shape import CT_Inline
from docx.shared import Emu, Mm, Pt

from pipeline.document import Drawing, Figure, Image, Picture, Segment, plain_text
from pipeline.editions import Layout
from pipeline.renderers.docx.inlines import Word, bookmark
from pipeline.renderers.docx.measures import FRAME_PT, PANEL_GAP_PT, PRIMARY, panel_pt
from pipeline.renderers.docx.ooxml import Element, clean, element, properties, twips
from pipeline.renderers.docx.paragraphs import paragraph, segment
from pipeline.renderers.docx.runs import runs
from pipeline.renderers.drawing import draw
from pipeline.renderers.raster import embed, rasterize

_DOTS_PER_INCH = 240
_SVG = "{http://www.w3.org/2000/svg}"


def figure(node: Figure, to: Word) -> list[Element]:
    """Return the pictures of a figure, then its caption: side by side, or stacked in large print."""
    pictures = [_picture(image, to) for image in node.images]
    if to.layout.edition.stacked:
        shown = [paragraph("Picture", picture, to) for picture in pictures]
    else:
        room = len(pictures) * (panel_pt(to.layout)[0] + FRAME_PT * 2) + (len(pictures) - 1) * PANEL_GAP_PT
        # Two panels side by side may be wider than a line of text; they reach into the margins.
        over = -twips(max(0.0, room - to.layout.measure_pt) / 2)
        content = [made for picture in pictures for made in (*runs(" ", to.voice), *picture)][1:]
        overhang = element("w:ind", left=over, right=over) if over else None
        shown = [paragraph("Picture", content, to, overhang)]
    return [*shown, segment(node.caption, "caption", to)]


def _picture(image: Image, to: Word) -> list[Element]:
    """Return the run of a picture, inside a bookmark of its alternative text."""
    drawing, layout = image.drawing, to.layout
    width, height = panel_pt(layout, drawing.height / drawing.width)
    pressed = height / width * drawing.width / drawing.height
    data = rasterize(_svg(drawing, layout, pressed), layout.faces, width=round(width / 72 * _DOTS_PER_INCH))
    relation, _ = to.part.get_or_add_image(io.BytesIO(data))
    inline = _inline(relation, image.alt, to, size=(Pt(width), Pt(height)))
    inline.graphic.graphicData.pic.spPr.append(
        parse_xml(
            f'<a:ln {nsdecls("a")} w="{Pt(FRAME_PT)}"><a:solidFill><a:srgbClr val="{PRIMARY}"/>'
            "</a:solidFill></a:ln>"
        )
    )
    return bookmark(image.alt.id, [element("w:r", _direction(to), element("w:drawing", inline))], to)


def _svg(drawing: Drawing, layout: Layout, pressed: float) -> str:
    """Return the drawing for resvg, which takes every line to run from left to right by itself."""
    root = draw(drawing, language=layout.language, faces=layout.faces)
    if pressed < 1:
        _press(root, drawing, pressed)
    for line in root.iter(f"{_SVG}tspan"):
        words = clean(line.text or "").strip()
        line.text = embed(words) if layout.language.rtl else words
    return ET.tostring(root, encoding="unicode")


def _press(root: ET.Element, drawing: Drawing, share: float) -> None:
    """Press shapes to a share of their height; labels move with them, and their letters stay as they are."""
    labels = root.findall(f"{_SVG}text")
    shapes = ET.Element(f"{_SVG}g", {"transform": f"scale(1 {share:g})"})
    shapes.extend([child for child in root if child not in labels])
    for label in labels:
        lines = label.findall(f"{_SVG}tspan")
        raised = float(lines[0].get("y", "0")) * (1 - share) if lines else 0.0
        for line in lines:
            line.set("y", f"{float(line.get('y', '0')) - raised:g}")
    root[:] = [shapes, *labels]
    height = drawing.height * share
    root.set("viewBox", f"0 0 {drawing.width:g} {height:g}")
    root.set("height", f"{height:g}")


def bitmap(node: Picture, to: Word) -> Element:
    """Return the paragraph of a picture of dots, inside a bookmark of its alternative text."""
    relation, _ = to.part.get_or_add_image(io.BytesIO(node.data))
    inline = _inline(relation, node.alt, to, size=(Mm(node.width), Mm(node.height)))
    run = element("w:r", _direction(to), element("w:drawing", inline))
    return paragraph("Picture", bookmark(node.alt.id, [run], to), to)


def _inline(relation: str, alt: Segment, to: Word, *, size: tuple[int, int]) -> CT_Inline:
    """Return a picture in the line, with its alternative text. `size` is width and height in EMU."""
    to.counters.picture += 1
    number = to.counters.picture
    inline = CT_Inline.new_pic_inline(number, relation, f"picture-{number}.png", Emu(size[0]), Emu(size[1]))
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")
    inline.docPr.set("descr", clean(plain_text(alt.children)))
    return inline


def _direction(to: Word) -> Element | None:
    return properties("w:rPr", (element("w:rtl") if to.rtl else None,))
