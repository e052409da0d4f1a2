"""Figures in translations: the same numbers, ranges and percentages, in the digits of the language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.checks.catalog.book import Book, Pair
from pipeline.checks.catalog.rules import rule
from pipeline.checks.numbers import differences, values
from pipeline.diagnostics import Severity

_FACTS = "the content brief: figures are facts"
_RANGE = re.compile(r"(\d[\d,.]*)\s*(?:to|and|through|[-–—])\s*(\d[\d,.]*\d|\d)")

# Signs and words for a percentage, by language; the signs are everybody's.
_PERCENT_SIGNS = "[%٪﹪％]"
_PERCENT_WORDS = {
    "ar": "بالمئة|بالمائة|في المئة|في المائة",
    "cs": "procent",
    "da": "procent",
    "de": "Prozent",
    "en": r"per\s?cent",
    "es": "por ciento",
    "fa": "درصد",
    "fi": "prosent",
    "fr": "pour cent",
    "he": "אחוז",
    "hi": "प्रतिशत|फ़ीसदी|फीसदी",
    "id": "persen",
    "it": "per cento|percento",
    "ja": "パーセント",
    "ko": "퍼센트",
    "nb": "prosent",
    "nl": "procent",
    "pl": "procent",
    "pt": "por cento",
    "ru": "процент",
    "sv": "procent",
    "th": "เปอร์เซ็นต์|ร้อยละ",
    "tr": "yüzde",
    "uk": "відсот|процент",
    "ur": "فیصد",
    "vi": "phần trăm",
    "zh": "百分之",
}


@rule(
    "T010",
    source=_FACTS,
    suggestion="write the number as the source has it, in the digits and separators of the language",
    severity=Severity.ERROR,
)
def numbers(pair: Pair, book: Book) -> Iterator[str]:
    """A translation has the figures of its source, no others.

    A wrong dose or rate does harm, and no reader can see that it is wrong. Digits of any script and
    the separators of the language count as the same figure.
    """
    yield from differences(pair.source, pair.translation, book.language.tag)


@rule(
    "T011",
    source=_FACTS,
    suggestion="write the smaller number first, as the source does",
    severity=Severity.ERROR,
)
def ranges(pair: Pair, book: Book) -> Iterator[str]:
    """A range runs the same way as in the source.

    “8 to 40” turned into “40 to 8” has the right figures and says nothing. It happens where the text
    runs from right to left and somebody corrects what the eye sees.
    """
    found = values(pair.translation, book.language.tag)
    steps = {(one, other) for one, other in pairwise(found) if one > other}
    for low, high in (values(" ".join(pairs), "en") for pairs in _RANGE.findall(pair.source)):
        if low < high and (high, low) in steps and (low, high) not in set(pairwise(found)):
            yield f"the range {low:f} to {high:f} is turned round"


@rule("T012", source=_FACTS, suggestion="write the percent sign, or the word for it", severity=Severity.ERROR)
def percentages(pair: Pair, book: Book) -> Iterator[str]:
    """A percentage stays a percentage.

    “5 in 100” and “5” differ by all that matters, and the figure alone does not show it.
    """
    lost = _percentages(pair.source, "en") - _percentages(pair.translation, book.language.code)
    if lost > 0:
        yield f"{lost} percent {'sign is' if lost == 1 else 'signs are'} missing"


def _percentages(text: str, code: str) -> int:
    words = _PERCENT_WORDS.get(code)
    return len(re.findall(f"{_PERCENT_SIGNS}|{words}" if words else _PERCENT_SIGNS, text, re.IGNORECASE))


@rule("T036", source="the content brief: numbers as figures", suggestion="write the number in figures")
def spelled_out(pair: Pair, book: Book) -> Iterator[str]:
    """A number that the source writes in figures is in figures.

    Figures are found at a glance, survive a poor copy, and are checked by programs; words are not.
    """
    missing = Counter(values(pair.source, "en")) - Counter(values(pair.translation, book.language.tag))
    if missing and not list(differences(pair.source, pair.translation, book.language.tag)):
        yield f"{', '.join(f'{number:f}' for number in missing)} is spelled out"


@rule("T037", source="CLDR numbering systems", suggestion="use the digits of the other translations")
def mixed_digits(pair: Pair, book: Book) -> Iterator[str]:
    """One document has one sort of digits.

    A reader who meets ٢٥٠ and 250 in one leaflet wonders whether they are two sorts of number.
    """
    usual = _usual(book.own_words)
    others = [system for system in _systems(pair.own_words) if system != usual]
    if others:
        yield f"{others[0]} digits, where the translation mostly has {usual} ones"


@lru_cache(maxsize=8)
def _usual(text: str) -> str:
    """Return the sort of most digits of a text, the first of equals; "" if it has none."""
    counts = Counter(_systems(text))
    return max(counts, key=lambda system: counts[system], default="")


def _systems(text: str) -> list[str]:
    """Return the sort of each digit of a text, by the name that Unicode gives it."""
    digits = (c for c in text if unicodedata.decimal(c, None) is not None)
    return ["European" if c.isascii() else unicodedata.name(c).partition(" DIGIT")[0].title() for c in digits]
