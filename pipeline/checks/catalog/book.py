"""A catalog as its checks see it: pairs of source and translation, and what they are measured by.

A translator can set a finding aside for one entry, with a reason, in the entry's own comment, which
every editor of PO files shows and keeps:

    # allow T031: the sentence ends in an abbreviation
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median

from pipeline.catalogs import Catalog, Entry, Message
from pipeline.catalogs.tags import without_tags
from pipeline.diagnostics import Location
from pipeline.languages import Language

_ALLOW = re.compile(r"\s*allow\s+(T\d{3})\s*:?\s*(.*)", re.IGNORECASE)
_TERM = re.compile(r'<term id="([^"]+)">(.*?)</term>', re.DOTALL)
_ABBREVIATION = re.compile(r'<abbr id="[^"]+">(.*?)</abbr>', re.DOTALL)
_FOREIGN = re.compile(r'<(span) lang="[^"]+">.*?</span>', re.DOTALL)

# Shorter texts are no measure of how long a language is.
_MEASURED = 40


@dataclass(frozen=True, slots=True)
class Override:
    """A finding that the translator set aside for one entry: the rule's code, and why."""

    code: str
    reason: str


@dataclass(frozen=True)  # no slots: what is asked for again and again is worked out once
class Pair:
    """A message and its translation, with tags and without. `role` is what the segment is for."""

    id: str
    role: str
    message: str
    msgstr: str
    location: Location | None = None
    overrides: tuple[Override, ...] = ()

    @cached_property
    def source(self) -> str:
        """The words of the message."""
        return without_tags(self.message)

    @cached_property
    def translation(self) -> str:
        """The words of the translation."""
        return without_tags(self.msgstr)

    @cached_property
    def own_words(self) -> str:
        """The words of the translation without abbreviations and passages in other languages."""
        return without_tags(_FOREIGN.sub(" ", _ABBREVIATION.sub(" ", self.msgstr)))

    @property
    def abbreviations(self) -> tuple[str, ...]:
        """The abbreviations of the message."""
        return tuple(without_tags(text) for text in _ABBREVIATION.findall(self.message))

    @property
    def terms(self) -> tuple[tuple[str, str, str], ...]:
        """The glossary terms in both texts: id, words of the message, words of the translation."""
        translated = dict(_TERM.findall(self.msgstr))
        return tuple(
            (name, without_tags(words), without_tags(translated[name]))
            for name, words in _TERM.findall(self.message)
            if name in translated
        )

    def allows(self, code: str) -> bool:
        """Whether the rule `code` is set aside for this entry, with a reason."""
        return any(override.code == code and override.reason for override in self.overrides)


@dataclass(frozen=True)
class Book:
    """All translations in use of one catalog.

    `terms` maps glossary ids to the source's word and the agreed translation; `kept` are words that
    no language changes; `growth` is how much longer the language is, as the median over long texts.
    """

    language: Language
    pairs: tuple[Pair, ...]
    terms: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    @cached_property
    def own_words(self) -> str:
        """The words of all translations, in order, without those of other languages."""
        return " ".join(pair.own_words for pair in self.pairs)

    @cached_property
    def growth(self) -> float:
        """How many characters of translation come for one of the source: the median over long texts."""
        long = [p for p in self.pairs if len(p.source) >= _MEASURED]
        return median(len(p.translation) / len(p.source) for p in long) if long else 1.0


def open_book(
    messages: Iterable[Message], catalog: Catalog, *, language: Language, kept: Iterable[str] = ()
) -> Book:
    """Return the book of a catalog: entries that are translated, not fuzzy, and of today's messages."""
    pairs = []
    terms: dict[str, tuple[str, str]] = {}
    known: dict[str, None] = dict.fromkeys(kept)
    for message in messages:
        known |= dict.fromkeys(without_tags(text) for text in _ABBREVIATION.findall(message.id))
        entry = catalog.get(message.context)
        if entry is None or not entry.translation or entry.fuzzy or entry.id != message.id:
            continue
        role = message.comments[0] if message.comments else ""
        place = Location(catalog.path, entry.line) if catalog.path else None
        pair = Pair(message.context, role, message.id, entry.translation, place, _overrides(entry))
        pairs.append(pair)
        if role == "glossary term":
            terms[message.context.removeprefix("term-")] = (pair.source, pair.translation)
    return Book(language, tuple(pairs), terms, tuple(known))


def _overrides(entry: Entry) -> tuple[Override, ...]:
    found = (_ALLOW.fullmatch(comment) for comment in entry.translator_comments)
    return tuple(Override(match[1].upper(), match[2].strip()) for match in found if match)
