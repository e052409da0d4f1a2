"""Table (d): the whole leaflet for many organisations, in three languages, as four documents each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from benchmarks.conformance import conforming
from benchmarks.measure import Cost, run
from benchmarks.organisations import LANGUAGES, read_back, write_table
from benchmarks.others import ORGANISATIONS, SAMPLED, TYPST, Bench, by_others, sums, typst
from benchmarks.projects import copy_project
from benchmarks.report import Line, Table
from benchmarks.rivals import Piece
from pipeline.editions import Target

FORMATS = {"pdf": ["clear", "large"], "docx": ["clear"], "epub": ["clear"]}
PERSONAL = tuple(
    Target(tag, "osteopetrosis", edition, form, "a4")
    for tag in LANGUAGES
    for form, editions in FORMATS.items()
    for edition in editions
)

_FILLED_IN = "Not counted for the others: writing their input, with the details and the QR code filled in."
_PARTS = (
    "Ours holds what all documents share (start, fonts, the leaflet without a panel) once for each format."
)
_FURTHER = "“each further one”: what the next documents cost, once all that they share is made."


def organisations(bench: Bench, counts: Sequence[int]) -> Iterator[Table]:
    """Measure (d): each format by itself for up to 100 organisations, then how the cost grows."""
    able = can_organise()
    count = max((n for n in counts if n <= ORGANISATIONS), default=ORGANISATIONS)
    found: dict[str, list[Line]] = {}
    for form in FORMATS:
        own = [_ours(bench, count, form)] if able else []
        if own and counts[0] < count:
            own.append(_further(_ours(bench, counts[0], form), own[0]))
        found[form] = list(by_others(bench, _pieces(bench, count, form), own[0].cost if own else None))
        notes = [SAMPLED, _FILLED_IN, _PARTS, *_compared(own, found[form])]
        yield Table(f"(d) {form.upper()} for {count:,} organizations", [*own, *found[form]], notes)
    ours = {n: _ours(bench, n) for n in counts} if able else {}
    yield Table(
        "(d) How the cost grows",
        list(_growth(bench, counts, ours, {form: (count, lines) for form, lines in found.items()})),
        [SAMPLED, _FILLED_IN, _FURTHER],
    )


def _compared(own: Sequence[Line], others: Sequence[Line]) -> Iterator[str]:
    """Yield how many times as much as each further document of ours one of the others costs."""
    if len(own) == 2:
        told = ", ".join(f"{line.program}: {line.each / own[1].each:.2f} ×" for line in others)
        yield f"In processor time, beside each further one of ours: {told}."


def can_organise() -> bool:
    """Whether this version builds for organisations."""
    from pipeline.cli import build_command

    return any("--organisations" in option.opts for option in build_command.params)


def _pieces(bench: Bench, count: int, form: str) -> list[Piece]:
    everyone = read_back(bench.folder / "tables" / f"{count}.csv", count)
    return [Piece(target, one) for one in everyone for target in PERSONAL if target.format == form]


def _growth(
    bench: Bench,
    counts: Sequence[int],
    ours: Mapping[int, Line],
    found: Mapping[str, tuple[int, Sequence[Line]]],
) -> Iterator[Line]:
    """Yield the lines of each number of organisations: ours, ours for each further one, the others."""
    last: Line | None = None
    for count in counts:
        own = ours.get(count)
        if own:
            yield own.called(f"{count:,}: handout")
            if last:
                yield _further(last, own)
            last = own
        others = {
            form: [_scaled(line, count / measured) for line in lines]
            for form, (measured, lines) in found.items()
        }
        if any(line.program == TYPST for line in others["pdf"]):
            now = typst(bench, _pieces(bench, count, "pdf"), judged=False)
            others["pdf"] = [now if line.program == TYPST else line for line in others["pdf"]]
        for line in (
            *(x for x in others["pdf"] if x.program == TYPST),
            *sums(others, own.cost if own else None),
        ):
            yield line.called(f"{count:,}: {line.program}{' (PDF)' if line.program == TYPST else ''}")


def _scaled(line: Line, factor: float) -> Line:
    return replace(line, documents=round(line.documents * factor), cost=line.cost.times(factor), ours=None)


def _further(last: Line, own: Line) -> Line:
    cost = Cost(own.cost.wall - last.cost.wall, own.cost.cpu - last.cost.cpu, own.cost.memory)
    return Line("handout: each further one", own.documents - last.documents, 0, cost)


def _ours(bench: Bench, count: int, form: str = "") -> Line:
    """Measure our build for organisations, from nothing: in all formats, or in one."""
    folder = bench.folder / "organisations"
    copy = copy_project(folder).only(FORMATS)
    table = write_table(folder / "organisations.csv", count)
    cost = run(copy.build_for(table, *(("-f", form) if form else ())))
    documents = copy.made_for_organisations()
    expected = count * sum(target.format == form or not form for target in PERSONAL)
    if len(documents) != expected:
        raise SystemExit(f"{len(documents):,} documents for {count:,} organizations, not {expected:,}")
    size = sum(path.stat().st_size for path in documents) / expected
    verdict = conforming(form, documents[: expected // count])
    shutil.rmtree(folder)
    return Line("handout", expected, expected, cost, cost, size, verdict)
