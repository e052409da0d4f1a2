"""`handout catalogs check`: what the rules say of the translations."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import checks
from pipeline.diagnostics import Diagnostic, ExitCode, PipelineError, Severity, findings
from pipeline.inputs import snapshot
from pipeline.report import count_text
from pipeline.workspace import book_of, languages_of, renew, translated


def run(root: Path, languages: tuple[str, ...]) -> ExitCode:
    """Check each catalog; show what was found, by file and line, the gravest first."""
    renew(snapshot(root))
    code = ExitCode.OK
    for tag in languages or languages_of(root):
        try:
            found = list(findings(checks.check_translation(book_of(root, tag))))
        except PipelineError as error:
            _show(tag, list(error.diagnostics))
            code = max(code, error.exit_code)
            continue
        # What building finds besides: tags that were lost, placeholders that differ.
        try:
            translated(root, tag)
        except PipelineError as error:
            found += [d for d in error.diagnostics if d not in found]
        _show(tag, found)
        if any(d.severity >= Severity.FAIL for d in found):
            code = max(code, ExitCode.FINDINGS)
    return code


def _show(tag: str, found: list[Diagnostic]) -> None:
    for diagnostic in sorted(found, key=lambda d: -d.severity):
        click.echo(str(diagnostic))
    errors = sum(d.severity >= Severity.FAIL for d in found)
    warnings = len(found) - errors
    click.echo(f"{tag}: {count_text(errors, 'error')}, {count_text(warnings, 'warning')}")
