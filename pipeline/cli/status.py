"""`handout catalogs status`: how far each translation has come."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.diagnostics import ExitCode, UsageError
from pipeline.inputs import snapshot
from pipeline.progress import Progress, Stage, Tally, progress_of
from pipeline.progresspage import progress_page
from pipeline.store import write
from pipeline.workspace import languages_of, load, renew

_WIDTH = 34


def show(root: Path, languages: tuple[str, ...], *, details: bool, page: Path | None) -> ExitCode:
    """Show a line for each language; with `details`, a line for each handout and section too.

    With `page`, all of it goes to that file as a web page as well.
    """
    renew(snapshot(root))
    source = load(root)[1].language.tag
    known = [source, *languages_of(root)]
    for tag in languages:
        if tag not in known:
            raise UsageError(f"there is no translation into “{tag}”", hint=f"known are: {', '.join(known)}")
    found = [progress_of(root, tag) for tag in languages or known]
    heads = ["segments", *(stage.value for stage in Stage), "words left", "hours", "to review"]
    click.echo(f"{'':<{_WIDTH}}" + "".join(f"{head:>14}" for head in heads))
    code = ExitCode.OK
    for progress in found:
        if progress.whole is None:
            click.echo(f"{progress.tag:<{_WIDTH}}  cannot be read: {progress.faults[0]}")
            code = ExitCode.TRANSLATION
            continue
        click.echo(_line(_name(progress), progress.whole))
        if progress.interface is not None and progress.interface.words_left:
            click.echo(_line("  interface", progress.interface))
        for part in (*progress.handouts, *progress.sections) if details else ():
            click.echo(_line(f"  {part.id}", part.tally))
    if page is not None:
        write(page, progress_page(found))
        click.echo(f"Page: {page}")
    return code


def _name(progress: Progress) -> str:
    return f"{progress.tag} (kept on {progress.edition})" if progress.edition else progress.tag


def _line(name: str, tally: Tally) -> str:
    hours = (f"{tally.hours_to_translate:g} h", f"{tally.hours_to_review:g} h")
    counts = (tally.total, *(tally.segments[stage] for stage in Stage), tally.words_left, *hours)
    return f"{name:<{_WIDTH}}" + "".join(f"{count:>14}" for count in counts)
