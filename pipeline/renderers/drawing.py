"""Drawings with their labels in the reader's language, as SVG.

A label is centered on its place, wrapped to its room by the real widths of the typefaces, and
keeps one size in all languages. Right-to-left languages see shapes and places mirrored, never the
letters. Sizes are in the drawing's units: a panel is 300 units wide and at least 85 mm in print, so
that a label of 17.6 units is never smaller than the body text of its edition.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from pipeline.document import Drawing, Image, Picture, Segment, plain_text
from pipeline.editions import Layout
from pipeline.fonts import Typeface, advance, letter_height
from pipeline.languages import Language
from pipeline.renderers.elements import element

LABEL_SIZE = 17.6
LABEL_PITCH = 20.5
LABEL_INK = "#14171A"
PANEL_WIDTH = 300.0

_SVG = "http://www.w3.org/2000/svg"
ET.register_namespace("", _SVG)


def panel_width(layout: Layout) -> float:
    """Return the width in pt of one panel of a figure: its labels are never below the body size."""
    needed = PANEL_WIDTH / (LABEL_SIZE * _scale(layout.language, layout.faces)) * layout.body_pt
    if layout.edition.stacked:
        return min(layout.room_pt, needed)
    return needed


@dataclass(frozen=True, slots=True)
class Label:
    """A label in its place: lines of words, the center and baseline of the first, the size, in units."""

    lines: tuple[str, ...]
    x: float
    y: float
    size: float


def draw(drawing: Drawing, *, language: Language, faces: tuple[Typeface, ...]) -> ET.Element:
    """Return the SVG element of `drawing`, labelled in `language`."""
    root = draw_shapes(drawing, language=language)
    for label in place_labels(drawing, language=language, faces=faces):
        root.append(_label(label, faces, language))
    return root


def draw_shapes(drawing: Drawing, *, language: Language) -> ET.Element:
    """Return the SVG element of `drawing` without its labels, mirrored where the language needs it."""
    root = ET.fromstring(drawing.svg)
    for text in root.findall(f"{{{_SVG}}}text"):
        root.remove(text)
    if language.rtl and drawing.mirrored:
        mirror = ET.Element(f"{{{_SVG}}}g", {"transform": f"translate({drawing.width:g} 0) scale(-1 1)"})
        mirror.extend(list(root))
        root[:] = [mirror]
    return root


def place_labels(drawing: Drawing, *, language: Language, faces: tuple[Typeface, ...]) -> tuple[Label, ...]:
    """Return the labels of `drawing`, wrapped and placed for `language`."""
    segments = {label.id: label for label in drawing.labels}
    scale = _scale(language, faces)
    placed = []
    for text in ET.fromstring(drawing.svg).iter(f"{{{_SVG}}}text"):
        words = plain_text(segments[text.get("id", "")].children)
        lines = _wrap(words, float(text.get("data-width", "280")), faces, scale)
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        if language.rtl and drawing.mirrored:
            x = drawing.width - x
        if text.get("data-grow") == "up":
            y -= (len(lines) - 1) * LABEL_PITCH
        placed.append(Label(tuple(lines), x, y, LABEL_SIZE * scale))
    return tuple(placed)


def draw_text(drawing: Drawing, *, language: Language, faces: tuple[Typeface, ...]) -> str:
    """Return the drawing as a string of SVG."""
    return ET.tostring(draw(drawing, language=language, faces=faces), encoding="unicode")


def inline_picture(image: Image, *, language: Language, faces: tuple[Typeface, ...]) -> ET.Element:
    """Return an image as SVG inside a page: it scales, its letters stay letters in the page's own fonts."""
    svg = draw(image.drawing, language=language, faces=faces)
    for node in svg.iter():
        node.tag = node.tag.removeprefix(f"{{{_SVG}}}")
    for name in ("width", "height"):
        svg.attrib.pop(name, None)
    svg.attrib.update({"xmlns": _SVG, "role": "img", "aria-label": plain_text(image.alt.children)})
    return svg


def sized_picture(picture: Picture, address: str) -> ET.Element:
    """Return a picture of dots at `address` for a page on a screen: its size in CSS pixels, of 1/96 inch."""
    width, height = (str(round(size / 25.4 * 96)) for size in (picture.width, picture.height))
    return element("img", src=address, alt=plain_text(picture.alt.children), width=width, height=height)


def overfull(drawing: Drawing, *, language: Language, faces: tuple[Typeface, ...]) -> tuple[Segment, ...]:
    """Return the labels that need more lines than their place in the drawing has."""
    scale = _scale(language, faces)
    labels = {label.id: label for label in drawing.labels}
    found = []
    for text in ET.fromstring(drawing.svg).iter(f"{{{_SVG}}}text"):
        label = labels[text.get("id", "")]
        lines = _wrap(plain_text(label.children), float(text.get("data-width", "280")), faces, scale)
        widest = max(advance(line, faces) * LABEL_SIZE * scale for line in lines)
        if len(lines) > int(text.get("data-lines", "9")) or widest > float(text.get("data-width", "280")):
            found.append(label)
    return tuple(found)


def _scale(language: Language, faces: tuple[Typeface, ...]) -> float:
    """Return how much larger a script's letters must be set to look as tall as Latin ones."""
    script = "Latn" if language.pseudo else language.script
    return max(1.0, 0.496 / letter_height(faces[-1], script))


def _label(label: Label, faces: tuple[Typeface, ...], language: Language) -> ET.Element:
    element = ET.Element(
        f"{{{_SVG}}}text",
        {
            "font-family": ", ".join(f"'{f.family}'" for f in faces),
            "font-size": f"{label.size:.1f}",
            "fill": LABEL_INK,
            "text-anchor": "middle",
        },
    )
    if language.rtl:
        element.set("direction", "rtl")
    for number, line in enumerate(label.lines):
        place = {"x": f"{label.x:g}", "y": f"{label.y + number * LABEL_PITCH:g}"}
        span = ET.SubElement(element, f"{{{_SVG}}}tspan", place)
        # The space keeps the words of two lines apart for those who hear or copy them.
        span.text = line if number == len(label.lines) - 1 else f"{line} "
    return element


def _wrap(text: str, room: float, faces: tuple[Typeface, ...], scale: float) -> list[str]:
    """Break `text` at spaces into the fewest lines that fit `room`, as even as they can be."""
    words = text.split(" ")
    size = LABEL_SIZE * scale

    def fill(limit: float) -> list[str]:
        lines, line = [], words[0]
        for word in words[1:]:
            longer = f"{line} {word}"
            if advance(longer, faces) * size <= limit:
                line = longer
            else:
                lines.append(line)
                line = word
        return [*lines, line]

    lines = fill(room)
    # Narrow the room while the number of lines stays: even lines are easier to read.
    for step in range(1, 12):
        tighter = fill(room * (1 - step * 0.05))
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines
