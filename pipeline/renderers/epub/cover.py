"""The cover: title and subtitle on a plain ground, drawn for the language's direction."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from pipeline.document import TranslatedDocument, plain_text
from pipeline.editions import Layout
from pipeline.fonts import advance
from pipeline.renderers.raster import embed, rasterize

WIDTH, HEIGHT = 600, 900
_TITLE, _SUBTITLE = 62.0, 30.0
_ROOM = 480.0


def cover_image(translated: TranslatedDocument, layout: Layout) -> bytes:
    """Return the cover as PNG, 1200 × 1800 px."""
    front = translated.document.front
    title = _lines(plain_text(front.title.children), _fit(plain_text(front.title.children), layout), layout)
    size = _fit(plain_text(front.title.children), layout)
    root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}")
    ET.SubElement(root, "rect", width=str(WIDTH), height=str(HEIGHT), fill="#0A3A5C")
    ET.SubElement(root, "rect", x="0", y="560", width=str(WIDTH), height="10", fill="#FFC59E")
    y = 560 - 50 - (len(title) - 1) * size * 1.2
    _text(root, title, y, size, "700", translated, layout)
    subtitle = _lines(plain_text(front.subtitle.children), _SUBTITLE, layout)
    _text(root, subtitle, 630, _SUBTITLE, "400", translated, layout)
    return rasterize(ET.tostring(root, encoding="unicode"), layout.faces, width=2 * WIDTH)


def _fit(title: str, layout: Layout) -> float:
    """Return the largest size at which no word of the title is wider than the cover's room."""
    widest = max(advance(word, layout.faces, bold=True) for word in title.split())
    return min(_TITLE, _ROOM / widest)


def _lines(text: str, size: float, layout: Layout) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and advance(longer, layout.faces, bold=size > _SUBTITLE) * size <= _ROOM:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _text(
    root: ET.Element,
    lines: list[str],
    y: float,
    size: float,
    weight: str,
    translated: TranslatedDocument,
    layout: Layout,
) -> None:
    family = ", ".join(f"'{face.family}'" for face in layout.faces)
    rtl = translated.language.rtl
    for number, line in enumerate(lines):
        attributes = {
            "x": str(WIDTH - 60 if rtl else 60),
            "y": f"{y + number * size * 1.2:.1f}",
            "font-family": family,
            "font-size": f"{size:.1f}",
            "font-weight": weight,
            "fill": "#FFFFFF",
            "text-anchor": "end" if rtl else "start",
        }
        ET.SubElement(root, "text", attributes).text = embed(line) if rtl else line
