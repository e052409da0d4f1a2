"""`handout build`: progress while it runs, then a summary."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.build import build, collect, make
from pipeline.cli.machine import worthwhile_jobs
from pipeline.cli.scratch import sweep_scratch
from pipeline.cli.workers import Workers
from pipeline.copies import folder_of
from pipeline.depot import BRIEF, Depot, open_depot
from pipeline.diagnostics import Diagnostic, ExitCode, PipelineError, Severity
from pipeline.download import is_listed, write_download_page
from pipeline.editions import Target
from pipeline.errand import list_store, send, shared
from pipeline.making import Result
from pipeline.organisations import Organisation
from pipeline.plan import Job, Wishes, copies, targets
from pipeline.reader import open_project
from pipeline.report import BuildReport, count_text, failure, size_text, unique
from pipeline.workspace import load


@dataclass(frozen=True, slots=True)
class Place:
    """Where the artefacts go, and who makes them: a `store` by URL stands in for the output folder, the Dask
    cluster at a `scheduler` for this machine."""

    output: Path
    store: str = ""
    scheduler: str = ""

    def __str__(self) -> str:
        return self.store or _shown_path(self.output)


def run(
    root: Path,
    place: Place,
    wishes: Wishes,
    *,
    jobs: int | None,
    explain: bool,
    organisations: tuple[Organisation, ...] = (),
) -> ExitCode:
    """Build, show what happened, and return the exit code. With `organisations` their copies are built."""
    started = time.perf_counter()
    settings = open_project(root).settings
    sweep_scratch()
    if organisations:
        part, parts = wishes.shard
        own = organisations[part - 1 :: parts]
        lists = [(folder_of(one), copies(settings, Wishes(), one)) for one in own]
        wanted = tuple(target for one in own for target in copies(settings, wishes, one))
    else:
        # What a shard made is listed when it is with the others.
        lists = [("", targets(settings, Wishes()))] if wishes.shard == (1, 1) or place.store else []
        wanted = targets(settings, wishes)
    with ExitStack() as ends:
        depot = open_depot(place.store, pauses=BRIEF) if place.store else None
        # A store has its own records; the folder here only takes what is needed to list them.
        output = Path(ends.enter_context(tempfile.TemporaryDirectory())) if depot else place.output
        report = BuildReport()
        try:
            with ExitStack() as workers:
                executor, window = _executor(place, wanted, jobs, workers)
                errand = _errand(root, place, depot, ends)
                results = build(
                    root,
                    output,
                    wishes,
                    executor=executor,
                    organisations=organisations,
                    errand=errand,
                    window=window,
                )
                collect(_shown(results, len(wanted), explain=explain), into=report)
        except KeyboardInterrupt:
            _summarize(report, place, time.perf_counter() - started)
            raise
        for folder, listed in lists:
            try:
                if depot:
                    list_store(load(root)[1], listed, depot, output, folder=folder)
                elif not is_listed(listed, output, folder=folder):
                    write_download_page(load(root)[1], listed, output, folder=folder)
            except PipelineError as error:
                report.failed.append(failure(f"{folder}/index.html".lstrip("/"), error))
    _summarize(report, place, time.perf_counter() - started)
    return report.exit_code


def _executor(
    place: Place, wanted: tuple[Target, ...], jobs: int | None, ends: ExitStack
) -> tuple[Executor, Callable[[], int]]:
    """Return who makes the artefacts, and how many jobs keep them busy."""
    if place.scheduler:
        from pipeline.cli.cluster import Cluster

        cluster = ends.enter_context(Cluster(place.scheduler, tell=lambda said: click.echo(said, err=True)))
        return cluster, cluster.room
    count = jobs or worthwhile_jobs()
    workers = ends.enter_context(Workers(count, formats={target.format for target in wanted}))
    return workers, lambda: 4 * count


def _errand(root: Path, place: Place, depot: Depot | None, ends: ExitStack) -> Callable[[Job], Result]:
    """Return what the workers do for each job."""
    if depot:
        return send(root, place.store, depot)
    return ends.enter_context(shared(place.output)) if place.scheduler else make


def _shown(results: Iterator[Result], total: int, *, explain: bool) -> Iterator[Result]:
    """Pass results on, and show them: a bar on a terminal, plain lines elsewhere."""
    if sys.stderr.isatty():
        yield from _with_bar(results, total, explain=explain)
        return
    for result in results:
        for line in _lines(result, explain=explain):
            click.echo(line)
        yield result


def _with_bar(results: Iterator[Result], total: int, *, explain: bool) -> Iterator[Result]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("Making leaflets"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("build", total=total)
        for result in results:
            progress.advance(task, len(result.made) + len(result.failed))
            if explain:
                for line in _lines(result, explain=True):
                    progress.console.print(line, highlight=False, markup=False)
            yield result


def _lines(result: Result, *, explain: bool) -> Iterator[str]:
    for made in result.made:
        if made.reason:
            pages = f", {count_text(made.pages, 'page')}" if made.pages else ""
            why = f"  ({made.reason})" if explain else ""
            yield f"{made.name}  {size_text(made.size)}{pages}{why}"
        elif explain:
            yield f"{made.name}  up to date"


def _summarize(report: BuildReport, place: Place, seconds: float) -> None:
    causes: dict[tuple[Diagnostic, ...], list[str]] = {}
    for failed in report.failed:
        causes.setdefault(failed.diagnostics, []).append(failed.name)
    for diagnostics, names in causes.items():
        click.echo(f"Not made: {', '.join(sorted(set(names)))}", err=True)
        for diagnostic in diagnostics:
            click.echo(f"  {diagnostic}", err=True)
    found = unique(d for made in report.made for d in made.diagnostics)
    for diagnostic in found:
        click.echo(str(diagnostic), err=diagnostic.severity >= Severity.FAIL)
    size = size_text(sum(m.size for m in report.made))
    kept = len(report.made) - report.built
    parts = [f"{count_text(report.built, 'artefact')} made", f"{kept} up to date" if kept else "", size]
    click.echo(f"{', '.join(filter(None, parts))}, {seconds:.1f} s. In {place}")
    if report.failed:
        click.echo("What could not be made stays as it was before.", err=True)


def _shown_path(output: Path) -> str:
    try:
        return f"{output.relative_to(Path.cwd())}/"
    except ValueError:
        return f"{output}/"
