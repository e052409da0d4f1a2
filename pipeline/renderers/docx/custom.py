"""Custom properties of a Word document: the passport."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from pipeline.passport import PREFIX, PROPERTY, Passport, to_json

_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
# The format id that every custom property has, and the first free number (ECMA-376 part 1, 15.2.12.2).
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_FIRST = 2

# Word shows and keeps no more of a property's text.
_LONGEST = 255


def custom_properties(passport: Passport) -> bytes:
    """Return the part that holds the passport: its JSON, cut to the length that Word allows.

    The pieces are `handout.passport.01` and so on; before them stand the facts that a person asks for.
    """
    record = to_json(passport)
    pieces = [record[at : at + _LONGEST] for at in range(0, len(record), _LONGEST)]
    rows = (
        (f"{PREFIX}.source", passport.source),
        (f"{PREFIX}.catalog", passport.catalog),
        (f"{PREFIX}.status", passport.status),
        (f"{PREFIX}.review", passport.review.isoformat()),
        *((f"{PREFIX}.{PROPERTY}.{number:02}", piece) for number, piece in enumerate(pieces, start=1)),
    )
    root = ET.Element("Properties", {"xmlns": _PROPERTIES, "xmlns:vt": _TYPES})
    for number, (name, text) in enumerate(rows, start=_FIRST):
        made = ET.SubElement(root, "property", {"fmtid": _FORMAT, "pid": str(number), "name": name})
        ET.SubElement(made, "vt:lpwstr").text = text
    data: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data
