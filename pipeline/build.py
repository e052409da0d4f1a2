"""The build: read → translate → select → render → check, for many jobs on any executor.

`make` is a pure function of the files that its job names, so that it runs in this process, in
another one, or on another machine.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import checks
from pipeline.catalogs import Standing
from pipeline.diagnostics import (
    Diagnostic,
    PipelineError,
    Severity,
    TranslationError,
    findings,
)
from pipeline.document import TranslatedDocument, plain_text
from pipeline.editions import Target
from pipeline.passport import to_json
from pipeline.plan import PAGED, Job, Wishes, inputs, jobs, program, snapshot, targets
from pipeline.provenance import passport_of
from pipeline.reader import open_project
from pipeline.remarks import diagnostic, kept, remark
from pipeline.renderers import FORMATS, Companions
from pipeline.report import BuildReport, Failed, Made, count_text, failure, mishap
from pipeline.store import (
    Record,
    changed,
    is_whole,
    read_record,
    sha256,
    sweep,
    testifies,
    testimony_of,
    write,
    write_record,
    write_testimony,
)
from pipeline.workspace import handout, layout_of, load, renew, unsigned

_STANDINGS = {
    Standing.MISSING: "not signed off",
    Standing.STALE: "signed off for earlier words",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one job."""

    made: tuple[Made, ...]
    failed: tuple[Failed, ...]


def companions_of(target: Target, everything: tuple[Target, ...], pages: Mapping[str, int]) -> Companions:
    """Return what stands beside a target. Only a web page links, only an e-book has pages."""
    match target.format:
        case "html":
            same = [t for t in everything if t.handout == target.handout]
            return Companions(
                translations=tuple(
                    (t.language, f"../{t.name}")
                    for t in same
                    if (t.format, t.edition) == ("html", target.edition)
                ),
                formats=tuple(
                    (t.format, t.edition, t.name.partition("/")[2])
                    for t in same
                    if t.language == target.language and t.format != "html" and t.paper == target.paper
                ),
            )
        case "epub":
            return Companions(pages=pages)
        case "pdf":
            return Companions(variant=target.variant)
        case _:
            return Companions()


def make(job: Job) -> Result:
    """Make the targets of a job that are not up to date. Raises nothing: the result says what befell each."""
    made: list[Made] = []
    failed: list[Failed] = []
    renew(job.snapshot)
    try:
        project, _ = load(job.root)
        everything = targets(project.settings, Wishes())
        chosen = handout(job.root, job.language, job.handout)
        if job.release:
            refuse_unsigned(job)
    except PipelineError as error:
        return Result((), (failure(job.language, error),))
    except Exception as error:
        return Result((), tuple(mishap(target.name, error) for target in job.targets))
    pages: Mapping[str, int] = {}
    for target in job.targets:
        try:
            if target.format == "epub" and not pages:
                pages = _pages(job, target, chosen)
            result, page_of = _make_one(job, target, chosen, everything=everything, pages=pages)
            made.append(result)
            if target.format == "pdf" and not pages:
                pages = page_of
        except Exception as error:  # what befalls one target must not cost the others
            failed.append(mishap(target.name, error))
    return Result(tuple(made), tuple(failed))


def refuse_unsigned(job: Job) -> None:
    """Raise `TranslationError` if a segment of the job's handout is not signed off in every role."""
    found = []
    for role, segments in unsigned(job.root, job.language, job.handout).items():
        for standing in sorted(set(segments.values())):
            names = [name for name, at in segments.items() if at is standing]
            what = f"{job.handout}: {count_text(len(names), 'segment')} {_STANDINGS[standing]}"
            sentence = f"{what} in the role “{role}”: {', '.join(names)}"
            hint = f"handout catalogs sign -l {job.language} --role {role} --who NAME"
            found.append(Diagnostic("E010", Severity.ERROR, sentence, hint=hint))
    if found:
        raise TranslationError("not signed off", diagnostics=found)


def _pages(job: Job, target: Target, chosen: TranslatedDocument) -> Mapping[str, int]:
    """Return the page of each segment in the PDF beside an e-book, laid out if it is not at hand."""
    layout = layout_of(job.root, target, job.output)
    papers = [t for t in targets(load(job.root)[0].settings, Wishes()) if t.language == target.language]
    beside = [
        t for t in papers if (t.format, t.edition, t.handout) == ("pdf", target.edition, target.handout)
    ]
    if beside:
        record = read_record(job.output, beside[0].name)
        wanted = inputs(chosen, layout, companions=Companions())
        # Where a page ends does not depend on the passport.
        if record and not set(changed(record.inputs, wanted)) - {"passport"}:
            return record.page_of
    return FORMATS["pdf"](chosen, layout, Companions()).page_of


