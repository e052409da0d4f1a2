"""XLIFF 2.1 (OASIS Standard): a catalog for translation agencies, and back.

A unit is a segment of the leaflet, by its id. Tags are inline codes that may be reordered but neither
deleted nor copied; abbreviations are codes as a whole. The tags themselves lie in the original data,
so that the words come back with the very tags that went out.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from lxml import etree

from pipeline.catalogs import Catalog, Entry
from pipeline.catalogs.tags import tags_of
from pipeline.diagnostics import Location, TranslationError
from pipeline.exchange.markup import Kind, Piece, escape, pieces_of
from pipeline.exchange.merging import Incoming
from pipeline.exchange.xml import XML, add_text, format_xml, indent, parse_xml

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_X = f"{{{NAMESPACE}}}"
_FUZZY = "handout:needs-work"
_SAFE = {"canDelete": "no", "canCopy": "no", "canReorder": "yes"}


def format_xliff(catalog: Catalog, *, source: str, target: str, original: str) -> bytes:
    """Return the XLIFF of the catalog's entries in use. `source` and `target` are BCP 47 tags."""
    attributes = {"xmlns": NAMESPACE, "version": "2.1", "srcLang": source, "trgLang": target}
    root = ET.Element("xliff", attributes)
    file = ET.SubElement(root, "file", {"id": "catalog", "original": original, f"{XML}space": "preserve"})
    for entry in catalog.entries:
        if entry.context is not None and not entry.obsolete:
            file.append(_unit(entry))
    indent(root, leave=("source", "target", "note", "data"))
    return format_xml(root)


def _unit(entry: Entry) -> ET.Element:
    unit = ET.Element("unit", {"id": str(entry.context)})
    notes = [("developer", note) for note in entry.extracted_comments]
    notes += [("translator", note) for note in entry.translator_comments]
    if notes:
        parent = ET.SubElement(unit, "notes")
        for category, text in notes:
            ET.SubElement(parent, "note", {"category": category}).text = text
    pieces = pieces_of(entry.id)
    data = _data(pieces)
    if data:
        store = ET.SubElement(unit, "originalData")
        for name, code in data.items():
            ET.SubElement(store, "data", {"id": name}).text = code
    state = "translated" if entry.translation and not entry.fuzzy else "initial"
    segment = ET.SubElement(unit, "segment", {"id": "s", "state": state})
    if entry.fuzzy:
        segment.set("subState", _FUZZY)
    _fill(ET.SubElement(segment, "source"), pieces, _numbers(pieces))
    # With other tags than its source, a translation could not come back right; it is done anew.
    if entry.translation and tags_of(entry.translation) == tags_of(entry.id):
        _fill(ET.SubElement(segment, "target"), pieces_of(entry.translation), _numbers(pieces))
    return unit


def _numbers(pieces: tuple[Piece, ...]) -> dict[str, list[int]]:
    """Return the numbers of each code of a source: an abbreviation may stand in it twice."""
    found: dict[str, list[int]] = {}
    for piece in pieces:
        if piece.code and piece.kind is not Kind.CLOSING:
            found.setdefault(piece.code, []).append(piece.number)
    return found


def _data(pieces: tuple[Piece, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in pieces:
        match piece.kind:
            case Kind.OPENING | Kind.ALONE:
                found[f"d{piece.number}"] = piece.code
            case Kind.CLOSING:
                found[f"e{piece.number}"] = piece.code
            case Kind.TEXT:
                pass
    return found


def _fill(parent: ET.Element, pieces: tuple[Piece, ...], numbers: dict[str, list[int]]) -> None:
    """Write pieces as text and codes. A code takes the number that its tag has in the source."""
    open_elements = [parent]
    for piece in pieces:
        here = open_elements[-1]
        match piece.kind:
            case Kind.TEXT:
                add_text(here, piece.text)
            case Kind.CLOSING:
                open_elements.pop()
            case Kind.OPENING:
                number = numbers[piece.code].pop(0)
                attributes = {"id": f"{number}", "dataRefStart": f"d{number}", "dataRefEnd": f"e{number}"}
                open_elements.append(ET.SubElement(here, "pc", attributes | _SAFE))
            case Kind.ALONE:
                number = numbers[piece.code].pop(0)
                attributes = {"id": f"{number}", "dataRef": f"d{number}", "disp": piece.text or piece.code}
                ET.SubElement(here, "ph", attributes | _SAFE)


def read_xliff(data: bytes, shown: PurePath) -> tuple[str, tuple[Incoming, ...]]:
    """Return the target language and the translations of an XLIFF 2.x file.

    Raises `TranslationError` for a file that is none.
    """
    root = parse_xml(data, shown)
    if root.tag != f"{_X}xliff":
        raise TranslationError(
            "this is no XLIFF 2 file", location=Location(shown, 1), hint="ask the agency for XLIFF 2.0 or 2.1"
        )
    return root.get("trgLang", ""), tuple(_incoming(unit) for unit in root.iter(f"{_X}unit"))


def _incoming(unit: Any) -> Incoming:
    codes = {item.get("id"): _words(item) for item in unit.iter(f"{_X}data")}
    name = unit.get("id", "")
    parts = [e for e in unit if e.tag in (f"{_X}segment", f"{_X}ignorable")]
    source = "".join(_message(e.find(f"{_X}source"), codes) for e in parts)
    translated = [e for e in parts if e.find(f"{_X}target") is not None or e.tag == f"{_X}segment"]
    target = "".join(_message(_target(e), codes) for e in translated)
    segments = [e for e in parts if e.tag == f"{_X}segment"]
    open_work = any(e.get("state", "initial") == "initial" for e in segments)
    return Incoming(f"unit {name} (line {unit.sourceline})", name, source, target, fuzzy=open_work)


def _target(part: Any) -> Any:
    found = part.find(f"{_X}target")
    # What is not translatable stands between segments, and may have no target of its own.
    return part.find(f"{_X}source") if found is None and part.tag == f"{_X}ignorable" else found


def _message(element: Any, codes: dict[str, str]) -> str:
    return "" if element is None else "".join(_flow(element, codes))


def _flow(element: Any, codes: dict[str, str]) -> Iterator[str]:
    """Yield the message text of an element: words with entities, codes as the tags they stand for."""
    yield escape(element.text or "")
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        match name:
            case "pc":
                yield codes.get(child.get("dataRefStart"), "")
                yield from _flow(child, codes)
                yield codes.get(child.get("dataRefEnd"), "")
            case "ph" | "sc" | "ec":
                yield codes.get(child.get("dataRef"), "")
            case "mrk":
                yield from _flow(child, codes)
            case "cp":
                yield escape(chr(int(child.get("hex", "FFFD"), 16)))
            case _:
                pass
        yield escape(child.tail or "")


def _words(element: Any) -> str:
    return "".join(element.itertext())
