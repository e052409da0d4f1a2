"""Overrides: a finding is set aside with a reason, for a rule that is there and would speak."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.catalog.book import Book
from pipeline.checks.catalog.rules import JUDGES
from pipeline.checks.registry import Finding, check
from pipeline.diagnostics import Severity


@check(
    "T090",
    source="project rule: nothing is excused in silence",
    suggestion="write why: # allow T031: the sentence ends in an abbreviation",
    severity=Severity.ERROR,
)
def reasons(book: Book) -> Iterator[Finding]:
    """What is set aside has a reason, and names a rule that can be set aside.

    The next translator, and the reviewer, must be able to judge whether the reason still holds.
    """
    for pair in book.pairs:
        for override in pair.overrides:
            if not override.reason:
                yield Finding(f"“{pair.id}”: {override.code} is set aside without a reason", pair.location)
            elif override.code not in JUDGES:
                yield Finding(f"“{pair.id}”: {override.code} is no rule on translations", pair.location)


@check(
    "T091",
    source="project rule: nothing is excused in silence",
    suggestion="delete the comment",
    severity=Severity.WARN,
)
def needless(book: Book) -> Iterator[Finding]:
    """What is set aside would otherwise be found.

    An override that outlived its text hides the next fault.
    """
    for pair in book.pairs:
        for override in pair.overrides:
            judge = JUDGES.get(override.code)
            if judge and override.reason and not list(judge(pair, book)):
                yield Finding(f"“{pair.id}”: {override.code} finds nothing here", pair.location)
