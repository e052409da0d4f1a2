"""The build: what is to be made, given out as jobs to any executor.

`make` is a pure function of the files that its job names, so that it runs in this process, in
another one, or on another machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from pipeline.copies import copy_jobs, folder_of, make_copies, stamp_of, stencil_of
from pipeline.editions import Target
from pipeline.inputs import program, snapshot, stamps
from pipeline.making import Result, make_targets, replay
from pipeline.memory import forget, remember_in
from pipeline.organisations import Organisation
from pipeline.plan import Job, Wishes, copies, jobs, targets
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

    A target whose record has the stamp of just these files is not looked at again. What the executor
    is given is the `errand`, which does what `make` does; `window` says how many jobs it is given at most
    before one of them is done. Raises `UsageError` and `SourceError`. A job that an executor ends with an
    error, or whose process does not survive it, has failed, alone.
    """
    carry_out = partial(_results, executor, errand, window)
    settings = open_project(root).settings
    tags = dict.fromkeys(target.language for target in targets(settings, replace(wishes, shard=(1, 1))))
    as_of = stamps(root, tags)
    like = Job(root, output, "", "", "", (), snapshot(root), release=wishes.release)
    sweep(output)
    forget(output / PIECES)
    if not organisations:
        yield from _build_targets(targets(settings, wishes), like=like, as_of=as_of, carry_out=carry_out)
    else:
        part, parts = wishes.shard
        yield from _build_copies(
            organisations[part - 1 :: parts],
            partial(copies, settings, wishes),
            like=like,
            as_of=as_of,
            carry_out=carry_out,
        )


def _build_targets(
    wanted: Iterable[Target], *, like: Job, as_of: Mapping[str, str], carry_out: CarryOut
) -> Iterator[Result]:
    stamped = ((target, as_of[target.language]) for target in wanted)
    done, todo = settled(stamped, output=like.output, release=like.release)
    if done:
        yield Result(done, ())
    if not todo:
        return
    renew(like.snapshot)
    load(like.root)  # a fault of the source is told once, before any work begins
    yield from carry_out(jobs(todo, like=like, stamps=as_of))
    sweep(like.output)  # what a process that died has left


def _build_copies(
    organisations: Iterable[Organisation],
    copies_for: Callable[[Organisation], tuple[Target, ...]],
    *,
    like: Job,
    as_of: Mapping[str, str],
    carry_out: CarryOut,
) -> Iterator[Result]:
    """Make the stencils, then the copies.

    What is left to make for an organization is found out when its turn comes: there may be a million copies.
    """
    stencils = dict.fromkeys(stencil_of(t) for own in organisations for t in copies_for(own))
    for _ in _build_targets(stencils, like=like, as_of=as_of, carry_out=carry_out):
        pass  # what befell a stencil is told for each copy that it was for
    done: list[Result] = []

    def left() -> Iterator[tuple[Organisation, tuple[Target, ...]]]:
        for own in organisations:
            wanted = ((target, stamp_of(as_of[target.language], own)) for target in copies_for(own))
            made, todo = settled(wanted, output=like.output, release=like.release)
            if made:
                done.append(Result(made, ()))
            if todo:
                yield own, todo

    worked = False
    for result in carry_out(copy_jobs(left(), like=like, stamps=as_of)):
        worked = True
        yield result
        while done:
            yield done.pop(0)
    yield from done
    if worked:
        sweep(like.output)


def settled_of(job: Job) -> tuple[tuple[Made, ...], tuple[Target, ...]]:
    """Return the targets of a job that need not be made, and those to look at."""
    of_copies = {folder_of(own): stamp_of(job.stamp, own) for own in job.organisations}
    wanted = ((target, of_copies.get(target.folder, job.stamp)) for target in job.targets)
    return settled(wanted, output=job.output, release=job.release)


def unmade(job: Job, error: Exception) -> Result:
    """Return what it means for a job that an error befell it before anything was made."""
    return Result((), tuple(mishap(target.name, error) for target in job.targets))


def settled(
    wanted: Iterable[tuple[Target, str]], *, output: Path, release: bool
) -> tuple[tuple[Made, ...], tuple[Target, ...]]:
    """Return the targets that were made from files of just this stamp and are whole, and those to look at."""
    done, todo = [], []
    for target, stamp in wanted:
        record = read_record(output, target.name)
        # A release looks at each sign-off again.
        current = record is not None and record.stamp == stamp and not release
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
