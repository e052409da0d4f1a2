"""EPUBCheck on e-books: its errors and warnings, and those of its usage notes that matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pipeline.checks.registry import Finding, check
from pipeline.checks.validators.verdicts import broken, findings
from pipeline.diagnostics import Outcome
from pipeline.tools import epubcheck
from pipeline.tools.complaints import Complaint, NoVerdict

# Usage notes that are no fault, and why. Every other one matters, also one that a later EPUBCheck brings:
# an empty metadata element, a file that nothing refers to, a document that no link reaches.
HARMLESS: Mapping[str, str] = MappingProxyType(
    {
        "CSS-028": "fonts come with the book on purpose: a reading system may lack letters of the language",
    }
)

_HINT = "Look the code up at https://www.w3.org/publishing/epubcheck/docs/messages/."


@check("V010", source="EPUB 3.3", suggestion=_HINT)
def valid(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """EPUBCheck finds no error and no warning in the book.

    Shops and libraries refuse a book that EPUBCheck refuses, and reading systems are only tested with
    books that it accepts.
    """
    yield from findings(complaints)


@check("V011", source="EPUB 3.3", suggestion=_HINT)
def well_used(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """EPUBCheck has no usage note on the book that matters.

    A usage note breaks no rule, yet most tell of something left over or lost: metadata without a value,
    a file that nothing refers to, a style that a reading system ignores.
    """
    yield from findings([complaint for complaint in complaints if complaint.clause not in HARMLESS])


def judge(files: Sequence[Path]) -> Mapping[Path, tuple[Outcome, ...]]:
    """Run EPUBCheck. Raises `MissingToolError`, `ToolError`."""
    return {path: _outcomes(said) for path, said in epubcheck.judge(files).items()}


def _outcomes(said: epubcheck.Said | NoVerdict) -> tuple[Outcome, ...]:
    match said:
        case NoVerdict(reason):
            return broken("V010", reason), broken("V011", reason)
        case epubcheck.Said(faults, notes):
            return valid(faults), well_used(notes)
