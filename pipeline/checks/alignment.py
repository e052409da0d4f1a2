"""Where the words of a document stand among the words of an artefact.

A segment is looked for as a whole: its words in order, with little between them (a page number, a
note's number). Of all places where segments were found the heaviest chain that keeps their order is
taken; what is left over is compared word by word between its neighbors. So one lost paragraph does
not derail the search for all that follow.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.checks.pieces import Piece

# How many strange words may stand between two words of a segment: the foot of a page, an address.
_GAP = 40


@dataclass(frozen=True, slots=True)
class Match:
    """Where each word of a piece was found: an index among the artefact's words, or None."""

    piece: Piece
    places: tuple[int | None, ...]

    @property
    def found(self) -> int:
        """How many words were found."""
        return len(self.places) - self.places.count(None)

    @property
    def lost(self) -> str:
        """The first word that was not found, or ""."""
        return next((w for w, p in zip(self.piece.words, self.places, strict=True) if p is None), "")


def align(
    pieces: Sequence[Piece], words: Sequence[str], *, form: Callable[[str], str] = str
) -> tuple[Match, ...]:
    """Return the place of each word of `pieces` in `words`; words are equal if their `form` is."""
    actual = [form(word) for word in words]
    index: dict[str, list[int]] = {}
    for place, word in enumerate(actual):
        index.setdefault(word, []).append(place)
    wanted = [tuple(form(word) for word in piece.words) for piece in pieces]
    windows = [_windows(want, index) for want in wanted]
    ordered = [i for i, piece in enumerate(pieces) if not piece.anywhere]
    chosen = _chain(ordered, wanted, windows)
    result = []
    for i, piece in enumerate(pieces):
        start, stop = _room(i, ordered, chosen, len(actual))
        if piece.anywhere and windows[i]:
            # The closest words are the likeliest; of equals the first below the table's caption.
            chosen[i] = min(windows[i], key=lambda w: (w[-1] - w[0], w[0] < start, w[0]))
        places: tuple[int | None, ...] | None = chosen.get(i)
        if places is None:
            start, stop = (0, len(actual)) if piece.anywhere else (start, stop)
            places = _partly(wanted[i], actual, start, stop)
            if not piece.anywhere and (known := tuple(p for p in places if p is not None)):
                chosen[i] = known
        result.append(Match(piece, places))
    return tuple(result)


def _windows(want: tuple[str, ...], index: dict[str, list[int]]) -> list[tuple[int, ...]]:
    """Return the places at which the words of a segment stand in order, the closest first words."""
    found: dict[int, tuple[int, ...]] = {}
    for start in index.get(want[0], ()):
        places = [start]
        for word in want[1:]:
            options = index.get(word, [])
            at = bisect_right(options, places[-1])
            if at == len(options) or options[at] - places[-1] > _GAP + 1:
                break
            places.append(options[at])
        else:
            # Of windows with the same end the one that begins last is the tightest.
            found[places[-1]] = tuple(places)
    return [_tighten(want, found[end], index) for end in sorted(found)]


def _tighten(want: tuple[str, ...], first: tuple[int, ...], index: dict[str, list[int]]) -> tuple[int, ...]:
    """Return the same window with each word beside its neighbor, where it stands there.

    `first` takes the first place for each word: at the foot of a page that may be a word of the
    page number's line instead of the one that goes on overleaf.
    """
    if first[-1] - first[0] == len(first) - 1:
        return first
    last = [first[-1]]
    for word in reversed(want[:-1]):
        options = index[word]
        last.append(options[bisect_right(options, last[-1] - 1) - 1])
    last.reverse()
    places = [first[0]]
    for k in range(1, len(first)):
        follows = first[k] == places[-1] + 1
        leads = k + 1 < len(last) and last[k] == last[k + 1] - 1
        places.append(first[k] if first[k] > places[-1] and (follows or not leads) else last[k])
    return tuple(places)


def _chain(
    ordered: list[int], wanted: list[tuple[str, ...]], windows: list[list[tuple[int, ...]]]
) -> dict[int, tuple[int, ...]]:
    """Return the window of each piece in the heaviest chain that keeps the order of pieces."""
    ends, weights, links = [-1], [0], [-1]
    nodes: list[tuple[int, tuple[int, ...], int]] = [(-1, (), -1)]
    for i in ordered:
        fresh = []
        for window in windows[i]:
            at = bisect_right(ends, window[0] - 1) - 1
            fresh.append((window[-1], weights[at] + len(wanted[i]), len(nodes), links[at]))
            nodes.append((i, window, links[at] if links[at] >= 0 else 0))
        for end, weight, node, _ in fresh:
            _offer(ends, weights, links, (end, weight, node))
    chosen: dict[int, tuple[int, ...]] = {}
    node = links[-1]
    while node > 0:
        piece, window, node = nodes[node]
        chosen[piece] = window
    return chosen


def _offer(ends: list[int], weights: list[int], links: list[int], candidate: tuple[int, int, int]) -> None:
    """Keep, in place, the chains that are heavier than every chain that ends before them."""
    end, weight, node = candidate
    at = bisect_right(ends, end)
    if weights[at - 1] >= weight:
        return
    stop = at
    while stop < len(ends) and weights[stop] <= weight:
        stop += 1
    begin = at - 1 if ends[at - 1] == end else at
    ends[begin:stop], weights[begin:stop], links[begin:stop] = [end], [weight], [node]


def _room(i: int, ordered: list[int], chosen: dict[int, tuple[int, ...]], last: int) -> tuple[int, int]:
    """Return where a piece that was not found must lie: between its neighbors that were."""
    before = max((chosen[j][-1] + 1 for j in ordered if j < i and j in chosen), default=0)
    after = min((chosen[j][0] for j in ordered if j > i and j in chosen), default=last)
    return before, max(before, after)


def _partly(want: tuple[str, ...], actual: list[str], start: int, stop: int) -> tuple[int | None, ...]:
    """Return the places of as many words as stand in order between `start` and `stop`."""
    places: list[int | None] = [None] * len(want)
    matcher = SequenceMatcher(None, want, actual[start:stop], autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            places[block.a + offset] = start + block.b + offset
    return tuple(places)
