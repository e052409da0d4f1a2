"""Lines of a finished page: which runs of text stand on one baseline, and whose words they are.

The document is what tells a paragraph from a table: each run belongs to the segment whose words it
shows, so that nothing has to be guessed from the look of the page, nor believed from its tags.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.checks.alignment import align
from pipeline.checks.extraction import tokens, unturned
from pipeline.checks.pages import Run, Sheet
from pipeline.checks.pieces import Piece, pieces
from pipeline.document import Role, TranslatedDocument
from pipeline.editions import Layout

# Text that is read line by line, as against headings, tables and labels.
RUNNING = frozenset((Role.PARAGRAPH, Role.ITEM, Role.EXPLANATION, Role.NOTE))

# Runs nearer than this belong to one line, in em: wider than a space, narrower than between cells.
_NEAR = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """Runs on one baseline that belong together. `piece` is the index of their segment, or None."""

    page: int
    piece: int | None
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The characters, without the space at either end."""
        return "".join(run.text for run in self.runs).strip()

    @property
    def start(self) -> float:
        """The left end."""
        return min(run.start for run in self.runs)

    @property
    def end(self) -> float:
        """The right end."""
        return max(run.end for run in self.runs)

    @property
    def baseline(self) -> float:
        """The height of the baseline over the page's lower edge; marks above letters have others."""
        return max(self.runs, key=lambda run: len(run.text)).baseline

    @property
    def size(self) -> float:
        """The size of most of its characters."""
        return prevailing(self.runs)


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished print and what it was meant to be. `lines` holds the lines of each segment, in order;
    `strays` are lines that belong to no segment: page numbers, notices, marks of lists."""

    translated: TranslatedDocument
    layout: Layout
    sheets: tuple[Sheet, ...]
    pieces: tuple[Piece, ...]
    lines: tuple[tuple[Line, ...], ...]
    strays: tuple[Line, ...]
    body: float
    pitch: float

    @property
    def runs(self) -> Iterator[Run]:
        """All runs with something to see, page by page."""
        return (run for sheet in self.sheets for run in sheet.runs if run.text.strip())

    def running(self) -> Iterator[tuple[Piece, tuple[Line, ...]]]:
        """Yield the segments of running text with their lines."""
        for piece, lines in zip(self.pieces, self.lines, strict=True):
            if piece.role in RUNNING and not piece.contents and lines:
                yield piece, lines

    def headings(self) -> Iterator[tuple[Piece, tuple[Line, ...]]]:
        """Yield the headings with their lines."""
        for piece, lines in zip(self.pieces, self.lines, strict=True):
            if piece.level and not piece.contents and lines:
                yield piece, lines


def prevailing(runs: Sequence[Run]) -> float:
    """Return the size, in pt, of most characters of `runs`; 0 if there are none."""
    weights: dict[float, int] = defaultdict(int)
    for run in runs:
        weights[round(run.size, 1)] += len(run.text.strip())
    return max(weights, key=lambda size: (weights[size], size), default=0.0)


def print_of(translated: TranslatedDocument, layout: Layout, sheets: tuple[Sheet, ...]) -> Printed:
    """Return the print that `sheets` are, with its lines found."""
    wanted = pieces(translated, "pdf")
    owned = _owners(wanted, sheets, arabic=translated.language.script == "Arab")
    grouped: list[list[Line]] = [[] for _ in wanted]
    strays: list[Line] = []
    for sheet, owners in zip(sheets, owned, strict=True):
        for line in _lines(sheet, owners, rtl=translated.language.rtl):
            (strays if line.piece is None else grouped[line.piece]).append(line)
    lines = tuple(tuple(group) for group in grouped)
    running = [
        line
        for piece, group in zip(wanted, lines, strict=True)
        for line in group
        if piece.role in RUNNING and not piece.contents
    ]
    everything = [run for sheet in sheets for run in sheet.runs]
    body = prevailing([run for line in running for run in line.runs] or everything)
    steps = [step for group in lines for step, size in steps_of(group) if abs(size - body) < 0.1]
    pitch = median(steps) if steps else layout.pitch_pt
    return Printed(translated, layout, sheets, wanted, lines, tuple(strays), body, pitch)


def steps_of(lines: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """Yield the distance from each line to the next of its page, with the size of both, in pt."""
    for upper, lower in pairwise(lines):
        if upper.page == lower.page and upper.size == lower.size and upper.baseline > lower.baseline:
            yield upper.baseline - lower.baseline, upper.size


def _owners(
    wanted: tuple[Piece, ...], sheets: tuple[Sheet, ...], *, arabic: bool
) -> list[list[list[int | None]]]:
    """Return for each unit of each page the piece of each of its runs."""
    words: list[str] = []
    spans: list[list[list[range]]] = []
    for sheet in sheets:
        spans.append([])
        for unit in sheet.units:
            spans[-1].append(_word_spans(unit, len(words)))
            words += tokens("".join(run.text for run in unit))
    owner: dict[int, int] = {}
    for number, match in enumerate(align(wanted, words, form=unturned if arabic else str, loose=arabic)):
        owner.update((place, number) for place in match.places if place is not None)
    return [[_inherit([_owner(span, owner) for span in unit]) for unit in page] for page in spans]


def _word_spans(unit: tuple[Run, ...], first: int) -> list[range]:
    """Return which words each run of a unit begins, counted from `first`; a word may span runs."""
    edges: list[int] = []
    length = 0
    for word in tokens("".join(run.text for run in unit)):
        edges.append(length)
        length += len(word)
    spans, reached = [], 0
    for run in unit:
        until = reached + sum(map(len, tokens(run.text)))
        inside = [n for n, edge in enumerate(edges) if reached <= edge < until]
        spans.append(range(first + inside[0], first + inside[-1] + 1) if inside else range(0))
        reached = until
    return spans


def _owner(span: range, owner: dict[int, int]) -> int | None:
    return next((owner[word] for word in span if word in owner), None)


def _inherit(owners: list[int | None]) -> list[int | None]:
    """Let punctuation that hangs on a word belong to the word's segment."""
    known = [o for o in owners if o is not None]
    if not known:
        return owners
    last = known[0]
    result: list[int | None] = []
    for owner in owners:
        last = last if owner is None else owner
        result.append(last)
    return result


