"""The Open XML SDK's validator on Word files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.checks.registry import Finding, check
from pipeline.checks.validators.verdicts import findings, outcome
from pipeline.diagnostics import Outcome
from pipeline.tools import ooxml
from pipeline.tools.complaints import Complaint


@check(
    "V040",
    source="Office Open XML, ISO/IEC 29500, as of Microsoft 365",
    suggestion="Open the part that is named and compare the element with its schema.",
)
def schema(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """The Open XML SDK finds no error in the Word file.

    Word offers to repair a file that breaks the schema, or opens it without what it does not understand;
    the SDK is Microsoft's own reading of the standard.
    """
    yield from findings(complaints)


def judge_schema(files: Sequence[Path]) -> Mapping[Path, tuple[Outcome, ...]]:
    """Run the Open XML SDK's validator. Raises `MissingToolError`."""
    return {path: (outcome(schema, "V040", verdict),) for path, verdict in ooxml.judge(files).items()}
