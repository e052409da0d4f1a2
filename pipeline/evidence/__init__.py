"""Evidence: every rule and every reference validator that is there, run on what was built.

    source ─┐
    catalogs ─┼─▶ outcomes ─▶ Evidence ─▶ table, JSON, SARIF, report.html, a passport beside each file
    artefacts ─┘

A rule that could not run is SKIP and shows; it never counts as passed.
"""

from __future__ import annotations

from pipeline.evidence.gathering import Progress, gather
from pipeline.evidence.model import ArtefactEvidence, Evidence, ValidatorRun
from pipeline.evidence.page import write_report
from pipeline.evidence.sarif import format_sarif

__all__ = [
    "ArtefactEvidence",
    "Evidence",
    "Progress",
    "ValidatorRun",
    "format_sarif",
    "gather",
    "write_report",
]