def _lines(sheet: Sheet, owners: list[list[int | None]], *, rtl: bool) -> Iterator[Line]:
    """Yield the lines of a page; what belongs to no segment joins the line that it touches."""
    groups: list[tuple[int, list[Run]]] = []
    loose: list[Run] = []
    for unit, pieces_of in zip(sheet.units, owners, strict=True):
        for run, piece in zip(unit, pieces_of, strict=True):
            if not run.text.strip():
                continue
            if piece is None:
                loose.append(run)
            elif groups and groups[-1][0] == piece and _level(groups[-1][1][-1], run):
                groups[-1][1].append(run)
            else:
                groups.append((piece, [run]))
    strays: list[list[Run]] = []
    for stray in _together(loose):
        home = next((group for _, group in groups if _touches(group, stray)), None)
        if home is None:
            strays.append(stray)
        else:
            leads = _left(stray) >= _right(home) if rtl else _right(stray) <= _left(home)
            home[:] = [*stray, *home] if leads else [*home, *stray]
    yield from (Line(sheet.number, piece, tuple(group)) for piece, group in groups)
    yield from (Line(sheet.number, None, tuple(group)) for group in strays)


def _level(one: Run, other: Run) -> bool:
    return abs(one.baseline - other.baseline) < 0.2 * max(one.size, other.size)


def _left(runs: list[Run]) -> float:
    return min(run.start for run in runs)


def _right(runs: list[Run]) -> float:
    return max(run.end for run in runs)


def _gap(one: list[Run], other: list[Run]) -> float:
    """Return the distance between groups of runs on one baseline; negative where they overlap."""
    return max(_left(one) - _right(other), _left(other) - _right(one))


def _together(loose: list[Run]) -> list[list[Run]]:
    """Return runs that belong to no segment, in groups of near ones."""
    groups: list[list[Run]] = []
    for run in loose:
        if groups and _level(groups[-1][-1], run) and _gap(groups[-1], [run]) < 2 * _NEAR * run.size:
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _touches(line: list[Run], stray: list[Run]) -> bool:
    """Say whether stray runs are part of a line: inside it, or words right beside it."""
    if not _level(line[0], stray[0]):
        return False
    words = any(tokens(run.text) for run in stray)
    return _gap(line, stray) < (_NEAR * stray[0].size if words else 0.0)
