"""Words that a translation may not choose freely: glossary terms, abbreviations, names that stay."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from pipeline.checks.catalog.book import Book, Pair
from pipeline.checks.catalog.rules import rule
from pipeline.diagnostics import Severity

# How much of a word two forms of it share at least: osteoclast and osteoclasts, ناقضة and ناقضات.
_SAME_WORD = 0.55
# What Arabic and Hebrew write together with a word: and, in, for, as, the.
_PREFIXES = re.compile("^(?:و|ف|ب|ك|ل)?(?:ال|لل)?|^[והבלמכש]{0,2}")
_MARKS = re.compile("[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")


@rule(
    "T013",
    source="the content brief: names of genes, conditions and works",
    suggestion="write it as the source does",
    severity=Severity.ERROR,
)
def kept_words(pair: Pair, book: Book) -> Iterator[str]:
    """Abbreviations and names that no language changes are there, letter for letter.

    An abbreviation is what a parent looks up, and what another doctor reads in the notes.
    """
    for word in book.kept:
        wanted = _count(word, pair.source)
        if wanted and _count(word, pair.translation) < wanted:
            yield f"{word} is missing"


def _count(word: str, text: str) -> int:
    # An Arabic or Russian ending may follow a Latin abbreviation; a Latin letter makes it another word.
    return len(re.findall(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text))


@rule(
    "T020",
    source="ISO 704; the glossary of the leaflet itself",
    suggestion="use the word of the glossary, in the form that the sentence needs",
    severity=Severity.ERROR,
)
def glossary_terms(pair: Pair, book: Book) -> Iterator[str]:
    """A glossary term is translated as the glossary translates it.

    A reader who meets another word than the one explained cannot know that it is the same thing.
    Endings and articles may differ, and words may change their order.
    """
    for name, original, words in pair.terms:
        headword, agreed = book.terms.get(name, ("", ""))
        # Where the source itself uses another word than its glossary, so may a translation.
        if agreed and _alike(headword, original) and not _alike(agreed, words):
            yield f"“{words}” is not the agreed translation of “{headword}”: “{agreed}”"


def _alike(agreed: str, words: str) -> bool:
    """Whether every word of the shorter text has a form of itself in the other one."""
    one, other = sorted((_forms(agreed), _forms(words)), key=len)
    if not one:
        return one == other
    if not any(len(form) > 1 for form in one):
        return "".join(one) in "".join(other)
    return all(any(_same_word(form, found) for found in other) for form in one)


def _forms(text: str) -> list[str]:
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    words = re.findall(r"[^\W_]+", bare)
    return [_PREFIXES.sub("", word) if len(word) > 3 else word for word in words]


def _same_word(one: str, other: str) -> bool:
    if one[:3] == other[:3] and min(len(one), len(other)) >= 3:
        return True
    if one in other or other in one:
        return True
    # quick_ratio knows no order, which is what broken plurals need: كسر, كسور.
    return SequenceMatcher(None, one, other).ratio() >= _SAME_WORD
