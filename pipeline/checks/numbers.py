"""Figures: which numbers a text states, and which of them a translation lost or added.

Two texts have the same figures when the values agree: digits of any script, the separators of CLDR,
spaces in groups, lakh grouping (2,50,000) and multipliers (25万, 250 mil) are all read. A number that
the source spells out may come back as a figure. A small one that the source writes as a figure may
come back as a word, in the languages whose words `numerals` knows; elsewhere it must stay a figure,
as the content brief asks. A name with digits in it (CLCN7) is not a figure.

What is not compared here: the order of figures, units and percent signs, numbers above 12 in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.checks.numerals import VARIANTS, Convention, convention, spelled_in_english

# Soft hyphens, bidi marks and joiners, Arabic and Hebrew vowel points: no reader sees a number in them.
_MARKS = re.compile(
    "[\u00ad\u0591-\u05c7\u061c\u0640\u064b-\u0652\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_EXPONENT = re.compile("(?<=[0-9])(?=[⁰¹²³⁴-⁹])")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_GLUE = re.compile("(?<=[0-9])[hx](?=[0-9])")  # 8h30, 2x10

# A letter of a script that glues digits to names: CLCN7, B12, q13.4. Chinese or Arabic letters before a
# figure do not make it a name.
_LETTER = "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u052f\u1e00-\u1eff"
_TOKEN = re.compile(
    rf"""
    (?P<name> [{_LETTER}]+ [0-9] [{_LETTER}0-9]* (?: [.,][0-9]+ )* )
    | (?P<sign> (?<! [^\W\u3040-\u9fff\uac00-\ud7af] ) (?<! [)\]%] ) (?<! [0-9%][ ] ) - )?
      (?: (?P<fraction> [¼-¾⅐-⅞] )
        | (?P<digits> [1-9][0-9]{{0,2}} (?: [ ][0-9]{{3}} )+ (?![0-9]) (?: [.,٫][0-9]+ )?
                    | [0-9]+ (?: [.,٫٬'][0-9]+ )* ) )
    """,
    re.VERBOSE,
)
_RUN = re.compile("[0-9]+")
_SEPARATOR = re.compile("[^0-9]")

# Version numbers are names, and stay as they are: "Version: 1.0", "CC BY 4.0".
_LABEL = re.compile(r"(?:\b[Vv]ersion:?|\b[A-Z]{2,}) ([0-9]+(?:\.[0-9]+)+)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text. `value` is None if the language does not write numbers so; `splits` are
    other ways to read the same digits, e.g. "8 250" as 8 and 250."""

    shown: str
    value: Decimal | None
    splits: tuple[tuple[Decimal, ...], ...] = ()


def differences(source: str, translation: str, tag: str) -> tuple[str, ...]:
    """Return a sentence for every figure that `translation`, in the language `tag`, lost or added.

    `source` is English. The tag must be one that `languages.language` knows.
    """
    source, translation = _without_labels(_normalize(source), _normalize(translation))
    language = convention(tag)
    wanted, found = _figures(source, convention("en")), _figures(translation, language)
    spelled = [Figure(f"{n}", Decimal(n)) for n in spelled_in_english(source)]
    found = [f for f in found if f.value is None or not _claim((f.value,), wanted)]
    found = [f for f in found if not any(_claim(split, wanted, spelled) for split in f.splits)]
    wanted = [f for f in wanted if not any(_claim(split, found) for split in f.splits)]
    found = [f for f in found if f.value is None or not _claim((f.value,), spelled)]
    return (
        *(f"{f.shown} of the source is missing" for f in _not_in_words(wanted, translation, language)),
        *(f"{f.shown} is not in the source" for f in found if f.value is not None),
        *(f"“{f.shown}” is not how numbers are written in “{tag}”" for f in found if f.value is None),
    )


def values(text: str, tag: str) -> list[Decimal]:
    """Return the numbers that a text in the language `tag` states in figures, in its order."""
    return [f.value for f in _figures(_normalize(text), convention(tag)) if f.value is not None]


def _normalize(text: str) -> str:
    """Return `text` with ASCII digits, one sort of space, minus and apostrophe, no invisible marks."""
    text = _MARKS.sub("", unicodedata.normalize("NFC", text)).translate(VARIANTS)
    text = "".join(c if (digit := unicodedata.decimal(c, None)) is None else str(digit) for c in text)
    return _GLUE.sub(":", _EXPONENT.sub("^", text).translate(_SUPERSCRIPTS))


def _without_labels(source: str, translation: str) -> tuple[str, str]:
    """Return both texts without the version numbers that the translation has as the source has them."""
    for label in _LABEL.findall(source):
        literal = re.compile(rf"(?<![0-9.,]){re.escape(label)}(?![0-9])")
        if literal.search(translation):
            source, translation = literal.sub("", source, count=1), literal.sub("", translation, count=1)
    return source, translation


def _figures(text: str, language: Convention) -> list[Figure]:
    """Return the figures of a normalized text, with their signs and multipliers applied."""
    figures: list[Figure] = []
    last_factor, last_end = Decimal(1), 0
    for token in _TOKEN.finditer(text):
        if token["name"]:
            continue
        factor, end = _factor(text, token.end(), language)
        figure = _figure(token, factor, language)
        previous = figures[-1].value if figures else None
        if (
            previous is not None
            and figure.value is not None
            and figure.value < last_factor
            and not text[last_end : token.start()].strip()
        ):
            figures[-1] = _whole(previous + figure.value)  # 2万5千 is one number
        else:
            figures.append(figure)
        last_factor, last_end = factor, end
    return figures


def _figure(token: re.Match[str], factor: Decimal, language: Convention) -> Figure:
    digits = token["digits"]
    if not digits:
        return _whole(Decimal(str(unicodedata.numeric(token["fraction"]))) * factor)
    value = _value(digits, language)
    if value is None:
        return Figure(digits, None, (tuple(map(Decimal, _RUN.findall(digits))),))
    return _whole((-value if token["sign"] else value) * factor, *_splits(digits, language))


def _whole(value: Decimal, *splits: tuple[Decimal, ...]) -> Figure:
    return Figure(f"{value.normalize():f}", value, splits)


def _value(digits: str, language: Convention) -> Decimal | None:
    """Return the value of digits and separators, or None if the language does not write it so."""
    whole, fraction = digits, ""
    for mark in language.decimal:
        if digits.count(mark) == 1:
            whole, _, fraction = digits.partition(mark)
    marks = set(_SEPARATOR.findall(whole))
    # A decimal fraction of 000 is the English 250,000 left in a language with a decimal comma.
    if _SEPARATOR.search(fraction) or fraction == "000" or len(marks) > 1 or not marks <= language.group:
        return None
    first, *groups = _RUN.findall(whole)
    if groups and not _grouped(first, groups, lakh=language.lakh):
        return None
    return Decimal(f"{first}{''.join(groups)}.{fraction or 0}")


def _grouped(first: str, groups: list[str], *, lakh: bool) -> bool:
    sizes = {len(group) for group in groups[:-1]}
    return (
        not first.startswith("0")
        and len(first) <= 3
        and len(groups[-1]) == 3
        and (sizes <= {3} or (lakh and sizes <= {2} and len(first) <= 2))
    )


def _splits(digits: str, language: Convention) -> Iterator[tuple[Decimal, ...]]:
    """Yield the ways to read digits with spaces in them as two figures that stand side by side."""
    groups = digits.split(" ")
    for n in range(1, len(groups)):
        values = _value(" ".join(groups[:n]), language), _value(" ".join(groups[n:]), language)
        if values[0] is not None and values[1] is not None:
            yield values[0], values[1]


def _factor(text: str, start: int, language: Convention) -> tuple[Decimal, int]:
    """Return the product of the multipliers that stand at `start`, and where they end."""
    factor = Decimal(1)
    while word := language.multiplier.match(text, start):
        factor, start = factor * Decimal(10) ** int(str(word.lastgroup)[1:]), word.end()
    return factor, start


def _claim(values: tuple[Decimal, ...], *pools: list[Figure]) -> bool:
    """Take a figure of each of `values` out of `pools`; take none unless all are there."""
    rest = [list(pool) for pool in pools]
    for value in values:
        for pool in rest:
            match = next((figure for figure in pool if figure.value == value), None)
            if match:
                pool.remove(match)
                break
        else:
            return False
    for pool, left in zip(pools, rest, strict=True):
        pool[:] = left
    return True


def _not_in_words(figures: list[Figure], text: str, language: Convention) -> Iterator[Figure]:
    """Yield the figures that `text` does not spell out either; each word counts once."""
    letters = "".join(c if unicodedata.category(c)[0] in "LM" else " " for c in text.casefold())
    words = list(letters) if language.unspaced else letters.split()
    for figure in figures:
        pattern = next((p for n, p in enumerate(language.words, 1) if figure.value == n), None)
        word = next((word for word in words if pattern and pattern.fullmatch(word)), None)
        if word is None:
            yield figure
        else:
            words.remove(word)
