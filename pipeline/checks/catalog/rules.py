"""How a rule on translations is written: a function of one pair and its book, which says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from pipeline.checks.catalog.book import Book, Pair
from pipeline.checks.registry import Finding, check
from pipeline.diagnostics import Outcome, Severity

Judge: TypeAlias = Callable[[Pair, Book], Iterator[str]]

# What each rule says of a pair, whether or not the entry sets the rule aside.
JUDGES: dict[str, Judge] = {}
RULES: list[Callable[[Book], Outcome]] = []


def rule(
    code: str, *, source: str, suggestion: str, severity: Severity = Severity.WARN
) -> Callable[[Judge], Judge]:
    """Register a rule on each pair of a book; an entry that allows the rule is passed over."""

    def register(judge: Judge) -> Judge:
        def run(book: Book) -> Iterator[Finding]:
            for pair in book.pairs:
                if not pair.allows(code):
                    for sentence in judge(pair, book):
                        yield Finding(f"“{pair.id}”: {sentence}", pair.location)

        run.__doc__ = judge.__doc__
        JUDGES[code] = judge
        RULES.append(check(code, source=source, suggestion=suggestion, severity=severity)(run))
        return judge

    return register
