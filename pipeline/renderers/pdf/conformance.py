"""What makes the file PDF/UA and PDF/A at once, where WeasyPrint knows one at a time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import partial
from typing import Any

import pydyf

from pipeline.passport import NAMESPACE, PREFIX, PROPERTY, Passport, to_json

# Our variant → WeasyPrint's, on which it is built: PDF 1.7 with PDF/A-2a, PDF 2.0 with PDF/A-4.
BASES = {"": "pdf/a-2a", "ua-2": "pdf/a-4u"}

# PDF/A wants every XMP property that it does not know described in the file itself (ISO 19005-2,
# 6.6.2.3.2); the PDF/UA identifier is such a property.
_UA_IDENTIFICATION = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>{schema}</rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description>
{record}
"""

# PDF/UA-2, 6.1; PDF/A-4, 6.7.3 (which has no level of conformance); WTPDF 1.0, 6.1.4.
_UA_2_IDENTIFICATION = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  pdfuaid:part="2" pdfuaid:rev="2024"/>
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:rev="2020"/>
<rdf:Description rdf:about="" xmlns:pdfd="http://pdfa.org/declarations/">
<pdfd:declarations><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfd:conformsTo>http://pdfa.org/declarations/wtpdf#accessibility1.0</pdfd:conformsTo>
</rdf:li></rdf:Bag></pdfd:declarations></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description>
"""

_PASSPORT_SCHEMA = f"""<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Passport of a leaflet</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>{PREFIX}</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>{PROPERTY}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>What the file was made from, as JSON</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>"""


def record(passport: Passport) -> str:
    """Return the passport as a property; the standard library escapes what translators wrote."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    description = ET.Element(f"{{{rdf}}}Description", {f"{{{rdf}}}about": ""})
    ET.SubElement(description, f"{{{NAMESPACE}}}{PROPERTY}").text = to_json(passport)
    for prefix, address in (("rdf", rdf), (PREFIX, NAMESPACE)):
        ET.register_namespace(prefix, address)
    return ET.tostring(description, encoding="unicode")


def identify(metadata: Any, language: str, variant: str, *, passport: Passport | None = None) -> None:
    """Let the metadata claim what the file is, which WeasyPrint has no name for.

    `variant` is "" for PDF/UA-1 beside PDF/A-2a, `ua-2` for PDF/UA-2, WTPDF 1.0 and PDF/A-4. The
    passport goes with it; PDF/A-2 wants it described, PDF/A-4 does not.
    """
    template = _UA_2_IDENTIFICATION if variant else _UA_IDENTIFICATION
    addition = template.format(
        language=language,
        schema=_PASSPORT_SCHEMA if passport else "",
        record=record(passport) if passport else "",
    ).encode()
    original = metadata.generate_rdf_metadata

    def generate(kind: str, version: int, conformance: str) -> bytes:
        xml: bytes = original(kind, version, None if version == 4 else conformance)
        return xml.replace(b"</rdf:RDF>", addition + b"</rdf:RDF>")

    # PDF/A wants the metadata readable without decoding (ISO 19005-2, 6.6.2.1).
    metadata.generate_rdf_metadata = generate
    include = metadata.include_in_pdf
    metadata.include_in_pdf = partial(_include_plain, include)


def _include_plain(include: Any, pdf: Any, *arguments: Any) -> None:
    """Write the metadata stream without compression: the last argument of WeasyPrint's method."""
    include(pdf, *arguments[:-1], False)


def settle_streams(_: Any, pdf: pydyf.PDF) -> None:
    """Settle each stream of a PDF that is about to be written: WeasyPrint's finisher."""
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream):
            settle(stream)


def settle(stream: pydyf.Stream) -> None:
    """Lengthen a stream by a blank if it would end in a line end.

    Before `endstream` stands a line end that does not count (ISO 32000-1, 7.3.8.1); validators
    cannot tell it from one that does, and call the stream's length wrong. The last byte of a
    compressed stream is a checksum, so only other content changes it.
    """
    if not stream.compress:
        return
    while (packed := _packed(stream)).endswith((b"\r", b"\n")):
        stream.stream.append(b"")
        if "Length1" in stream.extra:
            stream.extra["Length1"] += 1
    # Kept as it is now, so that pydyf need not compress it a second time.
    stream.stream, stream.compress = [packed], False
    stream.extra["Filter"] = "/FlateDecode"


def _packed(stream: pydyf.Stream) -> bytes:
    """Return the compressed bytes of `stream`, as pydyf will write them."""
    written: bytes = stream.data
    return written.removesuffix(b"\nendstream").partition(b"\nstream\n")[2]
