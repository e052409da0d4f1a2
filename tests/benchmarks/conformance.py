"""Whether a program's documents conform, by the reference validators that are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pipeline.diagnostics import MissingToolError
from pipeline.tools import epubcheck, ooxml, verapdf
from pipeline.tools.complaints import NoVerdict, Verdict


def conforming(form: str, files: Sequence[Path]) -> str:
    """Return how many files conform to what; "" for a format without a validator, or if it is missing."""
    if form not in _VALIDATORS or not files:
        return ""
    standard, judge = _VALIDATORS[form]
    try:
        verdicts = judge(files)
    except MissingToolError as error:
        return f"not asked: {error.diagnostics[0].message}"
    good = sum(verdict == () for verdict in verdicts.values())
    return f"{standard}: {good} of {len(files)}"


def _books(files: Sequence[Path]) -> Mapping[Path, Verdict]:
    said = epubcheck.judge(files)
    return {path: s if isinstance(s, NoVerdict) else s.faults for path, s in said.items()}


_VALIDATORS: Mapping[str, tuple[str, Callable[[Sequence[Path]], Mapping[Path, Verdict]]]] = {
    "pdf": ("PDF/UA-1", lambda files: verapdf.judge(files, verapdf.Profile.PDF_UA_1)),
    "docx": ("Office Open XML", ooxml.judge),
    "epub": ("EPUBCheck", _books),
}
