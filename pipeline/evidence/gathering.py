"""Gathering: the rules run on the source, the catalogs and each artefact, then the validators on all."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import msgspec

from pipeline import __version__, checks
from pipeline.checks import Assessment, Subject
from pipeline.checks.validators import VALIDATORS, Validator, judged_by, validate
from pipeline.diagnostics import Diagnostic, Outcome, PipelineError, Severity
from pipeline.editions import Target
from pipeline.evidence.model import ArtefactEvidence, Evidence, ValidatorRun
from pipeline.inputs import snapshot
from pipeline.plan import Wishes, targets
from pipeline.remarks import RuleOutcome, kept
from pipeline.store import Record, Testimony, read_record, sha256, write_testimony
from pipeline.workspace import (
    book_of,
    facts_of,
    handout,
    layout_of,
    load,
    renew,
    translated,
)

# Told what is being done, for who waits: a sentence.
Progress: TypeAlias = Callable[[str], None]

# A page that lists what was made is no leaflet, yet must be as accessible.
_LISTS = ("index.html",)


@dataclass(frozen=True, slots=True)
class Examined:
    """What the rules said of one artefact; nothing of a file that was not built."""

    target: Target
    record: Record | None
    outcomes: tuple[Outcome, ...] = ()
    standards: tuple[Assessment, ...] = ()


@dataclass(slots=True)
class _Judged:
    """What validators said, by file, and how each of them fared."""

    runs: list[ValidatorRun] = field(default_factory=list)
    said: dict[Path, list[Outcome]] = field(default_factory=dict)


def gather(
    root: Path,
    output: Path,
    wishes: Wishes,
    *,
    executor: Executor,
    validators: bool,
    tell: Progress,
) -> Evidence:
    """Return the evidence of what the wishes name; leave a passport beside each artefact.

    Raises `UsageError` and `SourceError`.
    """
    stamp = snapshot(root)
    renew(stamp)
    project, document = load(root)
    wanted = targets(project.settings, wishes)
    languages = list(dict.fromkeys(target.language for target in wanted))
    catalogs = {tag: _of_language(root, tag) for tag in languages}
    sound = [t for t in wanted if not _is_broken(catalogs[t.language])]
    tell(f"Checking {len(sound)} artefacts")
    examined = list(_examine(_Examiner(root, output, stamp), sound, executor))
    found = [item for item in examined if item.record]
    files = [output / item.target.name for item in found]
    lists = [output / name for name in _LISTS if (output / name).exists()]
    judged = _judge([*files, *lists], tell) if validators else _Judged()
    titles = tuple(run.title for run in judged.runs if not run.skipped)
    artefacts = tuple(
        _evidence(output, item, judged.said.get(output / item.target.name, ()), titles) for item in found
    )
    copies = _compare(root, output, found, tell)
    copies |= {path.name: _kept(judged.said.get(path, ())) for path in lists if path in judged.said}
    return Evidence(
        version=document.version,
        program=__version__,
        source=_kept(checks.check_source(document, facts_of(root))),
        catalogs={tag: outcomes for tag, outcomes in catalogs.items() if outcomes},
        artefacts=artefacts,
        copies=copies,
        validators=tuple(judged.runs),
        absent=tuple(item.target.name for item in examined if not item.record),
    )


def _of_language(root: Path, tag: str) -> tuple[RuleOutcome, ...]:
    """Return what the rules say of a translation; the source's own language has none."""
    if tag == load(root)[1].language.tag:
        return ()
    try:
        outcomes = checks.check_translation(book_of(root, tag))
    except PipelineError as error:
        return (kept(Outcome(error.code, error.diagnostics)),)
    try:
        translated(root, tag)
    except PipelineError as error:
        known = {diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics}
        others = tuple(d for d in error.diagnostics if d not in known)
        outcomes = (*outcomes, Outcome(error.code, others)) if others else outcomes
    return _kept(outcomes)


def _is_broken(outcomes: tuple[RuleOutcome, ...]) -> bool:
    """Whether a language cannot be built at all."""
    return any(outcome.verdict == "error" for outcome in outcomes)


