"""Making: read → translate → select → overlay → render → check, for the targets of one job."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pipeline import checks, fonts
from pipeline.catalogs import Standing
from pipeline.diagnostics import (
    Diagnostic,
    PipelineError,
    RenderError,
    Severity,
    TranslationError,
    findings,
)
from pipeline.document import TranslatedDocument, plain_text, segments
from pipeline.editions import Layout, Target
from pipeline.inputs import inputs, program
from pipeline.organisations import Organisation
from pipeline.overlay import PLACEHOLDER, alone, overlay
from pipeline.passport import provided, to_json
from pipeline.plan import PAGED, STENCILS, Job, Wishes, targets
from pipeline.provenance import passport_of
from pipeline.remarks import diagnostic, kept, remark
from pipeline.renderers import FORMATS, Companions
from pipeline.report import Failed, Made, count_text, failure, mishap
from pipeline.store import (
    FONTS,
    Record,
    changed,
    is_whole,
    read_record,
    sha256,
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


@dataclass(frozen=True)
class Leaflet:
    """A handout as its readers get it: with the page of an organization behind it, if there is one.

    `base` is the handout alone: all that passports and sign-offs speak of.
    """

    base: TranslatedDocument
    organisation: Organisation | None = None

    @cached_property
    def shown(self) -> TranslatedDocument:
        """The document that is rendered."""
        return overlay(self.base, self.organisation) if self.organisation else self.base


def companions_of(target: Target, everything: tuple[Target, ...], pages: Mapping[str, int]) -> Companions:
    """Return what stands beside a target. Only a web page links, only an e-book has pages."""
    match target.format:
        case "html":
            same = [t for t in everything if t.handout == target.handout]
            return Companions(
                translations=tuple(
                    (t.language, f"../{t.path}")
                    for t in same
                    if (t.format, t.edition) == ("html", target.edition)
                ),
                formats=tuple(
                    (t.format, t.edition, t.path.partition("/")[2])
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


def make_targets(job: Job) -> Result:
    """Make the targets of a job that are not up to date. Raises nothing: the result says what befell each."""
    made: list[Made] = []
    failed: list[Failed] = []
    renew(job.snapshot)
    try:
        project, _ = load(job.root)
        everything = targets(project.settings, Wishes())
        stencil = all(target.folder == STENCILS for target in job.targets)
        base = handout(job.root, job.language, job.handout)
        leaflet = Leaflet(base, PLACEHOLDER if stencil else None)
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
                pages = _pages(job, target, leaflet)
            result, page_of = make_target(job, target, leaflet, everything=everything, pages=pages)
            made.append(result)
            if target.format == "pdf" and not pages:
                pages = page_of
        except Exception as error:  # what befalls one target must not cost the others
            failed.append(mishap(target.name, error))
    return Result(tuple(made), tuple(failed))


def refuse_unsigned(job: Job) -> None:
    """Raise `TranslationError` if a segment of the job's handout is not signed off in every role."""
    found = []
    for role, standings in unsigned(job.root, job.language, job.handout).items():
        for standing in sorted(set(standings.values())):
            names = [name for name, at in standings.items() if at is standing]
            what = f"{job.handout}: {count_text(len(names), 'segment')} {_STANDINGS[standing]}"
            sentence = f"{what} in the role “{role}”: {', '.join(names)}"
            hint = f"handout catalogs sign -l {job.language} --role {role} --who NAME"
            found.append(Diagnostic("E010", Severity.ERROR, sentence, hint=hint))
    if found:
        raise TranslationError("not signed off", diagnostics=found)


def _pages(job: Job, target: Target, leaflet: Leaflet) -> Mapping[str, int]:
    """Return the page of each segment in the PDF beside an e-book, laid out if it is not at hand."""
    layout = layout_for(job, target, leaflet)
    papers = [t for t in targets(load(job.root)[0].settings, Wishes()) if t.language == target.language]
    beside = [
        t for t in papers if (t.format, t.edition, t.handout) == ("pdf", target.edition, target.handout)
    ]
    if beside:
        record = read_record(job.output, replace(beside[0], folder=target.folder).name)
        wanted = inputs(leaflet.shown, layout, "pdf", companions=Companions())
        # Where a page ends does not depend on the passport.
        if record and not set(changed(record.inputs, wanted)) - {"passport"}:
            return record.page_of
    return FORMATS["pdf"](leaflet.shown, layout, Companions()).page_of


def layout_for(job: Job, target: Target, leaflet: Leaflet) -> Layout:
    """Return the measures of a target, with faces for what its organization writes in other scripts.

    Raises `RenderError` for a character that no face has.
    """
    layout = layout_of(job.root, target, job.output)
    if leaflet.organisation is None:
        return layout
    text = " ".join(plain_text(s.children) for s in segments(alone(leaflet.shown).document))
    guests = fonts.guests(text, layout.faces, cache_folder=job.output / FONTS)
    layout = replace(layout, guests=guests)
    missing = fonts.missing_glyphs(text, layout.stack)
    if missing:
        name = leaflet.organisation.id
        raise RenderError(
            "characters without a glyph",
            diagnostics=[
                Diagnostic(
                    "R010", Severity.ERROR, f"organization “{name}”: {glyph}", hint="use another character"
                )
                for glyph in missing
            ],
        )
    return layout


def make_target(
    job: Job,
    target: Target,
    leaflet: Leaflet,
    *,
    everything: tuple[Target, ...],
    pages: Mapping[str, int],
) -> tuple[Made, Mapping[str, int]]:
    """Make a target unless it is up to date; return it with the page of each of its segments."""
    started = time.perf_counter()
    layout = layout_for(job, target, leaflet)
    companions = companions_of(target, everything, pages)
    passport = passport_of(job.root, target, leaflet.base, program_digest=program())
    if leaflet.organisation:
        own = leaflet.organisation
        passport = provided(passport, organisation=own.id, overlay=own.digest)
    chosen = leaflet.shown
    wanted = {
        **inputs(chosen, layout, target.format, companions=companions),
        "passport": sha256(to_json(passport).encode()),
    }
    old = read_record(job.output, target.name)
    reason = reason_for(job.output, target.name, old, wanted)
    if old and not reason:
        if not testifies(job.output, target.name, old):
            write_testimony(job.output, target.name, testimony_of(old))
        write_record(job.output, target.name, restamp(old, job.stamp))
        return Made(target.name, old.size, old.pages, "", 0.0, replay(old)), old.page_of
    rendition = FORMATS[target.format](chosen, layout, replace(companions, passport=passport))
    outcomes = checks.check_rendition(chosen, target, rendition, load(job.root)[1])
    found = (*rendition.diagnostics, *findings(outcomes))
    write(job.output / target.name, rendition.data, shown="the file")
    record = Record(
        stamp=job.stamp,
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


def reason_for(output: Path, name: str, old: Record | None, wanted: Mapping[str, str]) -> str:
    """Return why a target must be made, or "" if it is up to date."""
    if old is None:
        return "not made yet"
    differing = changed(old.inputs, wanted)
    if differing:
        return f"changed: {', '.join(differing)}"
    return "" if is_whole(output, name, old) else "missing or altered"


def restamp(old: Record, stamp: str) -> Record:
    """Return a record that was found up to date with the files of another stamp."""
    return Record(**{f: getattr(old, f) for f in old.__struct_fields__} | {"stamp": stamp})


def replay(old: Record) -> tuple[Diagnostic, ...]:
    """Return what was found when an artefact was made."""
    every = (*old.findings, *(r for outcome in old.outcomes for r in outcome.remarks))
    return tuple(map(diagnostic, every))
