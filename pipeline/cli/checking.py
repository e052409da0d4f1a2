"""`handout check`: the rules, run on the source, the translations and the artefacts."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import checks
from pipeline.config import Facts
from pipeline.config import load as load_settings
from pipeline.diagnostics import Diagnostic, ExitCode, PipelineError, Severity, findings, worst
from pipeline.document import Document
from pipeline.plan import Wishes, snapshot, targets
from pipeline.report import count_text, unique
from pipeline.store import read_record
from pipeline.workspace import handout, layout_of, load, renew, translated


def show_rules(code: str | None) -> ExitCode:
    """List the rules, or explain one."""
    known = checks.every_rule()
    rules = [known[code]] if code and code in known else list(known.values())
    if code and code not in known:
        click.echo(f"there is no rule {code}", err=True)
        return ExitCode.USAGE
    for rule in sorted(rules, key=lambda r: r.code):
        click.echo(f"{rule.code}  {rule.title}  ({rule.severity.name.lower()}; {rule.source})")
        if code:
            click.echo(f"\n{rule.rationale}\n\nWhat to do: {rule.suggestion}.")
    return ExitCode.OK


def run(root: Path, output: Path, languages: tuple[str, ...]) -> ExitCode:
    """Check everything; show what was found and what was not looked at."""
    renew(snapshot(root))
    project, document = load(root)
    path = project.source_folder / "facts.toml"
    facts = load_settings(path, Facts, root=root) if path.exists() else Facts()
    _show_reading(document)
    found = list(findings(checks.check_source(document, facts)))
    code = ExitCode.OK
    absent = 0
    for target in targets(project.settings, Wishes(languages=languages)):
        record = read_record(output, target.name)
        try:
            translated(root, target.language)
        except PipelineError as error:
            found += error.diagnostics
            code = max(code, error.exit_code)
            continue
        if record is None or not (output / target.name).exists():
            absent += 1
            continue
        chosen = handout(root, target.language, target.handout)
        layout = layout_of(root, target, output)
        data = (output / target.name).read_bytes()
        found += findings(checks.check_artefact(checks.Subject(target, chosen, layout, data)))
    _show(unique(found))
    if absent:
        click.echo(f"skip: {count_text(absent, 'artefact')} not built yet; run handout build", err=True)
    if code == ExitCode.OK and worst(found) >= Severity.FAIL:
        return ExitCode.FINDINGS
    return code


def _show_reading(document: Document) -> None:
    from pipeline.checks.reading import measure

    if document.language.code != "en":
        return
    read = measure(document)
    click.echo(
        f"Reading ease of the source: U.S. grade {read.grade:.1f} without the names of conditions, "
        f"{read.grade_with_names:.1f} with them; {read.words_per_sentence:.1f} words a sentence "
        f"({read.words} words, {read.sentences} sentences)."
    )


def _show(found: tuple[Diagnostic, ...]) -> None:
    for diagnostic in sorted(found, key=lambda d: -d.severity):
        click.echo(str(diagnostic))
    bad = sum(d.severity >= Severity.FAIL for d in found)
    click.echo(f"{count_text(len(found), 'finding')}, {bad} of them failures")
