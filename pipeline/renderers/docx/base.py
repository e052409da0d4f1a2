"""The empty leaflet: a package with our styles, settings, lists, fonts and metadata, and no text.

python-docx's own template has headings without contrast, 164 styles, compatibility mode and the
languages of its maker. This package is built anew for each edition and opened in its place.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.document import Abbreviation, TranslatedDocument, plain_text, walk
from pipeline.editions import Layout
from pipeline.fonts import Typeface
from pipeline.passport import Passport
from pipeline.renderers.docx.custom import custom_properties
from pipeline.renderers.docx.measures import font_facts
from pipeline.renderers.docx.numbering import numbering
from pipeline.renderers.docx.ooxml import Element, clean, element, serialize, twips
from pipeline.renderers.docx.styles import styles
from pipeline.renderers.front import status_label
from pipeline.renderers.package import write_zip

_PRODUCT = "handout"
# For programs that do not use embedded fonts: a sans face that has the script.
_SUBSTITUTE = "Arial"
_SUBSTITUTES = {
    "Deva": "Nirmala UI",
    "Jpan": "Yu Gothic",
    "Hans": "Microsoft YaHei",
    "Hant": "Microsoft JhengHei",
    "Kore": "Malgun Gothic",
}
# A larger file is not embedded: an East Asian font would make a leaflet of 20 MB.
_LARGEST_FONT = 2_000_000
_COMPATIBILITY = "http://schemas.microsoft.com/office/word"
_FONT_TYPE = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

# Word 2013 and later: anything less opens in "compatibility mode".
_MODE = {
    "compatibilityMode": "15",
    "overrideTableStyleFontSizeAndJustification": "1",
    "enableOpenTypeFeatures": "1",
    "doNotFlipMirrorIndents": "1",
    "differentiateMultirowTableHeaders": "1",
}
_KEY_LENGTH = 16


def package(translated: TranslatedDocument, layout: Layout, passport: Passport | None) -> bytes:
    """Return the empty package."""
    embedded = list(_embedded(layout.faces))
    parts: dict[str, tuple[str, bytes]] = {
        "word/document.xml": (CONTENT_TYPE.WML_DOCUMENT_MAIN, serialize(empty_document())),
        "word/styles.xml": (CONTENT_TYPE.WML_STYLES, serialize(styles(layout))),
        "word/numbering.xml": (CONTENT_TYPE.WML_NUMBERING, serialize(numbering(layout))),
        "word/settings.xml": (CONTENT_TYPE.WML_SETTINGS, serialize(_settings(layout, bool(embedded)))),
        "word/fontTable.xml": (CONTENT_TYPE.WML_FONT_TABLE, serialize(_font_table(layout, embedded))),
        "docProps/core.xml": (CONTENT_TYPE.OPC_CORE_PROPERTIES, serialize(_core(translated, layout))),
        **{f"word/{name}": (_FONT_TYPE, data) for _, _, name, _, data in embedded},
    }
    if passport:
        parts["docProps/custom.xml"] = (CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, custom_properties(passport))
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, (kind, _) in parts.items()
    )
    office = RELATIONSHIP_TYPE
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="{CONTENT_TYPE.OPC_RELATIONSHIPS}"/>{types}</Types>',
        "_rels/.rels": _relationships(
            (office.OFFICE_DOCUMENT, "word/document.xml"),
            (office.CORE_PROPERTIES, "docProps/core.xml"),
            *(((office.CUSTOM_PROPERTIES, "docProps/custom.xml"),) if passport else ()),
        ),
        "word/_rels/document.xml.rels": _relationships(
            (office.STYLES, "styles.xml"),
            (office.NUMBERING, "numbering.xml"),
            (office.SETTINGS, "settings.xml"),
            (office.FONT_TABLE, "fontTable.xml"),
        ),
        "word/_rels/fontTable.xml.rels": _relationships(
            *((office.FONT, name) for _, _, name, _, _ in embedded)
        ),
    }
    content = {
        **{
            name: f'<?xml version="1.0" encoding="UTF-8"?>{words}'.encode() for name, words in members.items()
        },
        **{name: data for name, (_, data) in parts.items()},
    }
    # It is opened again at once.
    return write_zip(content.items(), stored=frozenset(content))


def empty_document() -> Element:
    """Return the root of a document without text, with every namespace that text needs."""
    root: Element = parse_xml(f"<w:document {nsdecls('w', 'r', 'wp', 'a', 'pic')}><w:body/></w:document>")
    return root


def _relationships(*targets: tuple[str, str]) -> str:
    made = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _settings(layout: Layout, embeds: bool) -> Element:
    own = layout.language
    latin = "en-US" if own.complex_script or own.east_asian else own.regional
    return element(
        "w:settings",
        element("w:zoom", percent=100),
        element("w:embedTrueTypeFonts") if embeds else None,
        element("w:defaultTabStop", val=twips(36)),
        element("w:autoHyphenation", val="false"),
        element("w:characterSpacingControl", val="doNotCompress"),
        element(
            "w:compat",
            *(
                element("w:compatSetting", name=name, uri=_COMPATIBILITY, val=value)
                for name, value in _MODE.items()
            ),
        ),
        element("w:themeFontLang", val=latin, eastAsia=own.regional, bidi=own.regional),
        element("w:decimalSymbol", val="."),
        element("w:listSeparator", val=","),
    )


def _embedded(faces: tuple[Typeface, ...]) -> Iterator[tuple[str, str, str, str, bytes]]:
    """Yield family, weight, part name, key and content of each font that may go with the file.

    A part is obfuscated with a key from its own content (ECMA-376 part 4, 2.8.1), so that the same
    font gives the same bytes.
    """
    number = 0
    for face in faces:
        weights = (face.regular, face.bold)
        if not all(font_facts(p).embeddable and p.stat().st_size <= _LARGEST_FONT for p in weights):
            continue
        for weight, path in (("Regular", face.regular), ("Bold", face.bold)):
            number += 1
            data = path.read_bytes()
            key = uuid.UUID(bytes=hashlib.sha256(data).digest()[:_KEY_LENGTH])
            mask = key.bytes[::-1] * 2
            start = bytes(a ^ b for a, b in zip(data, mask, strict=False))
            name = f"fonts/font{number}.odttf"
            yield face.family, weight, name, f"{{{str(key).upper()}}}", start + data[len(mask) :]


def _font_table(layout: Layout, embedded: list[tuple[str, str, str, str, bytes]]) -> Element:
    table = element("w:fonts")
    substitute = _SUBSTITUTES.get(layout.language.script, _SUBSTITUTE)
    for face in layout.faces:
        entry = element(
            "w:font",
            element("w:altName", val=substitute),
            element("w:family", val="swiss"),
            element("w:pitch", val="variable"),
            name=face.family,
        )
        for number, (family, weight, _, key, _) in enumerate(embedded, start=1):
            if family == face.family:
                entry.append(element(f"w:embed{weight}", r_id=f"rId{number}", fontKey=key))
        table.append(entry)
    return table


def _core(translated: TranslatedDocument, layout: Layout) -> Element:
    """Return the metadata. Its clock is the revision of the source, never the present time."""
    document, labels = translated.document, translated.labels
    day = f"{document.revision.isoformat()}T00:00:00Z"
    abbreviations = dict.fromkeys(n.text for n in walk(document) if isinstance(n, Abbreviation))
    edition = labels[f"edition-{layout.edition.name}"]
    author = ", ".join(document.authors) or _PRODUCT
    root: Element = parse_xml(f"<cp:coreProperties {nsdecls('cp', 'dc', 'dcterms', 'xsi')}/>")
    for name, words in (
        ("dc:title", plain_text(document.front.title.children)),
        ("dc:subject", plain_text(document.front.summary.children)),
        ("dc:creator", author),
        ("cp:keywords", ", ".join((edition, *abbreviations))),
        ("dc:description", plain_text(document.front.subtitle.children)),
        ("cp:lastModifiedBy", author),
        ("cp:revision", "1"),
        ("dcterms:created", day),
        ("dcterms:modified", day),
        ("cp:category", "Patient information"),
        ("cp:contentStatus", status_label(translated)),
        ("dc:language", translated.language.tag),
        ("cp:version", document.version),
    ):
        child = element(name)
        child.text = clean(words)
        if name.startswith("dcterms:"):
            child.set("{http://www.w3.org/2001/XMLSchema-instance}type", "dcterms:W3CDTF")
        root.append(child)
    return root
