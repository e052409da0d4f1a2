"""Quality of a catalog: nothing lost, no number changed, no word that hides another.

Errors stop a build of the language; warnings are for the translator to judge. Each can be set aside
for one entry, with a reason.
"""

from __future__ import annotations

from pipeline.checks.catalog import figures, markup, overrides, script, style, terms
from pipeline.checks.catalog.book import Book, open_book
from pipeline.checks.catalog.rules import RULES
from pipeline.diagnostics import Outcome

__all__ = ["Book", "check", "figures", "markup", "open_book", "script", "style", "terms"]


def check(book: Book) -> tuple[Outcome, ...]:
    """Return what each rule says of a catalog, with places in it."""
    return (*(run(book) for run in RULES), overrides.reasons(book), overrides.needless(book))
