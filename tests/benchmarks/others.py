"""The other programs measured: a sample of what they would have to make, scaled to all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from benchmarks import rivals
from benchmarks.conformance import conforming
from benchmarks.measure import NOTHING, Command, Cost, run
from benchmarks.report import Line
from benchmarks.rivals import Desk, Piece, made
from pipeline.editions import Target

T = TypeVar("T")

SAMPLED = "“measured” of the documents were made; time is scaled to all of them, memory is not."

# Typst is quick: so many organisations are measured, for what it remembers to be seen.
ORGANISATIONS = 100
TYPST = "Typst, a process a core"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the benchmark works, and how many documents of a program that is started for each of them."""

    folder: Path
    sample: int

    @property
    def desk(self) -> Desk:
        """Where the other programs work."""
        return Desk(self.folder / "others", self.folder / "fonts")


def spread(items: Sequence[T], count: int) -> list[T]:
    """Return `count` of the items, evenly from the first to the last, or all of them."""
    if count >= len(items):
        return list(items)
    return [items[n * len(items) // count] for n in range(count)]


def by_others(bench: Bench, pieces: Sequence[Piece], ours: Cost | None = None) -> Iterator[Line]:
    """Measure the programs that make documents of the format that the pieces have."""
    some = _few(bench, pieces)
    match pieces[0].target.format:
        case "pdf":
            yield _one_by_one(bench, "weasyprint, a process each", rivals.weasyprint, pieces, ours)
            if rivals.typst_is_there():
                each = rivals.typst(bench.desk, some, processes=len(some))
                yield _line(bench, "Typst, a process each", each, some, pieces, ours)
                yield typst(bench, pieces, ours)
        case _:
            if rivals.pandoc_program():
                yield _one_by_one(bench, "pandoc, a process each", rivals.pandoc, pieces, ours)


def typst(
    bench: Bench,
    pieces: Sequence[Piece],
    ours: Cost | None = None,
    *,
    judged: bool = True,
) -> Line:
    """Measure Typst in a few processes, each with many documents."""
    kinds = len({piece.target for piece in pieces})
    chosen = pieces[: kinds * ORGANISATIONS]
    commands = rivals.typst(bench.desk, chosen)
    return _line(bench, TYPST, commands, chosen, pieces, ours, judged=judged)


def all_by_others(bench: Bench, wanted: Sequence[Target], ours: Cost) -> list[Line]:
    """Measure the other programs on each format, and add up what makes all of them."""
    forms = dict.fromkeys(target.format for target in wanted)
    found = {form: _remembered(bench, tuple(t for t in wanted if t.format == form)) for form in forms}
    parts = [line.called(f"{line.program}: {form}") for form, some in found.items() for line in some]
    return parts + sums(found, ours)


@cache
def _remembered(bench: Bench, wanted: tuple[Target, ...]) -> tuple[Line, ...]:
    return tuple(by_others(bench, [Piece(target) for target in wanted]))


def sums(found: Mapping[str, Sequence[Line]], ours: Cost | None) -> list[Line]:
    """Return what all formats cost together: PDFs by WeasyPrint or by Typst, the rest by pandoc."""
    rest = [line for form, some in found.items() if form != "pdf" for line in some]
    lines = []
    for line in found["pdf"] if rest else ():
        if line.program == TYPST or line.program.startswith("weasyprint"):
            both = (line, *rest)
            name = f"{line.program.partition(',')[0]} + pandoc"
            cost = sum((one.cost for one in both), NOTHING)
            count, measured = sum(one.documents for one in both), sum(one.measured for one in both)
            lines.append(Line(name, count, measured, cost, ours))
    return lines


def _few(bench: Bench, pieces: Sequence[Piece]) -> list[Piece]:
    """Return a sample with as much of each language and edition as of the others."""
    return spread(sorted(pieces, key=lambda piece: piece.target), bench.sample)


def _one_by_one(
    bench: Bench,
    name: str,
    prepare: Callable[[Desk, Piece], Command],
    pieces: Sequence[Piece],
    ours: Cost | None,
) -> Line:
    some = _few(bench, pieces)
    return _line(bench, name, [prepare(bench.desk, piece) for piece in some], some, pieces, ours)


def _line(
    bench: Bench,
    name: str,
    commands: Sequence[Command],
    some: Sequence[Piece],
    pieces: Sequence[Piece],
    ours: Cost | None,
    *,
    judged: bool = True,
) -> Line:
    """Run the commands that make some of the pieces; return the cost of all of them."""
    cost = run(*commands).times(len(pieces) / len(some))
    files = [made(bench.desk, piece) for piece in some]
    size = sum(path.stat().st_size for path in files) / len(files)
    one_each = {(p.target.language, p.target.edition): path for p, path in zip(some, files, strict=True)}
    verdict = conforming(some[0].target.format, list(one_each.values())) if judged else ""
    for path in files:
        path.unlink()
    return Line(name, len(pieces), len(some), cost, ours, size, verdict)
