"""Drawings: SVG files in a dialect of plain shapes and labels.

A drawing is data that ends up inside other people's documents, so it may hold shapes, colors and
labels, and nothing that runs, fetches, or refers to something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, cast

from lxml import etree

from pipeline import config
from pipeline.diagnostics import Location, SourceError
from pipeline.document import Drawing, Role, Segment, Text
from pipeline.reader.reading import SEGMENT_ID, Reading

SVG = "{http://www.w3.org/2000/svg}"

SHAPES = frozenset("svg g rect circle ellipse path line polyline polygon text".split())
_GEOMETRY = "x y x1 x2 y1 y2 cx cy r rx ry width height d points viewBox transform"
_PAINT = (
    "fill fill-rule fill-opacity stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin "
    "stroke-opacity opacity"
)
_LABEL = "id data-width data-lines data-grow"
ATTRIBUTES = frozenset(f"{_GEOMETRY} {_PAINT} {_LABEL}".split())

_NUMBER = re.compile(r"\d{1,5}(\.\d{1,3})?\Z")
_BOX = re.compile(r"0 0 ([1-9]\d{0,4}(?:\.\d{1,3})?) ([1-9]\d{0,4}(?:\.\d{1,3})?)\Z")
_SAFE_VALUE = re.compile(r"[#\w\s.,()+-]*\Z")


def read_drawing(name: str, reading: Reading, *, line: int) -> Drawing:
    """Read the drawing `name`, a path below the source's folder. Faults go to `reading`.

    Sizes are in the drawing's own units (CSS px).
    """
    empty = Drawing(name, "", 1.0, 1.0, ())
    place = reading.at(line)
    try:
        path = config.inside(reading.folder, name, location=place)
        data = path.read_bytes()
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        root = etree.fromstring(data, parser)
    except SourceError as error:
        reading.faults.extend(error.diagnostics)
        return empty
    except OSError:
        reading.fault("S030", f"the drawing {name} cannot be read", line=line)
        return empty
    except etree.XMLSyntaxError as error:
        reading.fault_at("S031", f"not well-formed XML: {error.msg}", _at(name, reading, error.lineno or 0))
        return empty
    if cast(Any, root.getroottree().docinfo).doctype:
        reading.fault_at("S032", "a drawing has no DOCTYPE", _at(name, reading, 1))
        return empty
    labels = tuple(_labels(root, name, reading))
    box = _BOX.match(root.get("viewBox") or "")
    if box is None:
        reading.fault_at("S033", 'a drawing needs viewBox="0 0 WIDTH HEIGHT"', _at(name, reading, 1))
        return empty
    svg = etree.tostring(root, encoding="unicode")
    return Drawing(name, svg, float(box[1]), float(box[2]), labels, location=place)


def _at(name: str, reading: Reading, line: int) -> Location:
    return Location(PurePosixPath(reading.shown.parent, name), line)


def _line(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 0


def _labels(root: etree._Element, name: str, reading: Reading) -> Iterator[Segment]:
    """Check every element of the drawing and yield its labels."""
    for element in root.iter():
        place = _at(name, reading, _line(element))
        tag = str(element.tag)
        if not tag.startswith(SVG) or tag.removeprefix(SVG) not in SHAPES:
            shown = tag.rpartition("}")[2]
            reading.fault_at("S034", f"<{shown}> is not part of the drawings' dialect", place)
            continue
        for key, value in element.attrib.items():
            if str(key) not in ATTRIBUTES or not _SAFE_VALUE.match(str(value)):
                reading.fault_at("S035", f"the attribute {key!s}={value!s} is not allowed", place)
        if tag == f"{SVG}text":
            text = " ".join((element.text or "").split())
            label = element.get("id") or ""
            numbers = [element.get(key, "") for key in ("x", "y", "data-width", "data-lines")]
            measured = all(map(_NUMBER.match, numbers)) and numbers[-1].isdecimal()
            plain = not len(element) and bool(text) and element.getparent() is root
            if not (plain and measured and SEGMENT_ID.fullmatch(label)):
                hint = "write <text id=… x=… y=… data-width=… data-lines=…>words</text>, in no group"
                reading.fault_at("S036", "a label needs an id, a place, a room and words", place, hint=hint)
            yield Segment(label, Role.LABEL, (Text(text, location=place),), location=place)
