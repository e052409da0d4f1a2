"""Where the words of a document stand among the words of an artefact.

A segment is looked for as a whole: its words in order, with little between them (a page number, a
note's number). Of all places where segments were found the heaviest chain that keeps their order is
taken; what is left over is compared word by word between its neighbors. So one lost paragraph does
not derail the search for all that follow.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

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
    pieces: Sequence[Piece], words: Sequence[str], *, form: Callable[[str], str] = str, loose: bool = False
) -> tuple[Match, ...]:
    """Return the place of each word of `pieces` in `words`; words are equal if their `form` is.

    With `loose` a word counts as found that stands among the words of its segment in another order.
    """
    actual = [form(word) for word in words]
    index: dict[str, list[int]] = {}
    for place, word in enumerate(actual):
        index.setdefault(word, []).append(place)
    wanted = [tuple(form(word) for word in piece.words) for piece in pieces]
    # Where words may have moved, only words side by side are sure to be a segment's own.
    windows = [_windows(want, index, gap=0 if loose else _GAP) for want in wanted]
    ordered = [i for i, piece in enumerate(pieces) if not piece.anywhere]
    chosen = _chain(ordered, wanted, windows)
    places: dict[int, Sequence[int | None]] = dict(chosen)
    for group, start, stop in _gaps(ordered, chosen, len(actual)):
        found = iter(_partly([word for i in group for word in wanted[i]], actual, start, stop, loose=loose))
        places.update((i, [next(found) for _ in wanted[i]]) for i in group)
    for i, piece in enumerate(pieces):
        if piece.anywhere:
            below = next((chosen[j][-1] for j in reversed(ordered) if j < i and j in chosen), 0)
            # The closest words are the likeliest; of equals the first below the table's caption.
            best = min(windows[i], key=lambda w: (w[-1] - w[0], w[0] < below, w[0]), default=None)
            places[i] = best or _partly(wanted[i], actual, 0, len(actual), loose=loose)
    return tuple(Match(piece, tuple(places[i])) for i, piece in enumerate(pieces))


def _windows(want: tuple[str, ...], index: dict[str, list[int]], *, gap: int) -> list[tuple[int, ...]]:
    """Return the places at which the words of a segment stand in order, the closest first words."""
    found: dict[int, tuple[int, ...]] = {}
    for start in index.get(want[0], ()):
        places = [start]
        for word in want[1:]:
            options = index.get(word, [])
            at = bisect_right(options, places[-1])
            if at == len(options) or options[at] - places[-1] > gap + 1:
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


def _gaps(
    ordered: list[int], chosen: dict[int, tuple[int, ...]], last: int
) -> Iterator[tuple[list[int], int, int]]:
    """Yield the pieces that were not found, neighbors together, with the room where they must lie."""
    start = 0
    for found, group in groupby(ordered, key=lambda i: i in chosen):
        members = list(group)
        if found:
            start = chosen[members[-1]][-1] + 1
        else:
            stop = next((chosen[i][0] for i in ordered if i > members[-1] and i in chosen), last)
            yield members, start, stop


def _partly(
    want: Sequence[str], actual: list[str], start: int, stop: int, *, loose: bool
) -> list[int | None]:
    """Return the places of as many words as stand in order between `start` and `stop`."""
    places: list[int | None] = [None] * len(want)
    matcher = SequenceMatcher(None, want, actual[start:stop], autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            places[block.a + offset] = start + block.b + offset
    if loose:
        free: dict[str, list[int]] = {}
        for place in sorted(set(range(start, stop)) - set(places), reverse=True):
            free.setdefault(actual[place], []).append(place)
        for at, word in enumerate(want):
            if places[at] is None and free.get(word):
                places[at] = free[word].pop()
    return places
