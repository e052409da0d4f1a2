"""What a standard says of a print, as data: for the report, the passport and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What was found of a clause."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    SKIP = "skip"
    HUMAN = "human"
    INFO = "info"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a clause fails: the page, counted from 1 (0: the whole print), and the words."""

    message: str
    page: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """What was found of one clause.

    `measured` is what the page has, in words (“1.28”, “18.2 pt”), `breaches` where it fails, `reason`
    why a clause was skipped, does not apply, or is for a person or a printer to settle. `derived` is set
    where the number is ours and not the standard's.
    """

    id: str
    title: str
    rule: str
    verdict: Verdict
    measured: str = ""
    derived: bool = False
    breaches: tuple[Breach, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one standard says of one print. Plain data: msgspec writes it as JSON as it is."""

    standard: str
    title: str
    edition: str
    results: tuple[ClauseResult, ...]

    @property
    def met(self) -> bool:
        """Whether each clause that a program can measure was measured and holds."""
        return not any(r.verdict in (Verdict.FAIL, Verdict.SKIP) for r in self.results)

    def of(self, *verdicts: Verdict) -> tuple[ClauseResult, ...]:
        """Return the results with one of these verdicts."""
        return tuple(r for r in self.results if r.verdict in verdicts)
