"""The build: read → translate → select → render → check, for many jobs on any executor.

`make` is a pure function of the files that its job names, so that it runs in this process, in
another one, or on another machine.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from pipeline import catalogs, checks, fonts, interface
from pipeline.catalogs import Catalog
from pipeline.diagnostics import (
    Diagnostic,
    ExitCode,
    Location,
    PipelineError,
    RenderError,
    Severity,
    TranslationError,
)
from pipeline.document import Document, TranslatedDocument, plain_text, segments
from pipeline.editions import EDITIONS, PAPERS, Layout, Target, lay_out
from pipeline.languages import language
from pipeline.plan import PAGED, Job, Wishes, inputs, jobs, snapshot, targets
from pipeline.reader import Project, open_project, read
from pipeline.renderers import FORMATS, Companions
from pipeline.report import BuildReport, Failed, Made, failure
from pipeline.selection import select
from pipeline.store import (
    FONTS,
    Finding,
    Record,
    changed,
    is_whole,
    read_record,
    sha256,
    sweep,
    write,
    write_record,
)
from pipeline.translation import extract, extract_interface, pseudo, translate, translate_interface

# Interface words that a project does not translate itself come with the product.
SHARED_TRANSLATIONS = Path(__file__).parent.parent / "translations"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one job."""

    made: tuple[Made, ...]
    failed: tuple[Failed, ...]


@cache
def _project(root: Path) -> tuple[Project, Document]:
    project = open_project(root)
    return project, read(project)


def load(root: Path) -> tuple[Project, Document]:
    """Return the project in `root` and its source. Raises `SourceError` or `UsageError`."""
    return _project(root)


@cache
def translated(root: Path, tag: str) -> TranslatedDocument:
    """Return the whole source in a language. Raises `TranslationError` naming every fault."""
    _, document = load(root)
    if tag == document.language.tag:
        return translate(document, document.language, catalog=None, labels=interface.english())
    if language(tag).pseudo:
        labels = translate_interface(pseudo(extract_interface(), tag))
        return translate(document, language(tag), catalog=pseudo(extract(document), tag), labels=labels)
    catalog = read_catalog(root, tag, document.slug)
    labels = translate_interface(_interface_catalog(root, tag))
    result = translate(document, language(tag), catalog=catalog, labels=labels)
    source = translate(document, document.language, catalog=None, labels=labels)
    faults = checks.check_translation(source.document, result, catalog=catalog)
    errors = [d for d in faults if d.severity >= Severity.ERROR]
    if errors:
        raise TranslationError(f"{len(errors)} translations are wrong", diagnostics=errors)
    return result


def catalog_path(tag: str, domain: str) -> PurePosixPath:
    """Return where a catalog lies below the project."""
    return PurePosixPath("translations", tag, "LC_MESSAGES", f"{domain}.po")


