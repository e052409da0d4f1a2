"""XML in and out: written by the standard library, read with everything dangerous switched off."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import PurePath
from typing import Any

from lxml import etree

from pipeline.diagnostics import Location, TranslationError

XML = "{http://www.w3.org/XML/1998/namespace}"


def parse_xml(data: bytes, shown: PurePath) -> Any:
    """Return the root of an XML file. Raises `TranslationError` for what is no XML, or has a DOCTYPE.

    Entities are not resolved and nothing is fetched: the file comes from outside.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise TranslationError(f"not well-formed XML: {error}", location=Location(shown, line)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise TranslationError("a DOCTYPE is not allowed", location=Location(shown, 1), hint="delete it")
    return root


def format_xml(root: ET.Element, *, doctype: str = "") -> bytes:
    """Return the bytes of an XML file, in UTF-8."""
    body = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' + (f"{doctype}\n" if doctype else "")
    return f"{head}{body}\n".encode()


def indent(element: ET.Element, *, leave: tuple[str, ...], depth: int = 0) -> None:
    """Put each child on a line of its own, but for those inside the elements named in `leave`.

    The standard library's own `indent` would add white space to texts that hold codes.
    """
    if element.tag in leave or not len(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        indent(child, leave=leave, depth=depth + 1)
        child.tail = element.text
    element[-1].tail = "\n" + "  " * depth


def add_text(parent: ET.Element, text: str) -> None:
    """Append words to an element, behind its last child."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
