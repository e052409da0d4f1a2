"""Selection: the part of a translated document that one handout publishes."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pipeline.diagnostics import UsageError
from pipeline.document import (
    Abbreviation,
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    Definition,
    DefinitionList,
    Document,
    EndNotes,
    Figure,
    Handout,
    Inline,
    Link,
    ListItem,
    Node,
    Note,
    NoteReference,
    OrderedList,
    Paragraph,
    Picture,
    Section,
    Segment,
    Table,
    Term,
    Text,
    ThematicBreak,
    TranslatedDocument,
    transform,
    walk,
)


def select(translated: TranslatedDocument, name: str) -> TranslatedDocument:
    """Return the handout `name`. Raises `UsageError` if there is none of this name, or nothing in it.

    Glossary entries and notes that the selection does not call are left out; links, terms and note
    references whose target is left out become plain words.
    """
    document = translated.document
    handout = next((h for h in document.handouts if h.id == name), None)
    if handout is None:
        known = ", ".join(h.id for h in document.handouts)
        raise UsageError(f"there is no handout “{name}”", hint=f"handouts.toml has: {known}")
    blocks = _keep(document.blocks, handout, inherited=not handout.include)
    chosen = replace(
        document,
        slug=f"{document.slug}/{handout.id}",
        front=handout.front,
        blocks=blocks,
        handouts=(),
        contents=handout.contents,
    )
    pruned = _prune(chosen)
    if not pruned.blocks:
        hint = "its include and exclude in handouts.toml leave nothing"
        raise UsageError(f"the handout “{name}” is empty", hint=hint)
    return replace(translated, document=_resolve(pruned))


def _ids(block: Node) -> frozenset[str]:
    """Return the ids by which a selection may name a block."""
    match block:
        case Section() | Table() | Figure() | Note():
            return frozenset({block.id})
        case Paragraph(text=segment):
            return frozenset({segment.id})
        case ListItem(blocks=(Paragraph(text=segment), *_)) | Definition(term=segment):
            return frozenset({segment.id})
        case _:
            return frozenset()


def _keep(blocks: Blocks, handout: Handout, *, inherited: bool) -> Blocks:
    """Return what `handout` keeps of `blocks`; `inherited` says that an ancestor is included."""
    kept: list[Block] = []
    for block in blocks:
        ids = _ids(block)
        if ids & set(handout.exclude):
            continue
        included = inherited or bool(ids & set(handout.include))
        match block:
            case Section() | Note() | BlockQuote():
                inner = _keep(block.blocks, handout, inherited=included)
                if inner:
                    kept.append(replace(block, blocks=inner))
            case BulletList() | OrderedList():
                items = tuple(made for i in block.items if (made := _keep_item(i, handout, included)))
                if items:
                    kept.append(replace(block, items=items))
            case DefinitionList():
                entries = tuple(entry for d in block.items if (entry := _keep_item(d, handout, included)))
                if entries:
                    kept.append(replace(block, items=entries))
            case Paragraph() | Table() | Figure() | Picture() | EndNotes() | ThematicBreak():
                if included:
                    kept.append(block)
    return tuple(kept)


Item = TypeVar("Item", bound=ListItem | Definition)


def _keep_item(item: Item, handout: Handout, inherited: bool) -> Item | None:
    """Return what `handout` keeps of a list's item: its own words as soon as anything in it is kept."""
    ids = _ids(item)
    if ids & set(handout.exclude):
        return None
    included = inherited or bool(ids & set(handout.include))
    inner = _keep(item.blocks, handout, inherited=included)
    if isinstance(item, ListItem) and inner and inner[0] != item.blocks[0]:
        inner = (item.blocks[0], *inner)
    return replace(item, blocks=inner) if inner else None


def _prune(document: Document) -> Document:
    """Drop what nothing calls (notes, glossary entries, full forms), and sections that this leaves empty."""
    pruned = _prune_notes(document)
    terms = _terms(pruned)
    used = {f"abbr-{n.id}" for n in walk(pruned) if isinstance(n, Abbreviation)}

    def prune(node: Node) -> Node:
        match node:
            case DefinitionList(items=entries, glossary=True):
                return replace(node, items=tuple(d for d in entries if d.entry in terms))
            case _:
                return node

    pruned = transform(pruned, prune)
    expansions = tuple(s for s in pruned.expansions if s.id in used)
    return replace(pruned, blocks=_nonempty(pruned.blocks), expansions=expansions)


def _prune_notes(document: Document) -> Document:
    """Drop the notes that nothing calls, and then those that only these called."""
    called = {n.id for n in walk(document) if isinstance(n, NoteReference)}

    def prune(node: Node) -> Node:
        match node:
            case EndNotes(items=items):
                return replace(node, items=tuple(i for i in items if i.id in called))
            case _:
                return node

    pruned = transform(document, prune)
    return pruned if pruned == document else _prune_notes(pruned)


def _terms(document: Document) -> frozenset[str]:
    """Return the glossary entries that the text calls, and those that their explanations call."""
    entries = {
        d.entry: d for n in walk(document) if isinstance(n, DefinitionList) and n.glossary for d in n.items
    }
    inside = {id(n) for d in entries.values() for n in walk(d)}
    wanted = {n.id for n in walk(document) if isinstance(n, Term) and id(n) not in inside}
    while (
        more := {n.id for name in wanted & entries.keys() for n in walk(entries[name]) if isinstance(n, Term)}
        - wanted
    ):
        wanted |= more
    return frozenset(wanted)


def _nonempty(blocks: Blocks) -> Blocks:
    kept: list[Block] = []
    for block in blocks:
        match block:
            case Section():
                inner = _nonempty(block.blocks)
                if inner:
                    kept.append(replace(block, blocks=inner))
            case EndNotes(items=()) | DefinitionList(items=()):
                pass
            case _:
                kept.append(block)
    return tuple(kept)


def _resolve(document: Document) -> Document:
    """Turn links, terms and note references without a target into their words."""
    nodes = list(walk(document))
    entries = {d.entry for d in nodes if isinstance(d, Definition)}
    anchors = {n.id for n in nodes if isinstance(n, Section | Table | Figure | Note | Segment)}
    notes = {i.id for n in nodes if isinstance(n, EndNotes) for i in n.items}

    def lost(inline: Inline) -> bool:
        match inline:
            case Term(id=name):
                return name not in entries
            case Link(target=target):
                return target.startswith("#") and target[1:] not in anchors
            case NoteReference(id=name):
                return name not in notes
            case _:
                return False

    def resolve(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        out: list[Inline] = []
        for inline in inlines:
            if not lost(inline):
                out.append(inline)
            elif not isinstance(inline, NoteReference):
                out.extend(getattr(inline, "children", ()))
        return _join(out)

    def change(node: Node) -> Node:
        # Whatever has children holds inlines; the type checker cannot know it of a Node.
        children = getattr(node, "children", None)
        return replace(node, children=resolve(children)) if isinstance(children, tuple) else node  # type: ignore[call-arg]

    return transform(document, change)


def _join(inlines: list[Inline]) -> tuple[Inline, ...]:
    joined: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = replace(joined[-1], text=joined[-1].text + inline.text)
        else:
            joined.append(inline)
    return tuple(joined)
