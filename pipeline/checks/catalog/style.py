"""What usually goes wrong in a translation without being wrong for certain: warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.catalogs.tags import without_tags
from pipeline.checks.catalog.book import Book, Pair
from pipeline.checks.catalog.rules import rule

_CRAFT = "the craft of translation: ISO 17100, 5.3.2 (check by the translator)"

_LETTERS = re.compile(r"[^\W\d_]+")
_FEW_WORDS = 2
_SHORT = 30
_LONGER, _SHORTER = 1.9, 0.5

# The sign that ends a sentence, by what it says. A language without a row ends its sentences as English does.
_ENDS = {".": ".。．።।۔", "?": "?？؟", "!": "!！", ":": ":：", "…": "…"}
_CLOSERS = "\"'”“’‘»«)]）」』\u200f\u200e\u2069 "
_UNMARKED_SCRIPTS = frozenset({"Thai", "Laoo", "Khmr", "Mymr"})

# A sentence ends where its sign is followed by a space or the end, or anywhere after a CJK one.
_SENTENCE_END = re.compile(r"[.!?؟۔।](?=[\s”»)\u200f\u2069]|$)|[。！？]")
_ABBREVIATED = re.compile(r"\b(?:[A-Za-zА-Яа-яЁё]{1,3}\.\s?){1,3}(?=\s?[a-zа-яё0-9(])")

_DOUBLED = re.compile(r"\b([^\W\d_]{2,})\s+\1\b", re.IGNORECASE)
_SPACES = re.compile(r"[ \t]{2,}|(?<=\S) +$|^ +(?=\S)|\s+[,;。،؛]")


@rule("T030", source=_CRAFT, suggestion="translate it, or write: # allow T030: why it stays")
def unchanged(pair: Pair, _: Book) -> Iterator[str]:
    """A translation differs from its source.

    Text that was copied over and forgotten counts as translated, and no one comes back to it.
    """
    words = _LETTERS.findall(pair.own_words)
    if pair.msgstr == pair.message and len(words) >= _FEW_WORDS and not _of_symbols(words):
        yield "the translation is the source"


def _of_symbols(words: list[str]) -> bool:
    return all(word.isupper() or len(word) == 1 for word in words)


@rule(
    "T031", source=_CRAFT, suggestion="end the translation as the source ends, with the sign of the language"
)
def end_punctuation(pair: Pair, book: Book) -> Iterator[str]:
    """A translation ends with the same sort of sign as its source.

    A screen reader pauses at a full stop and raises its voice at a question mark; a list whose items
    end now so, now so, looks unfinished.
    """
    if book.language.script in _UNMARKED_SCRIPTS:
        return
    wanted, found = _end(pair.source), _end(pair.translation)
    if wanted != found:
        yield f"the source ends with {_named(wanted)}, the translation with {_named(found)}"


def _end(text: str) -> str:
    last = text.rstrip(_CLOSERS)[-1:]
    return next((kind for kind, signs in _ENDS.items() if last and last in signs), "")


def _named(kind: str) -> str:
    return f"“{kind}”" if kind else "no such sign"


@rule("T032", source=_CRAFT, suggestion="delete what is there twice")
def doubled(pair: Pair, _: Book) -> Iterator[str]:
    """No word and no space stands twice.

    A doubled word is the trace of an edit that was not finished; in a screen reader it stutters.
    """
    twice = _DOUBLED.search(pair.translation)
    if twice and not _DOUBLED.search(pair.source):
        yield f"“{twice[0]}”"
    space = _SPACES.search(pair.translation)
    if space and not _SPACES.search(pair.source):
        yield "a space stands twice, or before a sign, or at an end"


@rule("T033", source=_CRAFT, suggestion="compare the two once more: is something added or left out?")
def length(pair: Pair, book: Book) -> Iterator[str]:
    """A translation is about as long as its language makes it.

    A text of half or twice the usual length has lost a sentence or gained one. The usual length is
    the median of this very catalog.
    """
    if len(pair.source) < _SHORT:
        return
    ratio = len(pair.translation) / len(pair.source) / book.growth
    if not _SHORTER <= ratio <= _LONGER:
        yield f"{ratio:.1f} times as long as translations into this language usually are"


@rule("T035", source=_CRAFT, suggestion="keep the sentences of the source, each with its own end")
def sentences(pair: Pair, book: Book) -> Iterator[str]:
    """A translation has as many sentences as its source.

    Short sentences are what makes the leaflet readable; and a sentence less may be a fact less.
    """
    if book.language.script in _UNMARKED_SCRIPTS:
        return
    wanted, found = _sentences(pair.source), _sentences(pair.translation)
    if wanted != found and max(wanted, found) > 1:
        yield f"{wanted} in the source, {found} in the translation"


def _sentences(text: str) -> int:
    return len(_SENTENCE_END.findall(_ABBREVIATED.sub(" ", text))) or 1


@rule(
    "T038", source=_CRAFT, suggestion="translate equal texts alike, or write: # allow T038: why they differ"
)
def consistent(pair: Pair, book: Book) -> Iterator[str]:
    """Equal texts are translated alike.

    Two words for one thing look like two things, most of all to a reader who is frightened.
    """
    for other in book.pairs:
        if other.id == pair.id:
            return
        if other.message == pair.message and _folded(other.msgstr) != _folded(pair.msgstr):
            yield f"“{without_tags(other.msgstr)[:60]}” in “{other.id}”, which has the same source"
            return


def _folded(text: str) -> str:
    return " ".join(without_tags(text).casefold().split())
