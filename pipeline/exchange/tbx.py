"""TBX (ISO 30042:2019, dialect TBX-Basic, DCT style): the glossary as a term base."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.exchange.xml import XML, format_xml, indent

_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_BASIC = "http://www.tbxinfo.net/ns/basic"
_MIN = "http://www.tbxinfo.net/ns/min"


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing with its names. `names` are (language, term, definition), the source's language first.

    `abbreviation` is its short form, which every language keeps, or "".
    """

    id: str
    names: tuple[tuple[str, str, str], ...]
    abbreviation: str = ""


def format_tbx(concepts: Iterable[Concept], *, source: str, title: str) -> bytes:
    """Return the term base of `concepts`; `source` is the source's BCP 47 tag."""
    root = ET.Element(
        "tbx",
        {
            "xmlns": _NAMESPACE,
            "xmlns:basic": _BASIC,
            "xmlns:min": _MIN,
            "style": "dct",
            "type": "TBX-Basic",
            f"{XML}lang": source,
        },
    )
    header = ET.SubElement(ET.SubElement(root, "tbxHeader"), "fileDesc")
    ET.SubElement(ET.SubElement(header, "titleStmt"), "title").text = title
    ET.SubElement(ET.SubElement(header, "sourceDesc"), "p").text = f"The glossary of the leaflet: {title}"
    body = ET.SubElement(ET.SubElement(root, "text"), "body")
    for concept in concepts:
        entry = ET.SubElement(body, "conceptEntry", {"id": f"c-{concept.id}"})
        for tag, term, definition in concept.names:
            section = ET.SubElement(entry, "langSec", {f"{XML}lang": tag})
            if definition:
                ET.SubElement(section, "basic:definition").text = definition
            _add_term(section, term, kind="")
            if concept.abbreviation:
                _add_term(section, concept.abbreviation, kind="abbreviation")
    indent(root, leave=("term", "basic:definition", "p", "title"))
    return format_xml(root)


def _add_term(section: ET.Element, term: str, *, kind: str) -> None:
    parent = ET.SubElement(section, "termSec")
    ET.SubElement(parent, "term").text = term
    if kind:
        ET.SubElement(parent, "basic:termType").text = kind
