"""`handout build --organisations`: a table of organizations, its faults, and the copies of the good rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import click

from pipeline.cli import building
from pipeline.cli.building import Place
from pipeline.diagnostics import Diagnostic, ExitCode, UsageError
from pipeline.organisations import Organisation, read_organisations
from pipeline.plan import COPIES, Wishes
from pipeline.reader import open_project
from pipeline.report import count_text
from pipeline.store import write

# The faults as a table of their own, for who filled in the first one.
REPORT = f"{COPIES}/problems.csv"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of a table. No `ids` means every organization in it."""

    table: Path
    ids: tuple[str, ...]
    jobs: int | None
    explain: bool


def run(root: Path, place: Place, wishes: Wishes, asked: Asked) -> ExitCode:
    """Build the copies of the organizations whose rows are good, and tell what is wrong with the others.

    Raises `SourceError` if the file is no table of organizations, `UsageError` for an id that is not in it.
    """
    settings = open_project(root).settings
    found, faults = read_organisations(asked.table, settings, shown=_shown(asked.table, root))
    for fault in faults:
        click.echo(str(fault), err=True)
    if not place.store:
        _write_report(place.output, faults)
    chosen = _chosen(found, asked)
    code = ExitCode.OK
    if chosen:
        code = building.run(root, place, wishes, jobs=asked.jobs, explain=asked.explain, organisations=chosen)
    if not faults:
        return code
    rows = len({fault.location for fault in faults})
    told = f", which {REPORT} lists" if not place.store else ""
    click.echo(f"{count_text(rows, 'row')} with {count_text(len(faults), 'problem')}{told}.", err=True)
    return max(code, ExitCode.SOURCE)


def _shown(table: Path, root: Path) -> PurePosixPath:
    """Return what messages call the table."""
    whole = table.resolve()
    return PurePosixPath(whole.relative_to(root) if whole.is_relative_to(root) else table)


def _chosen(found: tuple[Organisation, ...], asked: Asked) -> tuple[Organisation, ...]:
    unknown = sorted(set(asked.ids) - {organisation.id for organisation in found})
    if unknown:
        raise UsageError(
            f"{asked.table.name} has no good row with the id {', '.join(unknown)}",
            hint="see the column “id” of the table",
        )
    return tuple(own for own in found if not asked.ids or own.id in asked.ids)


def _write_report(output: Path, faults: Iterable[Diagnostic]) -> None:
    """Write the faults beside the copies; a table without one leaves no report."""
    rows = [(f.location.line if f.location else "", f.message, f.hint) for f in faults]
    if not rows:
        (output / REPORT).unlink(missing_ok=True)
        return
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(("row", "problem", "what to do"))
    # What a cell held may begin like a formula; a spreadsheet must not take it for one.
    table.writerows((row, _harmless(problem), _harmless(hint)) for row, problem, hint in rows)
    write(output / REPORT, text.getvalue().encode("utf-8-sig", errors="replace"))


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@" and text else text
