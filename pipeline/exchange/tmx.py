"""TMX 1.4b: translations as a memory that other tools can search."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from pipeline import __version__
from pipeline.catalogs import Catalog
from pipeline.exchange.markup import Kind, pieces_of
from pipeline.exchange.xml import XML, add_text, format_xml, indent


def format_tmx(catalogs: Mapping[str, Catalog], *, source: str) -> bytes:
    """Return the memory of all finished translations, by language (BCP 47 tags), in one file.

    Fuzzy ones are left out: a memory would offer them as good.
    """
    root = ET.Element("tmx", {"version": "1.4"})
    attributes = {"creationtool": "handout", "creationtoolversion": __version__, "datatype": "html"}
    attributes |= {"segtype": "block", "adminlang": "en", "srclang": source, "o-tmf": "gettext PO"}
    ET.SubElement(root, "header", attributes)
    body = ET.SubElement(root, "body")
    units: dict[tuple[str, str], ET.Element] = {}
    for tag, catalog in catalogs.items():
        for entry in catalog.entries:
            if entry.context is None or entry.obsolete or entry.fuzzy or not entry.translation:
                continue
            key = (entry.context, entry.id)
            if key not in units:
                units[key] = ET.SubElement(body, "tu", {"tuid": entry.context})
                _add_variant(units[key], source, entry.id)
            _add_variant(units[key], tag, entry.translation)
    indent(root, leave=("seg",))
    return format_xml(root, doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">')


def _add_variant(unit: ET.Element, tag: str, text: str) -> None:
    segment = ET.SubElement(ET.SubElement(unit, "tuv", {f"{XML}lang": tag}), "seg")
    for piece in pieces_of(text):
        number = str(piece.number)
        match piece.kind:
            case Kind.TEXT:
                add_text(segment, piece.text)
            case Kind.OPENING:
                ET.SubElement(segment, "bpt", {"i": number, "x": number}).text = piece.code
            case Kind.CLOSING:
                ET.SubElement(segment, "ept", {"i": number}).text = piece.code
            case Kind.ALONE:
                ET.SubElement(segment, "ph", {"x": number}).text = piece.code