@dataclass(frozen=True, slots=True)
class _Examiner:
    """Examines one artefact, in whatever process it is called."""

    root: Path
    output: Path
    stamp: str

    def __call__(self, target: Target) -> Examined:
        record = read_record(self.output, target.name)
        path = self.output / target.name
        if record is None or not path.exists():
            return Examined(target, None)
        renew(self.stamp)
        try:
            subject = subject_of(self.root, self.output, target)
            return Examined(target, record, checks.check_artefact(subject), checks.assess_standards(subject))
        except PipelineError as error:
            return Examined(target, record, (Outcome(error.code, error.diagnostics),))
        except Exception as error:  # a rule that breaks down has not passed
            return Examined(target, record, (_crash(error),))


def _examine(examiner: _Examiner, wanted: Iterable[Target], executor: Executor) -> Iterator[Examined]:
    """Yield what the rules say of each artefact, in order. What ends its process has not passed."""
    futures = [(executor.submit(examiner, target), target) for target in wanted]
    for future, target in futures:
        try:
            yield future.result()
        except BrokenExecutor as error:
            wrong = f"the process that checked it was ended from outside: {error}"
            outcome = Outcome("E006", (Diagnostic("E006", Severity.ERROR, wrong),))
            yield Examined(target, read_record(examiner.output, target.name), (outcome,))


def subject_of(root: Path, output: Path, target: Target) -> Subject:
    """Return an artefact as its checks see it."""
    chosen = handout(root, target.language, target.handout)
    data = (output / target.name).read_bytes()
    return Subject(target, chosen, layout_of(root, target, output), data)


def _crash(error: Exception) -> Outcome:
    last = traceback.extract_tb(error.__traceback__)[-1]
    message = (
        f"a check broke down: {type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    )
    return Outcome("E070", (Diagnostic("E070", Severity.ERROR, message, hint="please report it"),))


def _judge(files: list[Path], tell: Progress) -> _Judged:
    """Run each validator once over the files that it is meant for."""
    judged = _Judged()
    for validator in VALIDATORS:
        mine = judged_by(validator, files)
        if not mine:
            continue
        tell(f"{validator.title} on {len(mine)} files")
        said = validate(validator, mine)
        for path, outcomes in said.items():
            judged.said.setdefault(path, []).extend(outcomes)
        judged.runs.append(_run(validator, said))
    return judged


def _run(validator: Validator, said: Mapping[Path, tuple[Outcome, ...]]) -> ValidatorRun:
    reasons = {outcome.skipped for outcomes in said.values() for outcome in outcomes if outcome.skipped}
    return ValidatorRun(
        title=validator.title,
        rules=validator.rules,
        files=len(said),
        skipped="; ".join(sorted(reasons)),
    )


def _evidence(
    output: Path, item: Examined, judged: Iterable[Outcome], validators: tuple[str, ...]
) -> ArtefactEvidence:
    target, record = item.target, item.record
    if record is None:
        raise ValueError(f"{target.name} is not there")
    data = (output / target.name).read_bytes()
    found = ArtefactEvidence(
        path=target.name,
        title=record.title,
        language=target.language,
        handout=target.handout,
        edition=target.edition,
        format=target.format,
        sha256=sha256(data),
        size=len(data),
        pages=record.pages,
        status=record.status,
        outcomes=_kept((*item.outcomes, *judged)),
        standards=item.standards,
    )
    testimony = Testimony(
        passport=record.passport,
        sha256=found.sha256,
        size=found.size,
        outcomes=found.outcomes,
        standards=msgspec.to_builtins(found.standards),
        validators=validators,
    )
    write_testimony(output, target.name, testimony)
    return found


def _compare(
    root: Path, output: Path, found: list[Examined], tell: Progress
) -> dict[str, tuple[RuleOutcome, ...]]:
    """Compare the copies of each handout in each language with each other."""
    groups: dict[str, list[Target]] = {}
    for item in found:
        name = f"{item.target.language}/{item.target.handout}"
        groups.setdefault(name, []).append(item.target)
    tell(f"Comparing the copies of {len(groups)} handouts")
    return {
        name: _kept(checks.check_parity([subject_of(root, output, t) for t in group]))
        for name, group in groups.items()
    }


def _kept(outcomes: Iterable[Outcome]) -> tuple[RuleOutcome, ...]:
    return tuple(kept(outcome) for outcome in outcomes)
