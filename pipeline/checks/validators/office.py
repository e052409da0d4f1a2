"""LibreOffice opens each Word file and exports it as PDF/UA, which veraPDF then judges.

One office and one Java machine for all files. What veraPDF finds in the export may be LibreOffice's own
doing: faults of that sort that we know, can show and cannot cure are told as INFO, with their count; every
other fault fails.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.checks.alignment import align
from pipeline.checks.extraction import extract, tokens, unturned
from pipeline.checks.pages import UnreadableError
from pipeline.checks.pieces import Piece
from pipeline.checks.registry import RULES, Finding, check
from pipeline.diagnostics import Diagnostic, Outcome, Severity
from pipeline.document import Role
from pipeline.tools.complaints import Complaint, NoVerdict, Verdict
from pipeline.tools.office import PDF_UA, convert
from pipeline.tools.verapdf import Profile, judge

_ARABIC = re.compile("[\u0600-\u06ff]")

# How many words of Arabic script the export must give back whole, in whatever order in their paragraph:
# readers move Latin words and figures on their line.
_ARABIC_SHARE = 0.98


@dataclass(frozen=True, slots=True)
class KnownFault:
    """A fault of LibreOffice's export: the clause, where it is seen, why, and how to see it again."""

    clause: str
    place: re.Pattern[str]
    reason: str
    reproduction: str


KNOWN_FAULTS = (
    KnownFault(
        clause="7.21.7-1",
        place=re.compile(r"HandoutArabic"),
        reason="for a letter with a mark that is one cluster, LibreOffice 25.2 writes ActualText, and gives "
        "a glyph that the font reaches by substitution alone no entry in ToUnicode",
        reproduction="a document with the one word كبيرًا in the baked Arabic face, exported as PDF/UA",
    ),
)


@check(
    "V050",
    source="standards: a Word file opens in LibreOffice without repair",
    suggestion="build the file again; open it in LibreOffice to see what it says",
)
def opened(export: Path | None) -> Iterator[Finding]:
    """LibreOffice opens the file and writes all of it out.

    Many readers have no Word. What LibreOffice cannot open, they cannot read.
    """
    if export is None:
        yield Finding("LibreOffice could not open the file, or broke down over it")


@check(
    "V051",
    source="PDF/UA-1 (ISO 14289-1), of the PDF that LibreOffice makes of the file",
    suggestion="a structure that LibreOffice writes wrongly is often a style with an unlucky name",
)
def conforming(complaints: Sequence[Complaint]) -> Iterator[Finding]:
    """The PDF/UA that LibreOffice makes of the file passes veraPDF.

    The export is made from the file's structure alone: what it lacks, the file lacks.
    """
    yield from (Finding(str(complaint)) for complaint in complaints)


@check(
    "V052",
    source="project rule: the artefact says what the document says, in its order",
    suggestion="open the file in LibreOffice and look for the words; a floating object may hide them",
)
def same_words(written: str, shown: str) -> Iterator[Finding]:
    """The pages that LibreOffice lays out hold every word of the file, in order.

    `written` is the text of the file, `shown` that of its export, read by PDFium. Of Arabic script 98 of
    100 words must come back whole in their paragraph.
    """
    lines = enumerate(written.splitlines(), start=1)
    pieces = [Piece(f"paragraph {n}", Role.PARAGRAPH, tuple(tokens(t)), t) for n, t in lines if tokens(t)]
    arabic = _ARABIC.search(written) is not None
    matches = align(pieces, tokens(shown), form=unturned if arabic else str, loose=arabic)
    total, lost = sum(len(m.places) for m in matches), [m for m in matches if m.lost]
    missing = total - sum(m.found for m in matches)
    if missing > (total * (1 - _ARABIC_SHARE) if arabic else 0):
        first = lost[0]
        yield Finding(
            f"{missing} of {total} words are not shown; the first is “{first.lost}” in {first.piece.id}"
        )


def judge_exports(files: Sequence[Path]) -> Mapping[Path, tuple[Outcome, ...]]:
    """Open and export Word files, and judge the exports. Raises `MissingToolError` and `ToolError`."""
    with tempfile.TemporaryDirectory(prefix="handout-word-") as name:
        exports = convert(files, to=PDF_UA, folder=Path(name))
        verdicts = judge(list(exports.values()), Profile.PDF_UA_1) if exports else {}
        return {path: _outcomes(path, exports.get(path), verdicts) for path in files}


def _outcomes(path: Path, export: Path | None, verdicts: Mapping[Path, Verdict]) -> tuple[Outcome, ...]:
    if export is None:
        reason = "LibreOffice made no PDF"
        return (opened(None), Outcome("V051", skipped=reason), Outcome("V052", skipped=reason))
    return (opened(export), _judged(verdicts[export]), _compared(path, export))


def _judged(verdict: Verdict) -> Outcome:
    """Return what a verdict amounts to: known faults are told, with their count; others fail."""
    if isinstance(verdict, NoVerdict):
        return Outcome("V051", (Diagnostic("V051", Severity.ERROR, f"no verdict: {verdict.reason}"),))
    known = {complaint: fault for complaint in verdict if (fault := known_fault(complaint))}
    failed = conforming([complaint for complaint in verdict if complaint not in known])
    told = (
        Diagnostic(
            "V051",
            Severity.INFO,
            f"a known fault of LibreOffice, {c.count} times: {c.clause}: {fault.reason}",
            hint=f"to see it: {fault.reproduction}",
        )
        for c, fault in known.items()
    )
    return Outcome("V051", (*failed.diagnostics, *told))


def known_fault(complaint: Complaint) -> KnownFault | None:
    """Return the known fault that a complaint is about, or None."""
    clause = complaint.clause.rpartition(", ")[2]
    return next((f for f in KNOWN_FAULTS if f.clause == clause and f.place.search(complaint.place)), None)


def _compared(path: Path, export: Path) -> Outcome:
    try:
        return same_words(extract(path.read_bytes(), "docx"), extract(export.read_bytes(), "pdf"))
    except UnreadableError as error:
        severity = RULES["V052"].severity
        return Outcome("V052", (Diagnostic("V052", severity, f"the text cannot be read: {error}"),))
