"""Grafting: an organization's page into a finished Word document, in the place of the one that stands last.

A package is a zip of parts. Of a copy four of them are its own: the text, its relationships, the pictures
of the page and the passport; all else is the stencil's, still compressed. Ids and names are counted on as
the whole would count them, so that a copy made either way is the same file.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from pipeline.diagnostics import RenderError
from pipeline.document import (
    Definition,
    DefinitionList,
    Heading,
    LineBreak,
    Link,
    Node,
    Paragraph,
    Picture,
    Section,
    Segment,
    Text,
    TranslatedDocument,
    Value,
    walk,
)
from pipeline.editions import Layout
from pipeline.passport import Passport
from pipeline.renderers.docx.base import empty_document
from pipeline.renderers.docx.blocks import blocks
from pipeline.renderers.docx.custom import custom_properties
from pipeline.renderers.docx.inlines import begin
from pipeline.renderers.docx.ooxml import Element, bookmark_name, element, serialize
from pipeline.renderers.package import Member, Opening, join, members_of, pack

_TYPES = "[Content_Types].xml"
_DOCUMENT, _RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
_PASSPORT = "docProps/custom.xml"
_FOLDER, _RELATIONS_END = "word/", b"</Relationships>"
_PNG = b"\x89PNG"

# What the text itself refers to; the other relationships are those of the package.
_REFERRED = (RELATIONSHIP_TYPE.HYPERLINK, RELATIONSHIP_TYPE.IMAGE)
_REFERENCES = (qn("r:id"), qn("r:embed"))

# What takes nothing from the rest of a leaflet: no list, no note, no word of the glossary.
_SELF_CONTAINED = (
    Section,
    Heading,
    Paragraph,
    DefinitionList,
    Definition,
    Picture,
    Segment,
    Text,
    Value,
    Link,
    LineBreak,
)


@dataclass(frozen=True, slots=True)
class Stand:
    """A stencil without its last page, read once for all copies.

    `members` are the parts that no copy changes. The text is `before`, the page, and `after`; `relations`
    is the part of relationships without its end. `ids` are those of all relationships, `linked` those to
    addresses, `shown` those to pictures, by SHA-256; `media` are the parts of these. `bookmark` and
    `picture` are the last numbers given, `images` is whether the package may hold a PNG.
    """

    members: tuple[Member, ...]
    before: Opening
    after: bytes
    relations: bytes
    ids: frozenset[str]
    linked: Mapping[str, str]
    shown: Mapping[str, str]
    media: frozenset[str]
    bookmark: int
    picture: int
    images: bool


@dataclass(slots=True)
class _Part:
    """Stands in for the document part while a page is written: hands out ids behind those of the stencil.

    It begins with what the stencil has; `relations` and `media` are what the page adds.
    """

    linked: dict[str, str]
    shown: dict[str, str]
    ids: set[str]
    names: set[str]
    relations: list[Element] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)

    def relate_to(self, target: str, reltype: str, is_external: bool = False) -> str:
        """Return the id of the relationship to `target`."""
        if target not in self.linked:
            self.linked[target] = self._relate(reltype, target, is_external=is_external)
        return self.linked[target]

    def get_or_add_image(self, image_descriptor: IO[bytes]) -> tuple[str, bytes]:
        """Return the id of the relationship to a picture, and the picture."""
        data = image_descriptor.read()
        digest = _digest(data)
        if digest not in self.shown:
            name = _free("word/media/image{}.png", self.names)
            self.media[name] = data
            self.shown[digest] = self._relate(RELATIONSHIP_TYPE.IMAGE, name.removeprefix(_FOLDER))
        return self.shown[digest], data

    def _relate(self, kind: str, target: str, *, is_external: bool = False) -> str:
        own = _free("rId{}", self.ids)
        made = {"Id": own, "Type": kind, "Target": target}
        mode = {"TargetMode": "External"} if is_external else {}
        self.relations.append(etree.Element("Relationship", {**made, **mode}))
        return own


def _free(pattern: str, taken: set[str]) -> str:
    """Return the first name of a pattern that is free, and take it."""
    name = next(own for own in map(pattern.format, itertools.count(1)) if own not in taken)
    taken.add(name)
    return name


def stand_of(stencil: bytes, page: TranslatedDocument) -> Stand:
    """Return a stencil made ready for copies; `page` is its last page alone. Raises `RenderError`."""
    members = members_of(stencil)
    with zipfile.ZipFile(io.BytesIO(stencil)) as archive:
        parts = {name: archive.read(name) for name in members}
    if _PASSPORT not in parts:
        raise RenderError("the document has no passport that could be replaced")
    document, related = _tree(parts[_DOCUMENT]), _tree(parts[_RELATIONS])
    before, after = _parted(document, page)
    used = {value for node in document.iter() for key, value in node.items() if key in _REFERENCES}
    gone = [r for r in related if r.get("Type") in _REFERRED and r.get("Id") not in used]
    for relation in gone:
        related.remove(relation)
    linked = _targets(related, RELATIONSHIP_TYPE.HYPERLINK)
    shown = {f"{_FOLDER}{name}": own for name, own in _targets(related, RELATIONSHIP_TYPE.IMAGE).items()}
    left = {f"{_FOLDER}{relation.get('Target')}" for relation in gone} - shown.keys()
    changed = {_DOCUMENT, _RELATIONS, _PASSPORT, *left}
    return Stand(
        members=tuple(member for name, member in members.items() if name not in changed),
        before=Opening(_DOCUMENT, before),
        after=after,
        relations=serialize(related).removesuffix(_RELATIONS_END),
        ids=frozenset(str(relation.get("Id")) for relation in related),
        linked=linked,
        shown={_digest(parts[name]): own for name, own in shown.items()},
        media=frozenset(shown),
        bookmark=_last(document.iter(qn("w:bookmarkStart")), qn("w:id")),
        picture=_last(document.iter(qn("wp:docPr")), "id"),
        images=any(default.get("Extension") == "png" for default in _tree(parts[_TYPES])),
    )


def graft(stand: Stand, page: TranslatedDocument, layout: Layout, *, passport: Passport) -> bytes | None:
    """Return the stencil with the page of an organization alone, `page`, and with its passport.

    Returns None if the page takes more than its own words: then the whole must be written.
    """
    if not all(_self_contained(node, stand) for item in page.document.blocks for node in walk(item)):
        return None
    part = _Part(dict(stand.linked), dict(stand.shown), set(stand.ids), set(stand.media))
    to = begin(page, layout, part=part, lists=element("w:numbering"))
    to.counters.bookmark, to.counters.picture = stand.bookmark, stand.picture
    document = empty_document()
    document[0].extend(blocks(page.document.blocks, to))
    relations = b"".join(etree.tostring(made, encoding="UTF-8") for made in part.relations)
    return join(
        (
            *stand.members,
            stand.before.member(_inside(serialize(document)) + stand.after),
            pack(_RELATIONS, stand.relations + relations + _RELATIONS_END),
            pack(_PASSPORT, custom_properties(passport)),
            *(pack(name, data) for name, data in part.media.items()),
        )
    )


def _self_contained(node: Node, stand: Stand) -> bool:
    match node:
        case Picture(data=data):
            return stand.images and data.startswith(_PNG)
        case Definition(entry=entry):
            return not entry
        case _:
            return isinstance(node, _SELF_CONTAINED)


def _parted(document: Element, page: TranslatedDocument) -> tuple[bytes, bytes]:
    """Take the last page out of a document; return what stood before it and what stands behind.

    Raises `RenderError` if there is no such page.
    """
    match page.document.blocks:
        case (Section(heading=heading, apart=True),):
            name = bookmark_name(heading.text.id)
        case _:
            raise RenderError("the page is not a section of its own")
    body = document[0]
    *content, last = body
    starts = [
        at
        for at, made in enumerate(content)
        if any(mark.get(qn("w:name")) == name for mark in made.findall(qn("w:bookmarkStart")))
    ]
    if len(starts) != 1 or last.tag != qn("w:sectPr"):
        raise RenderError("the last page is not a section of its own: there is no place for another")
    for made in content[starts[0] :]:
        body.remove(made)
    here = etree.ProcessingInstruction("page")
    last.addprevious(here)
    before, after = serialize(document).split(etree.tostring(here, with_tail=False))
    body.remove(here)
    return before, after


def _inside(document: bytes) -> bytes:
    """Return what stands in the body of a serialized document."""
    start, end = b"<w:body>", b"</w:body>"
    return document[document.index(start) + len(start) : document.rindex(end)]


def _targets(related: Element, kind: str) -> dict[str, str]:
    """Return what relationships of a kind lead to, with their ids."""
    return {str(r.get("Target")): str(r.get("Id")) for r in related if r.get("Type") == kind}


def _last(nodes: Iterable[Element], key: str) -> int:
    return max((int(node.get(key, "0")) for node in nodes), default=0)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _tree(data: bytes) -> Element:
    root: Element = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    return root