def _make_one(
    job: Job,
    target: Target,
    chosen: TranslatedDocument,
    *,
    everything: tuple[Target, ...],
    pages: Mapping[str, int],
) -> tuple[Made, Mapping[str, int]]:
    started = time.perf_counter()
    layout = layout_of(job.root, target, job.output)
    companions = companions_of(target, everything, pages)
    passport = passport_of(job.root, target, chosen, program_digest=program())
    wanted = {
        **inputs(chosen, layout, companions=companions),
        "passport": sha256(to_json(passport).encode()),
    }
    old = read_record(job.output, target.name)
    reason = _reason(job.output, target.name, old, wanted)
    if old and not reason:
        if not testifies(job.output, target.name, old):
            write_testimony(job.output, target.name, testimony_of(old))
        write_record(job.output, target.name, _restamp(old, job.snapshot))
        return Made(target.name, old.size, old.pages, "", 0.0, _replay(old)), old.page_of
    rendition = FORMATS[target.format](chosen, layout, replace(companions, passport=passport))
    outcomes = checks.check_rendition(chosen, target, rendition, load(job.root)[1])
    found = (*rendition.diagnostics, *findings(outcomes))
    write(job.output / target.name, rendition.data, shown="the file")
    record = Record(
        snapshot=job.snapshot,
        inputs=wanted,
        digest=sha256(rendition.data),
        size=len(rendition.data),
        title=plain_text(chosen.document.front.title.children),
        status=chosen.status.value,
        pages=rendition.pages if target.format in PAGED else None,
        page_of=dict(rendition.page_of),
        findings=tuple(map(remark, rendition.diagnostics)),
        outcomes=tuple(kept(outcome) for outcome in outcomes),
        passport=passport,
    )
    write_testimony(job.output, target.name, testimony_of(record))
    write_record(job.output, target.name, record)
    seconds = time.perf_counter() - started
    return Made(target.name, record.size, record.pages, reason, seconds, tuple(found)), record.page_of


def _reason(output: Path, name: str, old: Record | None, wanted: Mapping[str, str]) -> str:
    """Return why a target must be made, or "" if it is up to date."""
    if old is None:
        return "not made yet"
    differing = changed(old.inputs, wanted)
    if differing:
        return f"changed: {', '.join(differing)}"
    return "" if is_whole(output, name, old) else "missing or altered"


def _restamp(old: Record, stamp: str) -> Record:
    return Record(**{f: getattr(old, f) for f in old.__struct_fields__} | {"snapshot": stamp})


def _replay(old: Record) -> tuple[Diagnostic, ...]:
    every = (*old.findings, *(r for outcome in old.outcomes for r in outcome.remarks))
    return tuple(map(diagnostic, every))


def build(root: Path, output: Path, wishes: Wishes, *, executor: Executor) -> Iterator[Result]:
    """Make what the wishes ask for; yield each job's result as it is done.

    A target whose record has the snapshot of just these files is not looked at again. Raises
    `UsageError` and `SourceError`. A job whose process does not survive it has failed, alone.
    """
    settings = open_project(root).settings
    wanted = targets(settings, wishes)
    stamp = snapshot(root)
    sweep(output)
    done, todo = [], []
    for target in wanted:
        record = read_record(output, target.name)
        # A release looks at each sign-off again.
        current = record is not None and record.snapshot == stamp and not wishes.release
        name = target.name
        if record and current and is_whole(output, name, record) and testifies(output, name, record):
            done.append(Made(name, record.size, record.pages, "", 0.0, _replay(record)))
        else:
            todo.append(target)
    if done:
        yield Result(tuple(done), ())
    if not todo:
        return
    renew(stamp)
    load(root)  # a fault of the source is told once, before any work begins
    work = jobs(todo, root=root, output=output, snapshot=stamp, release=wishes.release)
    yield from _results(executor, work)
    sweep(output)  # what a process that died has left


def _results(executor: Executor, work: Iterable[Job]) -> Iterator[Result]:
    """Yield each job's result. What a process does not survive is done again, target by target."""
    futures: dict[Future[Result], Job] = {}
    lost: list[Job] = []
    try:
        futures.update((executor.submit(make, job), job) for job in work)
        for future in as_completed(futures):
            job = futures[future]
            try:
                result = future.result()
            except Exception as error:  # of the process, or of the way to it: `make` raises nothing
                if isinstance(error, BrokenExecutor) and len(job.targets) > 1:
                    lost += (replace(job, targets=(target,)) for target in job.targets)
                    continue
                result = Result((), tuple(mishap(target.name, error) for target in job.targets))
            yield result
    finally:
        for future in futures:
            future.cancel()
    if lost:
        yield from _results(executor, lost)


def collect(results: Iterator[Result], *, into: BuildReport | None = None) -> BuildReport:
    """Return the report of a whole build; `into` one that knows what was done if that is broken off."""
    report = into if into is not None else BuildReport()
    for result in results:
        report.made += result.made
        report.failed += result.failed
    return report
