"""Reference validators: outside programs that the field trusts, run on finished files.

Each judges many files in one run, since starting it (a Java machine, a browser, an office) costs more
than any file. A validator that is not installed is skipped, which every report shows: it never passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.checks.validators import ebook, office, pdf, web, word
from pipeline.checks.validators.verdicts import broken
from pipeline.diagnostics import MissingToolError, Outcome, ToolError

Judge = Callable[[Sequence[Path]], Mapping[Path, tuple[Outcome, ...]]]


@dataclass(frozen=True, slots=True)
class Validator:
    """An outside program: the formats that it judges, the codes of its rules, and how it is run.

    `judge` returns for each file one outcome per rule, and raises `MissingToolError` if the program is
    not there, `ToolError` if it broke down. `takes` says which files of its formats it is meant for.
    """

    title: str
    formats: frozenset[str]
    rules: tuple[str, ...]
    judge: Judge
    takes: Callable[[Path], bool] = lambda _: True


VALIDATORS: tuple[Validator, ...] = (
    Validator("veraPDF, PDF/UA-1", frozenset({"pdf"}), ("V001",), pdf.judge_ua_1, pdf.is_main),
    Validator("veraPDF, PDF/A-2a", frozenset({"pdf"}), ("V002",), pdf.judge_a_2a, pdf.is_main),
    Validator("veraPDF, PDF/UA-2", frozenset({"pdf"}), ("V003",), pdf.judge_ua_2, pdf.is_variant),
    Validator("veraPDF, WTPDF 1.0", frozenset({"pdf"}), ("V004",), pdf.judge_wtpdf, pdf.is_variant),
    Validator("veraPDF, PDF/A-4", frozenset({"pdf"}), ("V005",), pdf.judge_a_4, pdf.is_variant),
    Validator("EPUBCheck", frozenset({"epub"}), ("V010", "V011"), ebook.judge),
    Validator("Ace by DAISY", frozenset({"epub"}), ("V020",), web.judge_books),
    Validator("axe-core", frozenset({"html"}), ("V030",), web.judge_pages),
    Validator("LibreOffice, veraPDF", frozenset({"docx"}), ("V050", "V051", "V052"), office.judge_exports),
    Validator("Open XML SDK", frozenset({"docx"}), ("V040",), word.judge_schema),
)


def judged_by(validator: Validator, files: Sequence[Path]) -> list[Path]:
    """Return the files that a validator is meant for."""
    return [path for path in files if path.suffix[1:] in validator.formats and validator.takes(path)]


def validate(validator: Validator, files: Sequence[Path]) -> Mapping[Path, tuple[Outcome, ...]]:
    """Return what a validator says of the files that it is meant for.

    SKIP with the reason if it is not there; ERROR if it broke down or left a file out.
    """
    mine = judged_by(validator, files)
    if not mine:
        return {}
    try:
        said = validator.judge(mine)
    except MissingToolError as error:
        reason = str(error.diagnostics[0].message)
        return {path: tuple(Outcome(code, skipped=reason) for code in validator.rules) for path in mine}
    except ToolError as error:
        reason = str(error.diagnostics[0].message)
        return {path: tuple(broken(code, reason) for code in validator.rules) for path in mine}
    return {path: _complete(validator, said.get(path, ())) for path in mine}


def _complete(validator: Validator, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    given = {outcome.code for outcome in outcomes}
    lost = (broken(code, "it did not speak of the file") for code in validator.rules if code not in given)
    return (*outcomes, *lost)
