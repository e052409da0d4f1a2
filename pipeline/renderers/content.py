"""A document as HTML elements: what the web page, the e-book and the PDF have in common.

Elements are built as a tree and serialized by the standard library, so that text is always
escaped and always well-formed. The structure follows the document, never the look: headings in
order, lists as lists, a table's headings with their scope (WCAG 2.2 SC 1.3.1).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import assert_never

from pipeline.document import (
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    Definition,
    DefinitionList,
    Document,
    EndNotes,
    Figure,
    Heading,
    Image,
    ListItem,
    Note,
    NoteKind,
    OrderedList,
    Paragraph,
    Picture,
    Section,
    Segment,
    State,
    Table,
    ThematicBreak,
    TranslatedDocument,
    plain_text,
    walk,
)
from pipeline.languages import Language, language
from pipeline.renderers.elements import Content, append, element
from pipeline.renderers.front import Notice, notices, version_line
from pipeline.renderers.phrases import inlines, voice


def blocks(items: Blocks, to: Content) -> list[ET.Element]:
    """Return the elements of a run of blocks."""
    return [made for item in items for made in block(item, to)]


def block(node: Block, to: Content) -> list[ET.Element]:
    """Return the elements of one block."""
    match node:
        case Section():
            head = heading(node.heading, to, anchor=False)
            return [
                element(
                    "section",
                    head,
                    *blocks(node.blocks, to),
                    id=node.id,
                    class_="apart" if node.apart else None,
                    aria_labelledby=f"{node.id}_heading",
                )
            ]
        case Paragraph(text=segment):
            return [_segment("p", segment, to)]
        case BulletList(items=items):
            return [element("ul", *(_item(i, to) for i in items))]
        case OrderedList(items=items, start=start):
            return [element("ol", *(_item(i, to) for i in items), start=None if start == 1 else str(start))]
        case DefinitionList():
            return [_definitions(node, to)]
        case Table():
            return [_table(node, to)]
        case Figure():
            return [_figure(node, to)]
        case Picture():
            return [_bitmap(node, to)]
        case Note():
            return [_note(node, to)]
        case EndNotes():
            return [_end_notes(node, to)]
        case BlockQuote(blocks=inner):
            return [element("blockquote", *blocks(inner, to))]
        case ThematicBreak():
            return [element("hr")]
        case _:
            assert_never(node)


# The ids that we add have an underscore, which no id of the source has.


def heading(node: Heading, to: Content, *, anchor: bool = True) -> ET.Element:
    """Return a heading. With `anchor` it carries the id itself; else its section does."""
    level = min(node.level + to.heading_offset, 6)
    made = _segment(f"h{level}", node.text, to)
    made.set("id", node.id if anchor else f"{node.id}_heading")
    return made


def _segment(name: str, segment: Segment, to: Content, *, anchor: bool = True) -> ET.Element:
    made = element(name, *inlines(segment.children, to), id=segment.id if anchor else None)
    if segment.state in (State.UNTRANSLATED, State.FUZZY):
        made.set("class", "untranslated")
    return made


def _item(item: ListItem, to: Content) -> ET.Element:
    match item.blocks:
        case (Paragraph(text=segment), *rest) if all(isinstance(b, BulletList | OrderedList) for b in rest):
            made = _segment("li", segment, to)
            append(made, blocks(tuple(rest), to))
            return made
        case _:
            return element("li", *blocks(item.blocks, to))


def _definitions(node: DefinitionList, to: Content) -> ET.Element:
    made = element("dl", class_="glossary" if node.glossary else None)
    for item in node.items:
        made.append(_term(item, to))
        match item.blocks:
            case (Paragraph(text=segment),):
                made.append(_segment("dd", segment, to))
            case _:
                made.append(element("dd", *blocks(item.blocks, to)))
    return made


def _term(item: Definition, to: Content) -> ET.Element:
    made = _segment("dt", item.term, to)
    if item.entry:
        made.set("id", f"term-{item.entry}")
    return made


def _table(node: Table, to: Content) -> ET.Element:
    head = element("tr", *(_cell("th", c, to, scope="col") for c in node.head.cells))
    names = [plain_text(cell.children) for cell in node.head.cells]
    rows = []
    for row in node.body:
        first, *rest = row.cells
        made = [_cell("th", first, to, scope="row"), *(_cell("td", c, to) for c in rest)]
        for cell, name in zip(made, names, strict=True):
            cell.set("data-head", name)
        rows.append(element("tr", *made))
    return element(
        "table",
        _segment("caption", node.caption, to),
        element("thead", head),
        element("tbody", *rows),
        id=node.id,
    )


def _cell(name: str, segment: Segment, to: Content, *, scope: str | None = None) -> ET.Element:
    made = _segment(name, segment, to)
    if scope:
        made.set("scope", scope)
    return made


def _figure(node: Figure, to: Content) -> ET.Element:
    panels = element("div", *(_picture(image, to) for image in node.images), class_="panels")
    caption = element("figcaption", *inlines(node.caption.children, to), id=node.caption.id)
    long = element(
        "div",
        element("p", to.labels["figure-description"], class_="description-title"),
        *blocks(node.description, to),
        class_="description",
    )
    return element(
        "div",
        element("figure", panels, caption, id=node.id),
        long,
        class_=f"figure {'pair' if len(node.images) > 1 else 'single'}",
    )


def _picture(image: Image, to: Content) -> ET.Element:
    made = to.picture(image)
    made.attrib.update({name: value for name, value in voice(image.alt, to).items() if value})
    return made


def _bitmap(node: Picture, to: Content) -> ET.Element:
    made = to.bitmap(node)
    made.attrib.update({name: value for name, value in voice(node.alt, to).items() if value})
    return element("div", made, id=node.alt.id, class_=f"bitmap {'floating' if node.floating else 'alone'}")


def _note(node: Note, to: Content) -> ET.Element:
    head = [heading(node.heading, to)] if node.heading else []
    labelled = node.heading.id if node.heading else None
    made = element(
        "div",
        *head,
        id=node.id,
        class_=f"note {node.kind.value}",
        role="note" if labelled is None else "group",
    )
    if labelled:
        made.set("aria-labelledby", labelled)
    if node.kind is NoteKind.CONTACT:
        for item in node.blocks:
            for child in block(item, to):
                child.set("class", "write-in")
                made.append(child)
    else:
        append(made, blocks(node.blocks, to))
    return made


def _end_notes(node: EndNotes, to: Content) -> ET.Element:
    made = element("ol", class_="notes")
    for item in sorted(node.items, key=lambda i: to.numbers.get(i.id, 0)):
        number = to.language.localize_digits(str(to.numbers[item.id]))
        back = element(
            "a",
            to.labels["back-to-text"],
            href=to.href(f"call_{item.id}"),
            class_="back",
            role="doc-backlink",
        )
        label = element("span", f"[{number}] ", class_="note-number")
        words = element("span", *inlines(item.text.children, to), id=item.text.id)
        made.append(element("li", label, words, " ", back, id=f"note_{item.id}"))
    return made


def notice(item: Notice, own: Language) -> ET.Element:
    """Return one notice of the first page, with its own language where it differs."""
    other = item.language != own.tag
    tag = item.language if other else None
    return element(
        "div",
        element("p", element("strong", item.title, class_="notice-title"), ". ", item.text),
        class_="notice",
        role="note",
        lang=tag,
        dir=language(item.language).direction if other else None,
    )


def front_matter(translated: TranslatedDocument, to: Content) -> list[ET.Element]:
    """Return what stands before the leaflet: its title, the notices, for whom it is, which version.

    The notices come right behind the title: in giant print the first page would end before them.
    """
    title, subtitle = translated.document.front.title, translated.document.front.subtitle
    return [
        element("h1", plain_text(title.children), id=title.id, **voice(title, to)),
        *(notice(item, translated.language) for item in notices(translated)),
        element("p", plain_text(subtitle.children), class_="subtitle", id=subtitle.id, **voice(subtitle, to)),
        element("p", version_line(translated), class_="version"),
    ]


def toc_entries(document: Document, *, depth: int = 3) -> list[tuple[Heading, str]]:
    """Return the headings down to level `depth` with their anchors, in order."""
    found: list[tuple[Heading, str]] = []
    for node in walk(document):
        match node:
            case Section(heading=head) if head.level <= depth:
                found.append((head, head.id))
            case Note(heading=Heading(level=2) as head):
                found.append((head, head.id))
            case _:
                pass
    return found
