"""Remarks: diagnostics and outcomes as plain data, as records, passports and reports keep them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import msgspec

from pipeline.diagnostics import Diagnostic, Location, Outcome, Severity


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """One finding: `severity` is `info`, `warn`, `fail` or `error`; `file` and `line` say where, if known."""

    rule: str
    severity: str
    message: str
    hint: str = ""
    file: str = ""
    line: int = 0


class RuleOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule said: `pass`, `skip`, `info`, `warn`, `fail`, `error`; why, if it was skipped."""

    rule: str
    verdict: str
    skipped: str = ""
    remarks: tuple[Remark, ...] = ()


# From the least to the gravest; a rule that could not run outranks one that passed.
ORDER = tuple(severity.name.lower() for severity in Severity)


def gravest(verdicts: Iterable[str]) -> str:
    """Return the gravest of verdicts; `pass` if there is none."""
    return max(verdicts, key=ORDER.index, default=ORDER[0])


def is_bad(verdict: str) -> bool:
    """Whether a verdict means that something must be mended."""
    return ORDER.index(verdict) >= Severity.FAIL


def kept(outcome: Outcome) -> RuleOutcome:
    """Return an outcome as plain data."""
    return RuleOutcome(
        rule=outcome.code,
        verdict=outcome.verdict.name.lower(),
        skipped=outcome.skipped,
        remarks=tuple(remark(d) for d in outcome.diagnostics),
    )


def remark(diagnostic: Diagnostic) -> Remark:
    """Return a diagnostic as plain data."""
    place = diagnostic.location
    return Remark(
        rule=diagnostic.code,
        severity=diagnostic.severity.name.lower(),
        message=diagnostic.message,
        hint=diagnostic.hint,
        file=place.path.as_posix() if place else "",
        line=place.line if place else 0,
    )


def diagnostic(kept_remark: Remark) -> Diagnostic:
    """Return the diagnostic that a remark was made of; its column is not kept."""
    place = Location(PurePosixPath(kept_remark.file), kept_remark.line) if kept_remark.file else None
    severity = Severity[kept_remark.severity.upper()]
    return Diagnostic(kept_remark.rule, severity, kept_remark.message, place, kept_remark.hint)
