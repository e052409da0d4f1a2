"""Translation: a document → messages; a document and a catalog → a translated document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeAlias

from pipeline import interface
from pipeline.catalogs import Catalog, Entry, Ledger, Message, digest_of
from pipeline.diagnostics import Diagnostic, Location, Severity, TranslationError
from pipeline.document import (
    Abbreviation,
    DefinitionList,
    Document,
    Node,
    Role,
    Segment,
    Span,
    State,
    Text,
    TranslatedDocument,
    Value,
    plain_text,
    segments,
    transform,
)
from pipeline.languages import Language
from pipeline.translation.markup import MarkupError, message_text, parse
from pipeline.translation.pseudo import pseudo

__all__ = [
    "Approval",
    "MarkupError",
    "credit",
    "digests",
    "extract",
    "extract_interface",
    "message_text",
    "parse",
    "pseudo",
    "translate",
    "translate_interface",
]


# What says in words that it is still in the source's language; titles, headings and terms, which stand
# in lists and in metadata too, only look so.
_MARKED = frozenset({Role.PARAGRAPH, Role.ITEM, Role.CELL, Role.CAPTION, Role.EXPLANATION, Role.NOTE})

# Whether a segment is signed off, by its id, its source text and its translation.
Approval: TypeAlias = Callable[[str, str, str], bool]


def _never(_: str, __: str, ___: str) -> bool:
    return False


def extract(document: Document) -> tuple[Message, ...]:
    """Return the messages of a document, in its order, each segment once."""
    unique = {segment.id: segment for segment in segments(document)}
    return tuple(_message(segment) for segment in unique.values())


def _message(segment: Segment) -> Message:
    comments = tuple(filter(None, (segment.role.value, segment.note)))
    path = segment.location.path.as_posix() if segment.location else "source/handouts.toml"
    return Message(segment.id, message_text(segment.children), comments, (path,))


def extract_interface() -> tuple[Message, ...]:
    """Return the messages of the interface."""
    return tuple(
        Message(context, label.text, tuple(filter(None, (label.note,))), ("pipeline/interface.py",))
        for context, label in interface.LABELS.items()
    )


def translate_interface(catalog: Catalog | None) -> dict[str, str]:
    """Return the interface's labels in the catalog's language; English where it has none.

    Raises `TranslationError` if a translation lacks a placeholder of its label.
    """
    labels = interface.english()
    faults = []
    for context, text in labels.items():
        entry = catalog.get(context) if catalog else None
        if entry is None or entry.fuzzy or not entry.translation or entry.id != text:
            continue
        if interface.placeholders(entry.translation) != interface.placeholders(text):
            faults.append(_fault("T002", f"the placeholders differ from those of “{text}”", catalog, entry))
        labels[context] = entry.translation
    if faults:
        raise TranslationError("the interface's catalog cannot be used", diagnostics=faults)
    return labels


def translate(
    document: Document,
    language: Language,
    *,
    catalog: Catalog | None,
    labels: Mapping[str, str],
    approved: Approval = _never,
) -> TranslatedDocument:
    """Return `document` in `language`, with the words of `catalog`.

    A segment without a good translation (none, fuzzy, or made from another source text) stays in
    the source language, inside a `Span` of it, behind a mark in the reader's. Without a catalog the
    document stays as it is but for its values. What is `approved` counts as signed off; text in the
    source language is its own translation. Raises `TranslationError` with every entry whose tags are
    wrong.
    """
    faults: list[Diagnostic] = []
    source = _Source(document.language, labels["untranslated"])

    def words(node: Node) -> Node:
        if not isinstance(node, Segment):
            return node
        made, translation = node, message_text(node.children)
        if catalog is not None:
            made = _translate_segment(node, catalog, source=source, faults=faults)
            if made.state is not State.DRAFT:
                return made
            entry = catalog.get(node.id)
            translation = entry.translation if entry else ""
        signed = approved(node.id, message_text(node.children), translation)
        return replace(made, state=State.SIGNED) if signed else made

    translated = transform(document, words)
    if faults:
        raise TranslationError(f"{len(faults)} translations have wrong tags", diagnostics=faults)
    translated = replace(translated, language=language)
    values = _values(document, language, labels)
    full_forms = {s.id.removeprefix("abbr-"): plain_text(s.children) for s in translated.expansions}

    def fill(node: Node) -> Node:
        match node:
            case Value(name=name):
                return replace(node, text=values[name])
            case Abbreviation(id=name):
                return replace(node, expansion=full_forms.get(name, node.expansion))
            case DefinitionList(items=items, glossary=True):
                ordered = sorted(items, key=lambda d: language.sort_key(plain_text(d.term.children)))
                return replace(node, items=tuple(ordered))
            case _:
                return node

    return TranslatedDocument(transform(translated, fill), labels, document.language)


def digests(document: Document, catalog: Catalog | None) -> Mapping[str, str]:
    """Return what a reviewer of each segment would sign: its id and the digest of its words.

    Segments without a good translation are left out. Without a catalog the source itself is reviewed.
    """
    found: dict[str, str] = {}
    for message in extract(document):
        if catalog is None:
            found[message.context] = digest_of(message.id, message.id)
            continue
        entry = catalog.get(message.context)
        if entry and entry.translation and not entry.fuzzy and entry.id == message.id:
            found[message.context] = digest_of(message.id, entry.translation)
    return found


def credit(translated: TranslatedDocument, ledger: Ledger, signed: Mapping[str, str]) -> TranslatedDocument:
    """Return a handout that names its reviewers, if each of its segments is signed off.

    `signed` holds the digests of the language's segments. MedlinePlus, for one, lists a translation
    only with the names and credentials of those who reviewed it, and the date.
    """
    if translated.status is not State.SIGNED:
        return translated
    own = {s.id for s in segments(translated.document)}
    reviews = ledger.reviewers({name: digest for name, digest in signed.items() if name in own})
    names = dict.fromkeys(
        ", ".join(filter(None, (r.who, r.credentials, translated.language.date(r.signed)))) for r in reviews
    )

    def name_them(node: Node) -> Node:
        if isinstance(node, Value) and node.name == "reviewers":
            return replace(node, text="; ".join(names))
        return node

    return replace(translated, document=transform(translated.document, name_them))


@dataclass(frozen=True, slots=True)
class _Source:
    """The language that a segment falls back to, and what is said in front of it."""

    language: Language
    mark: str


def _translate_segment(
    segment: Segment, catalog: Catalog, *, source: _Source, faults: list[Diagnostic]
) -> Segment:
    entry = catalog.get(segment.id)
    if entry is None or not entry.translation:
        return _fall_back(segment, State.UNTRANSLATED, source)
    if entry.fuzzy or entry.id != message_text(segment.children):
        return _fall_back(segment, State.FUZZY, source)
    try:
        children = parse(entry.translation, segment.children)
    except MarkupError as error:
        hint = f"the message is: {entry.id}"
        faults.append(_fault("T001", str(error), catalog, entry, hint=hint))
        return segment
    return replace(segment, children=children, state=State.DRAFT)


def _fall_back(segment: Segment, state: State, source: _Source) -> Segment:
    # A label inside a picture is plain text; everything else says aloud which language it is in.
    if all(isinstance(c, Text) for c in segment.children) and segment.role is Role.LABEL:
        return replace(segment, state=state)
    words = Span(source.language.tag, segment.children)
    mark = (Text(f"[{source.mark}] "),) if segment.role in _MARKED else ()
    return replace(segment, children=(*mark, words), state=state)


def _fault(code: str, message: str, catalog: Catalog | None, entry: Entry, *, hint: str = "") -> Diagnostic:
    path = catalog.path if catalog and catalog.path else PurePosixPath("catalog")
    place = Location(path, entry.line)
    return Diagnostic(code, Severity.ERROR, f"“{entry.context}”: {message}", place, hint)


def _values(document: Document, language: Language, labels: Mapping[str, str]) -> dict[str, str]:
    unknown = labels["unknown"]
    return {
        "issued": language.date(document.revision),
        "review": language.date(document.review),
        "version": language.localize_digits(document.version),
        "licence": document.licence or unknown,
        "authors": ", ".join(document.authors) or unknown,
        "reviewers": ", ".join(document.reviewers) or unknown,
    }
