"""The fact lock: the figures and fixed names of each segment, in its place in the finished file.

`words` compares letters and digits alone, and of Arabic PDF it forgives a hundredth. A figure is more
than its digits ("250,000" is not "250.000"), and of figures and abbreviations nothing is forgiven.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.checks.alignment import Match
from pipeline.checks.extraction import UNSPACED, normalize
from pipeline.checks.numbers import values
from pipeline.checks.pieces import Piece
from pipeline.checks.registry import Finding, check
from pipeline.checks.words import Comparison
from pipeline.document import TranslatedDocument

# Digits of any script with what may stand inside a figure; a sign and a percent sign belong to it.
# A space groups three digits at a time, and nothing else.
_MARK = "[.,٫٬'’:/]"
_FIGURE = re.compile(rf"\d+(?:{_MARK}\d+)*(?: \d{{3}}(?!\d))*(?:{_MARK}\d+)*")
_SIGNED = re.compile(rf"(?:(?<!\w)(?<!\d )[-−])?(?<!\d){_FIGURE.pattern}(?: ?[%‰٪])?")
_UNTOUCHED = rf"(?<!\d)(?<!\d{_MARK})"
_COMPLETE = rf"(?!\d)(?!{_MARK}\d)"


@dataclass(frozen=True, slots=True)
class Place:
    """Text that was read from an artefact, normalized, and where each of its words begins and ends."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def around(self, match: Match, *, after: int, before: int) -> str:
        """Return the text from the first to the last word of a segment.

        If a word was not found, it may be glued to a stranger: then all between the words number
        `after` and `before`, which belong to the segments beside this one, is its place.
        """
        found = [place for place in match.places if place is not None]
        if None in match.places or not found:
            found += [at for at in (after + 1, before - 1) if after < at < before]
        if not found:
            return ""
        # A sign before the first word and a percent sign behind the last are its own.
        start, end = self.spans[min(found)][0], self.spans[max(found)][1]
        return self.text[max(0, start - 2) : end + 2]


def locate(text: str) -> Place:
    """Return `text` with the places of its words: those that `extraction.tokens` returns, in order."""
    plain = normalize(text)
    spans: list[tuple[int, int]] = []
    open_at: int | None = None
    for at, character in enumerate(plain):
        word = unicodedata.category(character)[0] in "LMN"
        alone = UNSPACED.match(character) is not None
        if open_at is not None and (alone or not word):
            spans.append((open_at, at))
            open_at = None
        if alone and word:
            spans.append((at, at + 1))
        elif word and open_at is None:
            open_at = at
    if open_at is not None:
        spans.append((open_at, len(plain)))
    return Place(plain, tuple(spans))


def figures(text: str, *, signs: bool = True) -> list[str]:
    """Return the figures of `text` as they are written, with their signs if `signs`."""
    pattern = _SIGNED if signs else _FIGURE
    return [match[0].strip() for match in pattern.finditer(normalize(text))]


def lacking(piece: Piece, place: str, tag: str, *, exact: bool) -> Iterator[str]:
    """Yield what `place` lacks of the figures and fixed names of a segment.

    With `exact` also signs and multipliers (25万) are compared: words that have not moved.
    """
    wanted = Counter(figures(piece.text, signs=exact))
    for figure, count in wanted.items():
        pattern = _UNTOUCHED + re.escape(figure) + ("" if figure[-1] in "%‰٪" else _COMPLETE)
        if len(re.findall(pattern, place)) < count:
            yield f"“{figure}”"
    for name, count in Counter(piece.fixed).items():
        if len(re.findall(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", place)) < count:
            yield f"“{name}”"
    if exact and wanted:
        gone = Counter(values(piece.text, tag)) - Counter(values(place, tag))
        yield from (f"the value {value.normalize():f}" for value in gone)


def breaches(matches: Sequence[Match], text: str, tag: str, *, exact: bool) -> Iterator[tuple[Piece, str]]:
    """Yield each segment that lacks a figure or fixed name in its place, and what it lacks."""
    place = locate(text)
    bounds = _bounds(matches, len(place.spans))
    for match, (after, before) in zip(matches, bounds, strict=True):
        if not match.piece.fixed and not any(map(str.isdecimal, match.piece.text)):
            continue
        here = place.around(match, after=after, before=before)
        missing = list(dict.fromkeys(lacking(match.piece, here, tag, exact=exact)))
        if missing:
            yield match.piece, ", ".join(missing)


def _bounds(matches: Sequence[Match], last: int) -> list[tuple[int, int]]:
    """Return for each match the last word before it and the first after it that are another segment's."""
    ends = [[p for p in m.places if p is not None] if not m.piece.anywhere else [] for m in matches]
    before, after = [-1], [last]
    for end in ends:
        before.append(max([before[-1], *end]))
    for end in reversed(ends):
        after.append(min([after[-1], *end]))
    return list(zip(before[:-1], reversed(after[:-1]), strict=True))


@check(
    "R011",
    source="project rule: figures, abbreviations and names are facts, in every copy",
    suggestion="build the file again; if it stays, report the segment",
)
def locked(translated: TranslatedDocument, result: Comparison, text: str, format: str) -> Iterator[Finding]:
    """Every figure, abbreviation and fixed name is in the artefact, in its segment's place.

    A wrong figure does harm, and no reader can see that it is wrong. `text` is what an independent
    reader gets out of the artefact, `result` how its words compare. Digits, separators and groups
    must be just those of the document, in Arabic PDF too, where readers may move words on their line.
    """
    tolerant = format == "pdf" and translated.language.script == "Arab"
    for piece, missing in breaches(result.matches, text, translated.language.tag, exact=not tolerant):
        yield Finding(f"“{piece.name}” lacks {missing} in the {format}", piece.location)
