"""veraPDF on PDFs: each against the standards that it claims.

A leaflet's PDF claims PDF/UA-1 and PDF/A-2a; its variant, whose name ends with `-ua-2.pdf`, is a PDF 2.0
file and claims PDF/UA-2, WTPDF 1.0 and PDF/A-4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from pipeline.checks.registry import Finding, check
from pipeline.checks.validators.verdicts import Complained, findings, outcome
from pipeline.diagnostics import Outcome
from pipeline.tools import verapdf
from pipeline.tools.complaints import Complaint
from pipeline.tools.verapdf import Profile

_HINT = "Look the clause up at https://docs.verapdf.org/validation/: it says what the test asks for."


def is_variant(path: Path) -> bool:
    """Whether a file is the PDF 2.0 variant of a leaflet."""
    return path.name.endswith("-ua-2.pdf")


def is_main(path: Path) -> bool:
    """Whether a file is a leaflet's PDF, and not its variant."""
    return not is_variant(path)


@check("V001", source="PDF/UA-1, ISO 14289-1:2014", suggestion=_HINT)
def pdf_ua_1(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """VeraPDF finds no breach of PDF/UA-1.

    It is the accessibility standard that laws and buyers name for PDF; veraPDF is the reference that the
    makers of PDF programs test against. What it cannot see (is the order right, does the alternative text
    tell what the picture shows) other rules and people look at.
    """
    yield from findings(complaints)


@check("V002", source="PDF/A-2a, ISO 19005-2:2011", suggestion=_HINT)
def pdf_a_2a(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """VeraPDF finds no breach of PDF/A-2a.

    A leaflet is kept in patients' files and archives: it must look and read the same in twenty years, on a
    machine without its fonts. Level A also asks for the tags and for text that can be read back.
    """
    yield from findings(complaints)


@check("V003", source="PDF/UA-2, ISO 14289-2:2024", suggestion=_HINT)
def pdf_ua_2(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """VeraPDF finds no breach of PDF/UA-2 in the PDF 2.0 variant.

    It is the successor of PDF/UA-1, with the elements of PDF 2.0 and stricter rules for how they nest.
    """
    yield from findings(complaints)


@check("V004", source="Well-Tagged PDF (WTPDF) 1.0, accessibility", suggestion=_HINT)
def wtpdf(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """VeraPDF finds no breach of WTPDF 1.0 for accessibility in the PDF 2.0 variant.

    It is the PDF Association's free counterpart of PDF/UA-2, and asks that the file says so.
    """
    yield from findings(complaints)


@check("V005", source="PDF/A-4, ISO 19005-4:2020", suggestion=_HINT)
def pdf_a_4(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """VeraPDF finds no breach of PDF/A-4 in the PDF 2.0 variant.

    It is the archive standard for PDF 2.0, as PDF/A-2a is for the files before it.
    """
    yield from findings(complaints)


def _judge(
    profile: Profile, rule: Complained, code: str, files: Sequence[Path]
) -> Mapping[Path, tuple[Outcome, ...]]:
    verdicts = verapdf.judge(files, profile)
    return {path: (outcome(rule, code, verdict),) for path, verdict in verdicts.items()}


judge_ua_1 = partial(_judge, Profile.PDF_UA_1, pdf_ua_1, "V001")
judge_a_2a = partial(_judge, Profile.PDF_A_2A, pdf_a_2a, "V002")
judge_ua_2 = partial(_judge, Profile.PDF_UA_2, pdf_ua_2, "V003")
judge_wtpdf = partial(_judge, Profile.WTPDF_ACCESSIBILITY, wtpdf, "V004")
judge_a_4 = partial(_judge, Profile.PDF_A_4, pdf_a_4, "V005")
