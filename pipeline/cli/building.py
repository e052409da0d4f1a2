"""`handout build`: progress while it runs, then a summary."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.build import Result, build, collect
from pipeline.cli.machine import worthwhile_jobs
from pipeline.cli.scratch import sweep_scratch
from pipeline.cli.workers import Workers
from pipeline.diagnostics import Diagnostic, ExitCode, PipelineError, Severity
from pipeline.download import is_listed, write_download_page
from pipeline.plan import Wishes, targets
from pipeline.reader import open_project
from pipeline.report import BuildReport, count_text, failure, size_text, unique
from pipeline.workspace import load


def run(root: Path, output: Path, wishes: Wishes, *, jobs: int | None, explain: bool) -> ExitCode:
    """Build, show what happened, and return the exit code."""
    started = time.perf_counter()
    settings = open_project(root).settings
    wanted = targets(settings, wishes)
    sweep_scratch()
    report = BuildReport()
    count = jobs or worthwhile_jobs()
    try:
        with Workers(count, formats={t.format for t in wanted}) as workers:
            results = build(root, output, wishes, executor=workers)
            collect(_shown(results, len(wanted), explain=explain), into=report)
    except KeyboardInterrupt:
        _summarize(report, output, time.perf_counter() - started)
        raise
    everything = targets(settings, Wishes())
    if report.built or not is_listed(everything, output):
        try:
            write_download_page(load(root)[1], everything, output)
        except PipelineError as error:
            report.failed.append(failure("index.html", error))
    _summarize(report, output, time.perf_counter() - started)
    return report.exit_code


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


def _summarize(report: BuildReport, output: Path, seconds: float) -> None:
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
    click.echo(f"{', '.join(filter(None, parts))}, {seconds:.1f} s. In {_shown_path(output)}")
    if report.failed:
        click.echo("What could not be made stays as it was before.", err=True)


def _shown_path(output: Path) -> str:
    try:
        return f"{output.relative_to(Path.cwd())}/"
    except ValueError:
        return f"{output}/"
