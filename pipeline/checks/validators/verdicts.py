"""From what an external program says of a file to the outcome of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.checks.registry import Finding
from pipeline.diagnostics import Diagnostic, Outcome, Severity
from pipeline.tools.complaints import Complaint, NoVerdict, Verdict

Complained = Callable[[Sequence[Complaint]], Outcome]


def outcome(rule: Complained, code: str, verdict: Verdict) -> Outcome:
    """Return what `rule` makes of a verdict; ERROR if there was none."""
    match verdict:
        case NoVerdict(reason):
            return broken(code, reason)
        case complaints:
            return rule(complaints)


def broken(code: str, reason: str) -> Outcome:
    """Return the outcome of a rule whose program broke down: an ERROR, which no one takes for a pass."""
    return Outcome(code, (Diagnostic(code, Severity.ERROR, f"the validator broke down: {reason}"),))


def findings(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """Yield a finding for each complaint: its clause, its words, how often and where first."""
    for complaint in complaints:
        yield Finding(str(complaint))
