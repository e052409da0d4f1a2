"""Drawings with their labels in the reader's language, as SVG.

A label is centered on its place, wrapped to its room by the real widths of the typefaces, and
keeps one size in all languages. Right-to-left languages see shapes and places mirrored, never the
letters. Sizes are in the drawing's units: a panel is 300 units wide and at least 85 mm in print, so
that a label of 17.6 units is never smaller than the body text of its edition.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from pipeline.document import Drawing, Segment, plain_text
from pipeline.fonts import Typeface, advance, letter_height
from pipeline.languages import Language

LABEL_SIZE = 17.6
LABEL_PITCH = 20.5
LABEL_INK = "#14171A"
PANEL_WIDTH = 300.0

_SVG = "http://www.w3.org/2000/svg"
ET.register_namespace("", _SVG)


def draw(drawing: Drawing, *, language: Language, faces: tuple[Typeface, ...]) -> ET.Element:
    """Return the SVG element of `drawing`, labelled in `language`."""
    root = ET.fromstring(drawing.svg)
    labels = {label.id: label for label in drawing.labels}
    flip = language.rtl and drawing.mirrored
    texts = [t for t in root.iter(f"{{{_SVG}}}text")]
    parents = {child: parent for parent in root.iter() for child in parent}
    for text in texts:
        parents[text].remove(text)
    if flip:
        mirror = ET.Element(f"{{{_SVG}}}g", {"transform": f"translate({drawing.width:g} 0) scale(-1 1)"})
        mirror.extend(list(root))
        for child in list(root):
            root.remove(child)
        root.append(mirror)
    scale = _scale(language, faces)
    for text in texts:
        place = _place(text, drawing.width, flip)
        root.append(_label(labels[text.get("id", "")], place, text, faces, scale, language))
    return root


def draw_text(drawing: Drawing, *, language: Language, faces: tuple[Typeface, ...]) -> str:
    """Return the drawing as a string of SVG."""
    return ET.tostring(draw(drawing, language=language, faces=faces), encoding="unicode")


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


def _place(text: ET.Element, width: float, flip: bool) -> tuple[float, float]:
    x, y = float(text.get("x", "0")), float(text.get("y", "0"))
    return (width - x if flip else x), y


def _label(
    label: Segment,
    place: tuple[float, float],
    template: ET.Element,
    faces: tuple[Typeface, ...],
    scale: float,
    language: Language,
) -> ET.Element:
    x, y = place
    lines = _wrap(plain_text(label.children), float(template.get("data-width", "280")), faces, scale)
    if template.get("data-grow") == "up":
        y -= (len(lines) - 1) * LABEL_PITCH
    element = ET.Element(
        f"{{{_SVG}}}text",
        {
            "font-family": ", ".join(f"'{f.family}'" for f in faces),
            "font-size": f"{LABEL_SIZE * scale:.1f}",
            "fill": LABEL_INK,
            "text-anchor": "middle",
        },
    )
    if language.rtl:
        element.set("direction", "rtl")
    for number, line in enumerate(lines):
        span = ET.SubElement(element, f"{{{_SVG}}}tspan", {"x": f"{x:g}", "y": f"{y + number * LABEL_PITCH:g}"})
        # The space keeps the words of two lines apart for those who hear or copy them.
        span.text = line if number == len(lines) - 1 else f"{line} "
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
