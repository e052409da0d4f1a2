"""A document as HTML elements: what the web page, the e-book and the PDF have in common.

Elements are built as a tree and serialized by the standard library, so that text is always
escaped and always well-formed. The structure follows the document, never the look: headings in
order, lists as lists, a table's headings with their scope (WCAG 2.2 SC 1.3.1).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import assert_never

from pipeline.document import (
    Abbreviation,
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    Definition,
    DefinitionList,
    Document,
    Emphasis,
    EndNotes,
    Figure,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    ListItem,
    Note,
    NoteKind,
    NoteReference,
    OrderedList,
    Paragraph,
    Section,
    Segment,
    Span,
    State,
    Strong,
    Table,
    Term,
    Text,
    ThematicBreak,
    TranslatedDocument,
    Value,
    note_numbers,
    plain_text,
    walk,
)
from pipeline.interface import fill
from pipeline.languages import Language, language
from pipeline.renderers.front import Notice, notices


@dataclass(frozen=True, slots=True)
class Content:
    """How one format writes a document's elements.

    `picture` returns the element that shows an image. `href` returns the address of an anchor,
    which in an e-book lies in another file. `heading_offset` moves all levels (an e-book's files
    each begin with level 1). `called` fills with the notes that the text has called so far.
    """

    translated: TranslatedDocument
    picture: Callable[[Image], ET.Element]
    href: Callable[[str], str] = lambda anchor: f"#{anchor}"
    heading_offset: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.translated.language

    @property
    def labels(self) -> dict[str, str]:
        """The interface's words."""
        return dict(self.translated.labels)


def content(
    translated: TranslatedDocument,
    picture: Callable[[Image], ET.Element],
    *,
    href: Callable[[str], str] = lambda anchor: f"#{anchor}",
    heading_offset: int = 0,
) -> Content:
    """Return the settings for writing `translated`, with its notes numbered."""
    return Content(translated, picture, href, heading_offset, note_numbers(translated.document))


def element(tag: str, /, *children: ET.Element | str | None, **attributes: str | None) -> ET.Element:
    """Return an element; `class_` and `for_` lose their underscore, `aria_x` becomes `aria-x`."""
    made = ET.Element(
        tag, {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items() if v is not None}
    )
    append(made, children)
    return made


def append(parent: ET.Element, children: Iterable[ET.Element | str | None]) -> None:
    """Append elements and strings to `parent`."""
    for child in children:
        if child is None:
            continue
        if isinstance(child, ET.Element):
            parent.append(child)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + child
        else:
            parent.text = (parent.text or "") + child


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


def inlines(nodes: Inlines, to: Content) -> list[ET.Element | str]:
    """Return elements and strings for a run of inlines."""
    return [inline(node, to) for node in nodes]


def inline(node: Inline, to: Content) -> ET.Element | str:
    """Return the element or string for one inline."""
    match node:
        case Text(text) | Value(text=text):
            return text
        case Strong(children):
            return element("strong", *inlines(children, to))
        case Emphasis(children):
            return element("em", *inlines(children, to))
        case Link(target, children):
            href = to.href(target[1:]) if target.startswith("#") else target
            kind = None if target.startswith("#") else "external"
            return element("a", *inlines(children, to), href=href, class_=kind)
        case Term(name, children):
            return element("a", *inlines(children, to), href=to.href(f"term-{name}"), class_="term")
        case Abbreviation(text=text, expansion=expansion):
            # An abbreviation in Latin letters is isolated, so that it cannot turn its brackets round.
            made = element("abbr", text, title=expansion)
            return element("bdi", made) if to.language.rtl else made
        case Span(tag, children):
            return element("span", *inlines(children, to), lang=tag, dir=_direction(tag, to))
        case NoteReference(name):
            return _call(name, to)
        case LineBreak():
            return element("br")
        case _:
            assert_never(node)


def _direction(tag: str, to: Content) -> str | None:
    other = language(tag)
    return other.direction if other.rtl != to.language.rtl else None


def voice(segment: Segment, to: Content) -> dict[str, str | None]:
    """Return language and direction for the words of a segment without its markup.

    A segment that fell back to the source's language is one `Span` of it (WCAG 2.2 SC 3.1.2).
    """
    match segment.children:
        case (Span(tag),):
            return {"lang": tag, "dir": _direction(tag, to)}
        case _:
            return {}


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


def _call(name: str, to: Content) -> ET.Element:
    number = to.language.localize_digits(str(to.numbers[name]))
    # A note leads back to its first call; an id stands once.
    first = name not in to.called
    to.called.add(name)
    return element(
        "a",
        f"[{number}]",
        href=to.href(f"note_{name}"),
        id=f"call_{name}" if first else None,
        class_="call",
        aria_label=fill(to.labels["note"], number=number),
        role="doc-noteref",
    )


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


def front_notices(translated: TranslatedDocument) -> list[ET.Element]:
    """Return the notices of the first page."""
    return [notice(item, translated.language) for item in notices(translated)]


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
