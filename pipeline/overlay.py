"""The overlay: an organization's own page behind a handout, merged without touching the handout.

The page is made of the same nodes as every other, so that each format writes it as it writes all; it
stands last and apart, so that what comes before is the same in every copy, line by line.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from pipeline.document import (
    Block,
    Definition,
    DefinitionList,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Paragraph,
    Picture,
    Role,
    Section,
    Segment,
    State,
    Text,
    TranslatedDocument,
    Value,
)
from pipeline.interface import fill
from pipeline.languages import first_direction
from pipeline.organisations import Organisation, dialled, in_language

# The page's own id; no id of a source has an underscore.
PAGE = "provider_"

# The side of a code to scan, in mm, with its quiet zone: modules of 0.4 mm or more for 200 characters.
_CODE_MM = 32.0
_DOTS_PER_MODULE = 8
_NAME = "{name}"


# Stands for any organization where a copy is made ready for all of them.
PLACEHOLDER = Organisation(
    id="stencil", names=(("", "–"),), phone="000", web="https://example.org", web_shown="example.org"
)


def overlay(translated: TranslatedDocument, organisation: Organisation) -> TranslatedDocument:
    """Return a handout with the page of an organization behind it; all else stays as it is."""
    document = translated.document
    page = provider_page(translated, organisation)
    return replace(translated, document=replace(document, blocks=(*document.blocks, page)))


def alone(translated: TranslatedDocument) -> TranslatedDocument:
    """Return of a handout with an overlay nothing but the page of the organization."""
    document = translated.document
    return replace(translated, document=replace(document, blocks=document.blocks[-1:], contents=False))


def provider_page(translated: TranslatedDocument, organisation: Organisation) -> Section:
    """Return the page of an organization in the language of a handout."""
    labels, tag = translated.labels, translated.language.tag
    name = in_language(organisation.names, tag)
    blocks: list[Block] = []
    if organisation.logo:
        described = in_language(organisation.logo_alts, tag) or fill(labels["logo-alt"], name=name)
        logo = organisation.logo
        alt = _segment("logo", Role.ALTERNATIVE, Text(described))
        blocks.append(Picture("logo.png", logo.data, alt, logo.width, logo.height))
    before, _, after = labels["provided-by"].partition(_NAME)
    blocks.append(Paragraph(_segment("by", Role.PARAGRAPH, Text(before), _value("name", name), Text(after))))
    entries = tuple(_entries(translated, organisation))
    if entries:
        blocks.append(DefinitionList(entries))
    if organisation.web:
        alt = _segment("code", Role.ALTERNATIVE, Text(fill(labels["qr-alt"], address=organisation.web)))
        blocks.append(Picture("code.png", _code(organisation.web), alt, _CODE_MM, _CODE_MM, floating=True))
        # On a line of its own, the address is seldom broken.
        words = (Text(labels["qr-text"]), LineBreak(), _link("web", organisation.web, organisation.web_shown))
        blocks.append(Paragraph(_segment("scan", Role.PARAGRAPH, *words)))
    blocks.append(Paragraph(_segment("note", Role.PARAGRAPH, Text(labels["provider-note"]))))
    title = Segment(PAGE, Role.HEADING, (Text(labels["provider-heading"]),), state=State.SIGNED)
    return Section(Heading(2, title), tuple(blocks), apart=True)


def _entries(translated: TranslatedDocument, organisation: Organisation) -> Iterator[Definition]:
    """Yield each way to reach an organization, the number for emergencies first."""
    address = in_language(organisation.addresses, translated.language.tag)
    ways: tuple[tuple[str, Inlines], ...] = (
        ("emergency", _number(organisation.emergency)),
        ("phone", _number(organisation.phone)),
        ("email", _mail(organisation.email)),
        ("address", tuple(_lines(address))),
    )
    for name, shown in ways:
        if shown:
            label = _segment(f"{name}-label", Role.TERM, Text(translated.labels[name]))
            yield Definition(label, (Paragraph(_segment(name, Role.EXPLANATION, *shown)),))


def _segment(name: str, role: Role, *children: Inline) -> Segment:
    # What is no translation has nothing to be reviewed: it must not make a reviewed leaflet a draft.
    kept = tuple(c for c in children if not isinstance(c, Text) or c.text)
    return Segment(f"{PAGE}{name}", role, kept, state=State.SIGNED)


def _value(name: str, text: str) -> Value:
    """Return a value in its own direction, which no text around it turns."""
    return Value(name, text, first_direction(text))


def _link(name: str, target: str, text: str) -> Link:
    return Link(target, (Value(name, text, "ltr"),))


def _number(number: str) -> Inlines:
    return (_link("phone", dialled(number), number),) if number else ()


def _mail(address: str) -> Inlines:
    return (_link("email", f"mailto:{address}", address),) if address else ()


def _lines(address: str) -> Iterator[Value | LineBreak]:
    for number, line in enumerate(address.splitlines()):
        if number:
            yield LineBreak()
        yield _value("address", line)


@lru_cache(maxsize=256)
def _code(address: str) -> bytes:
    """Return a QR code (ISO/IEC 18004) as a PNG; a quarter of it may be damaged, as on a creased sheet."""
    import segno  # noqa: PLC0415

    out = io.BytesIO()
    segno.make_qr(address, error="q", boost_error=False).save(
        out, kind="png", scale=_DOTS_PER_MODULE, border=4
    )
    return out.getvalue()
