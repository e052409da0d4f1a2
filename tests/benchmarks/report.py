"""Tables: lines of costs as Markdown and as JSON, each with how many times as much as ours it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from benchmarks.measure import Cost


@dataclass(frozen=True, slots=True)
class Line:
    """The cost of some documents by a program.

    `measured` of them were made, and the cost scaled to all `documents`. `ours` is the cost of our doing
    the same work: no ratio without it. `size` is in bytes for each document.
    """

    program: str
    documents: int
    measured: int
    cost: Cost
    ours: Cost | None = None
    size: float = 0.0
    conforms: str = ""

    def called(self, program: str) -> Line:
        """Return the same under another name."""
        return replace(self, program=program)

    @property
    def each(self) -> float:
        """Milliseconds of a processor for each document."""
        return self.cost.cpu * 1e3 / self.documents if self.documents else 0.0

    @property
    def ratios(self) -> tuple[float, float, float] | None:
        """How many times as much as ours: processor time, time on the clock, memory."""
        if self.ours is None:
            return None
        ours, other = self.ours, self.cost
        return other.cpu / ours.cpu, other.wall / ours.wall, other.memory / ours.memory


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the benchmark, with what must be known of it."""

    title: str
    lines: Sequence[Line]
    notes: Sequence[str] = ()


_HEAD = (
    "program",
    "documents",
    "measured",
    "s",
    "CPU s",
    "MB",
    "CPU ms each",
    "kB each",
    "× CPU",
    "× time",
    "× MB",
    "conform",
)


def markdown(table: Table) -> str:
    """Return a table as Markdown."""
    rows = [_HEAD, ("---", *["---:"] * (len(_HEAD) - 2), "---"), *map(_cells, table.lines)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join((f"## {table.title}", "", *lines, "", *(f"- {note}" for note in table.notes), ""))


def as_data(tables: Iterable[Table]) -> list[dict[str, Any]]:
    """Return tables as data for JSON."""
    return [
        {
            "title": table.title,
            "notes": list(table.notes),
            "lines": [
                {**asdict(line), "cpu_ms_each": line.each, "ratios": line.ratios} for line in table.lines
            ],
        }
        for table in tables
    ]


def _cells(line: Line) -> tuple[str, ...]:
    ratios = [f"{ratio:.2f}" for ratio in line.ratios] if line.ratios else ["", "", ""]
    return (
        line.program,
        f"{line.documents:,}",
        f"{line.measured:,}" if line.measured else "",
        f"{line.cost.wall:.2f}",
        f"{line.cost.cpu:.2f}",
        f"{line.cost.memory:.0f}",
        f"{line.each:.1f}",
        f"{line.size / 1e3:.0f}" if line.size else "",
        *ratios,
        line.conforms,
    )
