"""Reference validators: outside programs that the field trusts, run on finished files.

Each judges many files in one run, since starting it (a Java machine, a browser, an office) costs more
than any file. A validator that is not installed is skipped, which every report shows: it never passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.checks.validators import office, web
from pipeline.diagnostics import MissingToolError, Outcome

Judge = Callable[[Sequence[Path]], Mapping[Path, tuple[Outcome, ...]]]


@dataclass(frozen=True, slots=True)
class Validator:
    """An outside program: the formats that it judges, the codes of its rules, and how it is run.

    `judge` returns for each file one outcome per rule that applies to it, and raises
    `MissingToolError` if the program is not there.
    """

    title: str
    formats: frozenset[str]
    rules: tuple[str, ...]
    judge: Judge


VALIDATORS: tuple[Validator, ...] = (
    Validator("Ace by DAISY", frozenset({"epub"}), ("V020",), web.judge_books),
    Validator("axe-core", frozenset({"html"}), ("V030",), web.judge_pages),
    Validator("LibreOffice, veraPDF", frozenset({"docx"}), ("V050", "V051", "V052"), office.judge_exports),
)


def validate(validator: Validator, files: Sequence[Path]) -> Mapping[Path, tuple[Outcome, ...]]:
    """Return what a validator says of the files of its formats; SKIP with the reason if it cannot run."""
    mine = [path for path in files if path.suffix[1:] in validator.formats]
    if not mine:
        return {}
    try:
        return validator.judge(mine)
    except MissingToolError as error:
        reason = str(error.diagnostics[0].message)
        return {path: tuple(Outcome(code, skipped=reason) for code in validator.rules) for path in mine}
