"""Where an Arabic font puts each mark beside each letter, read from its anchors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fontTools.ttLib import TTFont

from pipeline.fonts.glyphs import subtables

_MARK_TO_BASE, _MARK_TO_LIGATURE = 4, 5

_LETTERS = (range(0x0620, 0x064B), range(0x066E, 0x0670), range(0x0671, 0x06D4), range(0x0750, 0x0780))
_MARKS = (range(0x064B, 0x0656), range(0x0670, 0x0671))

# The way of a mark's glyph from where its letter's begins; both by glyph name, in font units.
Shift = tuple[int, int]
Places = dict[tuple[str, str], Shift]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two letters that shared a glyph, and get one each; the second one's holds all of the ink.

    `width` is the advance of the shared glyph.
    """

    first: str
    second: str
    shared: str
    width: int

    @property
    def right(self) -> str:
        """The name of the first letter's new glyph."""
        return f"{self.shared}.{self.first}.1"

    @property
    def left(self) -> str:
        """The name of the second letter's new glyph."""
        return f"{self.shared}.{self.second}.2"

    @property
    def left_width(self) -> int:
        """The advance of the second letter's new glyph, the rest of `width` is the first one's."""
        return self.width // 2


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark drawn where it stands beside these letters; `slot` numbers the places of one mark."""

    mark: str
    shift: Shift
    slot: int
    letters: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the new glyph."""
        return f"{self.mark}.place{self.slot}"


def are_letters(text: str | None) -> bool:
    """Return whether a glyph's text is letters of the Arabic script, and nothing else."""
    return _within(text, _LETTERS)


def placed_marks(font: TTFont, texts: Mapping[str, str], pairs: Iterable[Pair]) -> tuple[PlacedMark, ...]:
    """Return the marks to draw, each place once, with the letters beside which it is the right one.

    `texts` is what each glyph says.
    """
    single = {
        place: shift for place, shift in _letter_places(font).items() if are_letters(texts.get(place[0]))
    }
    beside: dict[str, dict[Shift, list[str]]] = {}
    for (letter, mark), shift in (single | _pair_places(font, pairs)).items():
        if _within(texts.get(mark), _MARKS):
            beside.setdefault(mark, {}).setdefault(shift, []).append(letter)
    return tuple(
        PlacedMark(mark, shift, slot, tuple(sorted(letters)))
        for mark, shifts in sorted(beside.items())
        for slot, (shift, letters) in enumerate(sorted(shifts.items()))
    )


def _within(text: str | None, ranges: tuple[range, ...]) -> bool:
    return bool(text) and all(any(ord(c) in r for r in ranges) for c in text or "")


def _letter_places(font: TTFont) -> Places:
    """Return how the font shifts marks beside single letters; of two rules the later one counts."""
    places: Places = {}
    for subtable in subtables(font, "GPOS", _MARK_TO_BASE):
        for letter, record in zip(subtable.BaseCoverage.glyphs, subtable.BaseArray.BaseRecord, strict=True):
            for mark, shift in _shifts(subtable, record.BaseAnchor):
                places[letter, mark] = shift
    return places


def _pair_places(font: TTFont, pairs: Iterable[Pair]) -> Places:
    """Return how marks stand beside the new glyphs of each pair, from the anchors of the shared one.

    The first letter stands on the right. Where the face has its anchor left of the second one's
    they were mixed up (Almarai, all lam-alefs), and a mark would stand over the wrong letter.
    """
    anchors = _ligature_shifts(font)
    places: Places = {}
    for pair in pairs:
        on_first, on_second = anchors.get(pair.shared, ({}, {}))
        for mark in (m for m in on_first if m in on_second):
            left, right = sorted((on_second[mark], on_first[mark]), key=lambda shift: shift[0])
            places[pair.right, mark] = right[0] - pair.left_width, right[1]
            places[pair.left, mark] = left
    return places


def _ligature_shifts(font: TTFont) -> dict[str, tuple[dict[str, Shift], ...]]:
    """Return, for each glyph of several letters, how the font shifts marks beside each letter."""
    anchors = {}
    for subtable in subtables(font, "GPOS", _MARK_TO_LIGATURE):
        attached = subtable.LigatureArray.LigatureAttach
        for shared, attach in zip(subtable.LigatureCoverage.glyphs, attached, strict=True):
            components = attach.ComponentRecord
            anchors[shared] = tuple(dict(_shifts(subtable, c.LigatureAnchor)) for c in components)
    return anchors


def _shifts(subtable: Any, anchors: list[Any]) -> Iterator[tuple[str, Shift]]:
    """Yield each mark of a subtable with its way to the one of `anchors` that is of its class."""
    for mark, record in zip(subtable.MarkCoverage.glyphs, subtable.MarkArray.MarkRecord, strict=True):
        goal, own = anchors[record.Class], record.MarkAnchor
        if goal is not None:
            yield mark, (goal.XCoordinate - own.XCoordinate, goal.YCoordinate - own.YCoordinate)
