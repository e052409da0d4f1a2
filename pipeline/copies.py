"""Copies: what organizations hand out. Each is a finished rendition with one page of its own.

What all copies of a target have in common is made and checked once: the stencil, a rendition with the
page of nobody. A PDF or a Word document takes the stencil as it is and gets its last page; the other
formats are written anew, which costs them no more. Each copy is then read again and held against the stencil.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby, islice

from pipeline.checks import Baseline, baseline, check_copy, check_rendition
from pipeline.diagnostics import Outcome, PipelineError
from pipeline.document import TranslatedDocument
from pipeline.editions import Layout, Rendition, Target
from pipeline.making import (
    Leaflet,
    Result,
    companions_of,
    layout_for,
    make_targets,
    reason_for,
    refuse_unsigned,
    replay,
    restamp,
)
from pipeline.organisations import Organisation
from pipeline.overlay import PLACEHOLDER, alone
from pipeline.passport import Passport, provided
from pipeline.plan import COPIES, STENCILS, Job, Wishes, copies, jobs
from pipeline.remarks import kept, remark
from pipeline.renderers import FORMATS, Companions, Graft, graft_for
from pipeline.report import Made, mishap
from pipeline.store import (
    Record,
    is_whole,
    read_record,
    sha256,
    testifies,
    testimony_of,
    write,
    write_record,
    write_testimony,
)
from pipeline.workspace import handout, load, renew

# How many organizations a job is for: enough that its stencils are read for many, few enough that what
# a process that dies was doing is little.
_ORGANISATIONS = 25


@dataclass(frozen=True, slots=True)
class _Stencil:
    """A stencil in the hand of a process: what copies of a target are made from and held against.

    `graft` makes a copy of it, where one can be made without writing the whole.
    """

    target: Target
    graft: Graft | None
    record: Record
    passport: Passport
    common: Baseline


@dataclass(slots=True)
class _Bench:
    """What one job has at hand: the handout, the stencils of its targets, their passports."""

    job: Job
    base: TranslatedDocument
    everything: tuple[Target, ...] = ()
    stencils: dict[str, _Stencil] = field(default_factory=dict)


def copy_jobs(
    wanted: Iterable[tuple[Organisation, tuple[Target, ...]]], *, like: Job, stamps: Mapping[str, str]
) -> Iterator[Job]:
    """Yield the jobs that make copies, as `jobs` does for all others."""
    waiting = iter(wanted)
    while group := list(islice(waiting, _ORGANISATIONS)):
        targets = [target for _, own in group for target in own]
        for job in jobs(targets, like=like, stamps=stamps):
            folders = {target.folder for target in job.targets}
            own = tuple(organisation for organisation, _ in group if folder_of(organisation) in folders)
            # Organization by organization; of each the PDF first, as `jobs` has it.
            order = {folder_of(organisation): number for number, organisation in enumerate(own)}
            sorted_targets = tuple(sorted(job.targets, key=lambda target: order[target.folder]))
            yield replace(job, targets=sorted_targets, organisations=own)


def folder_of(organisation: Organisation) -> str:
    """Return the folder of an organization's copies, below the output folder."""
    return f"{COPIES}/{organisation.id}"


def stamp_of(stamp: str, organisation: Organisation) -> str:
    """Return the stamp of a language together with what an organization's copies show."""
    return hashlib.sha256(f"{stamp} {organisation.digest}".encode()).hexdigest()


def stencil_of(target: Target) -> Target:
    """Return the target of the stencil of a copy."""
    return replace(target, folder=STENCILS)


def make_copies(job: Job) -> Result:
    """Make the copies of a job that are not up to date, for each of its organizations. Raises nothing."""
    renew(job.snapshot)
    own = {folder_of(organisation): organisation for organisation in job.organisations}
    try:
        base = handout(job.root, job.language, job.handout)
        if job.release:
            refuse_unsigned(job)
    except Exception as error:
        return Result((), tuple(mishap(target.name, error) for target in job.targets))
    bench = _Bench(job, base)
    made, failed = [], []
    for folder, group in groupby(job.targets, key=lambda target: target.folder):
        leaflet = Leaflet(base, own[folder])
        bench.everything = copies(load(job.root)[0].settings, Wishes(), own[folder])
        for target in group:
            try:
                made.append(_make_copy(bench, target, leaflet, own[folder]))
            except Exception as error:  # what befalls one copy must not cost the others
                failed.append(mishap(target.name, error))
    return Result(tuple(made), tuple(failed))


