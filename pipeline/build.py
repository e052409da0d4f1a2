"""The build: what is to be made, given out as jobs to any executor.

`make` is a pure function of the files that its job names, so that it runs in this process, in
another one, or on another machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from pipeline.config import Settings
from pipeline.copies import copy_jobs, folder_of, make_copies, stamp_of, stencil_of
from pipeline.editions import Target
from pipeline.making import Result, make_targets, replay
from pipeline.memory import forget, remember_in
from pipeline.organisations import Organisation
from pipeline.plan import Job, Wishes, copies, jobs, program, snapshot, targets
from pipeline.reader import open_project
from pipeline.report import BuildReport, Made, mishap
from pipeline.store import PIECES, is_whole, read_record, sweep, testifies
from pipeline.window import windowed
from pipeline.workspace import load, renew

Errand: TypeAlias = Callable[[Job], Result]
CarryOut: TypeAlias = Callable[[Iterable[Job]], Iterator[Result]]
Window: TypeAlias = Callable[[], int]


def make(job: Job) -> Result:
    """Make what a job names, unless it is up to date."""
    remember_in(job.output / PIECES, program())
    return make_copies(job) if job.organisations else make_targets(job)


def build(
    root: Path,
    output: Path,
    wishes: Wishes,
    *,
    executor: Executor,
    organisations: tuple[Organisation, ...] = (),
    errand: Errand = make,
    window: Window = lambda: 4 * (os.cpu_count() or 1),
) -> Iterator[Result]:
    """Make what the wishes ask for, or the copies of `organisations`; yield each job's result as it is done.

    A target whose record has the snapshot of just these files is not looked at again. What the executor
    is given is the `errand`, which does what `make` does; `window` says how many jobs it is given at most
    before one of them is done. Raises `UsageError` and `SourceError`. A job that an executor ends with an
    error, or whose process does not survive it, has failed, alone.
    """
    carry_out = partial(_results, executor, errand, window)
    settings = open_project(root).settings
    like = Job(root, output, "", "", "", (), snapshot(root), wishes.release)
    sweep(output)
    forget(output / PIECES)
    if not organisations:
        yield from _build_targets(targets(settings, wishes), like, carry_out)
    else:
        part, parts = wishes.shard
        yield from _build_copies(organisations[part - 1 :: parts], settings, wishes, like, carry_out)


def _build_targets(wanted: Iterable[Target], like: Job, carry_out: CarryOut) -> Iterator[Result]:
    done, todo = settled(wanted, output=like.output, snapshot=like.snapshot, release=like.release)
    if done:
        yield Result(done, ())
    if not todo:
        return
    renew(like.snapshot)
    load(like.root)  # a fault of the source is told once, before any work begins
    yield from carry_out(jobs(todo, like=like))
    sweep(like.output)  # what a process that died has left


def _build_copies(
    organisations: Iterable[Organisation], settings: Settings, wishes: Wishes, like: Job, carry_out: CarryOut
) -> Iterator[Result]:
    """Make the stencils, then the copies.

    What is left to make for an organization is found out when its turn comes: there may be a million copies.
    """
    stencils = dict.fromkeys(stencil_of(t) for own in organisations for t in copies(settings, wishes, own))
    for _ in _build_targets(stencils, like, carry_out):
        pass  # what befell a stencil is told for each copy that it was for
    done: list[Result] = []

    def left() -> Iterator[tuple[Organisation, tuple[Target, ...]]]:
        for own in organisations:
            stamp = stamp_of(like.snapshot, own)
            wanted = copies(settings, wishes, own)
            made, todo = settled(wanted, output=like.output, snapshot=stamp, release=like.release)
            if made:
                done.append(Result(made, ()))
            if todo:
                yield own, todo

    worked = False
    for result in carry_out(copy_jobs(left(), like=like)):
        worked = True
        yield result
        while done:
            yield done.pop(0)
    yield from done
    if worked:
        sweep(like.output)


def settled_of(job: Job) -> tuple[tuple[Made, ...], tuple[Target, ...]]:
    """Return the targets of a job that need not be made, and those to look at."""
    if not job.organisations:
        return settled(job.targets, output=job.output, snapshot=job.snapshot, release=job.release)
    stamps = {folder_of(own): stamp_of(job.snapshot, own) for own in job.organisations}
    done: list[Made] = []
    todo: list[Target] = []
    for target in job.targets:
        stamp = stamps[target.folder]
        made, left = settled((target,), output=job.output, snapshot=stamp, release=job.release)
        done += made
        todo += left
    return tuple(done), tuple(todo)


def unmade(job: Job, error: Exception) -> Result:
    """Return what it means for a job that an error befell it before anything was made."""
    return Result((), tuple(mishap(target.name, error) for target in job.targets))


def settled(
    wanted: Iterable[Target], *, output: Path, snapshot: str, release: bool
) -> tuple[tuple[Made, ...], tuple[Target, ...]]:
    """Return the targets that were made from just these files and are whole, and those to look at."""
    done, todo = [], []
    for target in wanted:
        record = read_record(output, target.name)
        # A release looks at each sign-off again.
        current = record is not None and record.snapshot == snapshot and not release
        name = target.name
        if record and current and is_whole(output, name, record) and testifies(output, name, record):
            done.append(Made(name, record.size, record.pages, "", 0.0, replay(record)))
        else:
            todo.append(target)
    return tuple(done), tuple(todo)


def _results(executor: Executor, errand: Errand, window: Window, work: Iterable[Job]) -> Iterator[Result]:
    """Yield each job's result. What a process does not survive is done again, target by target."""
    lost: list[Job] = []
    for job, future in windowed(executor, errand, work, window=window):
        try:
            result = future.result()
        except Exception as error:  # of the process, or of the way to it: an errand raises nothing
            if isinstance(error, BrokenExecutor) and len(job.targets) > 1:
                lost += (replace(job, targets=(target,)) for target in job.targets)
                continue
            result = unmade(job, error)
        yield result
    if lost:
        yield from _results(executor, errand, window, lost)


def collect(results: Iterator[Result], *, into: BuildReport | None = None) -> BuildReport:
    """Return the report of a whole build; `into` one that knows what was done if that is broken off."""
    report = into if into is not None else BuildReport()
    for result in results:
        report.made += result.made
        report.failed += result.failed
    return report
