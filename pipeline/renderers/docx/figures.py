"""Figures: drawings as pictures in the line, each with its alternative text."""

from __future__ import annotations

import io
from collections.abc import Iterator

import resvg_py
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.oxml.shape import CT_Inline
from docx.shared import Pt

from pipeline.document import Figure, Image, plain_text
from pipeline.renderers.docx.inlines import Word, bookmark
from pipeline.renderers.docx.measures import PANEL_GAP_PT, PRIMARY, panel_pt
from pipeline.renderers.docx.ooxml import Element, clean, element, properties, text, twips
from pipeline.renderers.docx.paragraphs import paragraph, segment
from pipeline.renderers.drawing import draw_text

_DOTS_PER_INCH = 300
_FRAME_PT = 1.0


def figure(node: Figure, to: Word) -> Iterator[Element]:
    """Yield the pictures of a figure, then its caption: side by side, or in large print one below the other."""
    pictures = [_picture(image, to) for image in node.images]
    if to.layout.edition.stacked:
        for picture in pictures:
            yield paragraph("Figure", picture, to)
    else:
        room = len(pictures) * (panel_pt(to.layout) + _FRAME_PT * 2) + (len(pictures) - 1) * PANEL_GAP_PT
        # Two panels side by side may be wider than a line of text; they reach into the margins.
        over = -twips(max(0.0, room - to.layout.measure_pt) / 2)
        space = element("w:r", _direction(to), text(" "))
        content = [made for picture in pictures for made in (space.__copy__(), *picture)][1:]
        yield paragraph("Figure", content, to, element("w:ind", left=over, right=over) if over else None)
    yield segment(node.caption, "caption", to, anchor=node.id)


def _picture(image: Image, to: Word) -> list[Element]:
    """Return the run of a picture, inside a bookmark of its alternative text."""
    drawing, layout = image.drawing, to.layout
    width = panel_pt(layout)
    svg = draw_text(drawing, language=layout.language, faces=layout.faces)
    data = resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=[str(path) for face in layout.faces for _, path in face.files],
        zoom=width / 72 * _DOTS_PER_INCH / drawing.width,
    )
    relation, _ = to.part.get_or_add_image(io.BytesIO(bytes(data)))
    to.counters.picture += 1
    number = to.counters.picture
    height = width * drawing.height / drawing.width
    inline = CT_Inline.new_pic_inline(number, relation, f"picture-{number}.png", Pt(width), Pt(height))
    inline.docPr.set("descr", clean(plain_text(image.alt.children)))
    inline.graphic.graphicData.pic.spPr.append(
        parse_xml(
            f'<a:ln {nsdecls("a")} w="{Pt(_FRAME_PT)}"><a:solidFill><a:srgbClr val="{PRIMARY}"/></a:solidFill></a:ln>'
        )
    )
    return bookmark(image.alt.id, [element("w:r", _direction(to), element("w:drawing", inline))], to)


def _direction(to: Word) -> Element | None:
    return properties("w:rPr", (element("w:rtl") if to.rtl else None,))