def _make_copy(bench: _Bench, target: Target, leaflet: Leaflet, own: Organisation) -> Made:
    started = time.perf_counter()
    job, stencil = bench.job, _stencil(bench, target)
    layout = layout_for(job, target, leaflet)
    companions = companions_of(target, bench.everything, _pages(bench, target))
    wanted = {
        **stencil.record.inputs,
        "organization": own.digest,
        "companions": hashlib.sha256(repr(companions).encode()).hexdigest(),
    }
    stamp = stamp_of(job.stamp, own)
    old = read_record(job.output, target.name)
    reason = reason_for(job.output, target.name, old, wanted)
    if old and not reason:
        if not testifies(job.output, target.name, old):
            write_testimony(job.output, target.name, testimony_of(old))
        write_record(job.output, target.name, restamp(old, stamp))
        return Made(target.name, old.size, old.pages, "", 0.0, replay(old))
    passport = provided(stencil.passport, organisation=own.id, overlay=own.digest)
    rendition, outcomes = _rendered(
        bench, target, leaflet, layout=layout, companions=companions, passport=passport
    )
    write(job.output / target.name, rendition.data, shown="the file")
    record = Record(
        stamp=stamp,
        inputs=wanted,
        digest=sha256(rendition.data),
        size=len(rendition.data),
        title=stencil.record.title,
        status=stencil.record.status,
        pages=rendition.pages if stencil.record.pages else None,
        page_of=dict(rendition.page_of),
        findings=tuple(map(remark, rendition.diagnostics)),
        # What was found in the stencil holds of what the copy has from it.
        outcomes=(*stencil.record.outcomes, *map(kept, outcomes)),
        passport=passport,
    )
    write_testimony(job.output, target.name, testimony_of(record))
    write_record(job.output, target.name, record)
    seconds = time.perf_counter() - started
    return Made(target.name, record.size, record.pages, reason, seconds, replay(record))


def _rendered(
    bench: _Bench,
    target: Target,
    leaflet: Leaflet,
    *,
    layout: Layout,
    companions: Companions,
    passport: Passport,
) -> tuple[Rendition, tuple[Outcome, ...]]:
    """Return a copy and what the rules say of it; one that no stencil serves is made and checked whole."""
    stencil, page = bench.stencils[target.path], alone(leaflet.shown)
    common, record = stencil.common, stencil.record
    data = stencil.graft(page, layout, passport) if stencil.graft else None
    if data is not None:
        made = Rendition(data, pages=record.pages, page_of=record.page_of)
        return made, check_copy(common, page, data, target.format)
    made = FORMATS[target.format](leaflet.shown, layout, replace(companions, passport=passport))
    if target.format == "pdf":
        return made, check_rendition(leaflet.shown, target, made, load(bench.job.root)[1])
    return made, check_copy(common, page, made.data, target.format)


def _stencil(bench: _Bench, target: Target) -> _Stencil:
    """Return the stencil of a copy; it is made if it is not at hand. Raises `PipelineError`."""
    if target.path not in bench.stencils:
        bench.stencils[target.path] = _read_stencil(bench.job, stencil_of(target), bench.base)
    return bench.stencils[target.path]


def _read_stencil(job: Job, target: Target, base: TranslatedDocument) -> _Stencil:
    record = read_record(job.output, target.name)
    if not record or record.stamp != job.stamp or not is_whole(job.output, target.name, record):
        result = make_targets(replace(job, targets=(target,), organisations=()))
        if result.failed:
            raise PipelineError("no stencil", diagnostics=result.failed[0].diagnostics)
        record = read_record(job.output, target.name)
    if record is None or record.passport is None:
        raise PipelineError(f"{target.name} is gone")
    data = (job.output / target.name).read_bytes()
    page, passport = alone(Leaflet(base, PLACEHOLDER).shown), record.passport
    graft = None
    if not target.variant:
        graft = graft_for(target.format, data, page, number=record.pages or 0, passport=passport)
    return _Stencil(target, graft, record, passport, baseline(data, target.format, page))


def _pages(bench: _Bench, target: Target) -> Mapping[str, int]:
    """Return the pages of the printed copy beside an e-book: those of its stencil."""
    if target.format != "epub":
        return {}
    paper = next(
        (
            t
            for t in bench.everything
            if (t.language, t.handout, t.edition, t.format)
            == (target.language, target.handout, target.edition, "pdf")
        ),
        replace(target, format="pdf"),
    )
    return _stencil(bench, paper).record.page_of
