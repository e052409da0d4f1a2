"""Rules: what a check looks for, why, and who says so.

A check is a function with `@check(code, source=…, suggestion=…)`. Its docstring's first line is the rule's
title, the rest its rationale: a rule that cannot say why it exists is refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ParamSpec

from pipeline.diagnostics import Diagnostic, Location, Outcome, Severity

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, what it asks, why, where it comes from, what to do, how grave a breach is."""

    code: str
    title: str
    rationale: str
    source: str
    suggestion: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach that a check found; the rule's code and severity are added to it.

    On a finished page `page` counts from 1 and `words` are those where it fails; 0 and "" elsewhere.
    """

    message: str
    location: Location | None = None
    hint: str = ""
    page: int = 0
    words: str = ""


RULES: dict[str, Rule] = {}


def check(
    code: str, *, source: str, suggestion: str, severity: Severity = Severity.FAIL
) -> Callable[[Callable[P, Iterable[Finding]]], Callable[P, Outcome]]:
    """Register a check. `source` names the standard or document that the rule comes from.

    The check then returns an `Outcome`; a finding without a hint of its own gets the rule's
    `suggestion`. Raises `ValueError` for a code that is taken and for a docstring without a rationale.
    """

    def register(function: Callable[P, Iterable[Finding]]) -> Callable[P, Outcome]:
        title, _, rationale = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
        if code in RULES or not title or not rationale:
            raise ValueError(f"rule {code} is taken, or lacks a title and a rationale")
        rule = Rule(code, title.rstrip("."), " ".join(rationale.split()), source, suggestion, severity)
        RULES[code] = rule

        def run(*args: P.args, **kwargs: P.kwargs) -> Outcome:
            return Outcome(code, tuple(_diagnostics(rule, function(*args, **kwargs))))

        run.__doc__ = function.__doc__
        return run

    return register


def _diagnostics(rule: Rule, findings: Iterable[Finding]) -> Iterator[Diagnostic]:
    for finding in findings:
        yield Diagnostic(
            rule.code, rule.severity, finding.message, finding.location, finding.hint or rule.suggestion
        )