def read_catalog(root: Path, tag: str, domain: str) -> Catalog:
    """Read a catalog of the project. Raises `TranslationError` if it is missing, damaged or unsafe."""
    shown = catalog_path(tag, domain)
    path = root / shown
    if not path.exists():
        raise TranslationError(
            f"{shown} is missing", location=Location(shown), hint=f"make it with: handout catalogs new {tag}"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TranslationError(
            f"{shown} cannot be read: {error.strerror}", location=Location(shown)
        ) from error
    catalog = catalogs.parse(data, shown)
    unsafe = catalogs.inspect(catalog)
    if unsafe:
        raise TranslationError(f"{shown} holds unsafe characters", diagnostics=unsafe)
    return catalog


def _interface_catalog(root: Path, tag: str) -> Catalog | None:
    for folder in (root, SHARED_TRANSLATIONS.parent):
        if (folder / catalog_path(tag, "interface")).exists():
            return read_catalog(folder, tag, "interface")
    return None


@cache
def faces_of(root: Path, tag: str, output: Path) -> tuple[fonts.Typeface, ...]:
    """Return the typefaces of a language. Raises `RenderError` for each character that none of them has."""
    whole = translated(root, tag)
    texts = {s: plain_text(s.children) for s in segments(whole.document)}
    everything = " ".join((*texts.values(), *whole.labels.values()))
    faces = fonts.typefaces(whole.language, everything, cache_folder=output / FONTS)
    missing = fonts.missing_glyphs(everything, faces)
    if missing:
        raise RenderError(
            "characters without a glyph",
            diagnostics=[
                Diagnostic("R010", Severity.ERROR, f"“{where}”: {glyph}", hint="use another character")
                for glyph in missing
                for where in [next((s.id for s, t in texts.items() if glyph.character in t), "interface")]
            ],
        )
    return faces


def layout_of(root: Path, target: Target, output: Path) -> Layout:
    """Return the measures of a target: one for all handouts of a language, edition and paper."""
    return _layout(root, output, target.language, edition=target.edition, paper=target.paper)


@cache
def _layout(root: Path, output: Path, tag: str, *, edition: str, paper: str) -> Layout:
    sample = " ".join(plain_text(s.children) for s in segments(translated(root, tag).document))
    faces = faces_of(root, tag, output)
    return lay_out(EDITIONS[edition], PAPERS[paper], language=language(tag), faces=faces, sample=sample)


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
        case _:
            return Companions()


def make(job: Job) -> Result:
    """Make the targets of a job that are not up to date. Never raises a `PipelineError`."""
    made: list[Made] = []
    failed: list[Failed] = []
    try:
        project, _ = load(job.root)
        everything = targets(project.settings, Wishes())
        chosen = select(translated(job.root, job.language), job.handout)
    except PipelineError as error:
        return Result((), (failure(job.language, error),))
    pages: Mapping[str, int] = {}
    for target in job.targets:
        try:
            if target.format == "epub" and not pages:
                pages = _pages(job, target, chosen)
            result, page_of = _make_one(job, target, chosen, everything=everything, pages=pages)
            made.append(result)
            if target.format == "pdf" and not pages:
                pages = page_of
        except PipelineError as error:
            failed.append(failure(target.name, error))
        except OSError as error:  # a full temporary folder, say
            wrong = f"{error.filename or 'a file'} cannot be used: {error.strerror or error}"
            failed.append(failure(target.name, RenderError(wrong)))
        except Exception as error:  # a fault of ours in one target must not cost the others
            failed.append(_crash(target.name, error))
    return Result(tuple(made), tuple(failed))


def _crash(name: str, error: Exception) -> Failed:
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    message = f"a fault of the program: {type(error).__name__}: {error} ({place})"
    return Failed(name, ExitCode.INTERNAL, (Diagnostic("E070", Severity.ERROR, message),))


def _pages(job: Job, target: Target, chosen: TranslatedDocument) -> Mapping[str, int]:
    """Return the page of each segment in the PDF beside an e-book, laid out if it is not at hand."""
    layout = layout_of(job.root, target, job.output)
    papers = [t for t in targets(load(job.root)[0].settings, Wishes()) if t.language == target.language]
    beside = [
        t for t in papers if (t.format, t.edition, t.handout) == ("pdf", target.edition, target.handout)
    ]
    if beside:
        record = read_record(job.output, beside[0].name)
        if record and record.inputs == inputs(chosen, layout, companions=Companions()):
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
    wanted = dict(inputs(chosen, layout, companions=companions))
    old = read_record(job.output, target.name)
    reason = _reason(job.output, target.name, old, wanted)
    if old and not reason:
        write_record(job.output, target.name, _restamp(old, job.snapshot))
        return Made(target.name, old.size, old.pages, "", 0.0, _replay(old)), old.page_of
    rendition = FORMATS[target.format](chosen, layout, companions)
    found = (
        *rendition.diagnostics,
        *checks.check_rendition(chosen, target, rendition, load(job.root)[1]),
    )
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
        findings=tuple(
            Finding(code=d.code, severity=d.severity, message=d.message, hint=d.hint) for d in found
        ),
    )
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
    return tuple(Diagnostic(f.code, Severity(f.severity), f.message, hint=f.hint) for f in old.findings)


def build(root: Path, output: Path, wishes: Wishes, *, executor: Executor) -> Iterator[Result]:
    """Make what the wishes ask for; yield each job's result as it is done.

    A target whose record has the snapshot of just these files is not looked at again. Raises
    `UsageError` and `SourceError`, and `RenderError` if the executor breaks.
    """
    settings = open_project(root).settings
    wanted = targets(settings, wishes)
    stamp = snapshot(root)
    sweep(output)
    done, todo = [], []
    for target in wanted:
        record = read_record(output, target.name)
        if record and record.snapshot == stamp and is_whole(output, target.name, record):
            done.append(Made(target.name, record.size, record.pages, "", 0.0, _replay(record)))
        else:
            todo.append(target)
    if done:
        yield Result(tuple(done), ())
    if not todo:
        return
    load(root)  # a fault of the source is told once, before any work begins
    futures = [executor.submit(make, job) for job in jobs(todo, root=root, output=output, snapshot=stamp)]
    try:
        for future in as_completed(futures):
            yield future.result()
    except BrokenExecutor as error:
        raise RenderError(
            "a process of the build was ended from outside, perhaps for want of memory or temporary room",
            hint="build again with -j 1, or with TMPDIR set to a roomier folder; what was finished is kept",
        ) from error
    finally:
        for future in futures:
            future.cancel()


def collect(results: Iterator[Result]) -> BuildReport:
    """Return the report of a whole build."""
    report = BuildReport()
    for result in results:
        report.made += result.made
        report.failed += result.failed
    return report
