"""`handout check`: the rules and the reference validators, run on the source, the translations, the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from pipeline import checks
from pipeline.cli.machine import worthwhile_jobs
from pipeline.cli.workers import Workers
from pipeline.diagnostics import ExitCode
from pipeline.document import Document
from pipeline.evidence import Evidence, format_sarif, gather, write_report
from pipeline.plan import Wishes
from pipeline.remarks import RuleOutcome, gravest, is_bad
from pipeline.report import count_text
from pipeline.store import write
from pipeline.workspace import load

STANDARD_OUTPUT = Path("-")
_FAMILIES = (("words", "R"), ("own rules", "GPBHW"), ("validators", "V"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for: where results go, whether validators run, how many processes."""

    json: Path | None = None
    sarif: Path | None = None
    validators: bool = True
    jobs: int | None = None


def show_rules(code: str | None, *, as_json: bool) -> ExitCode:
    """List the rules, or explain one; as JSON, with all that is known of each."""
    known = checks.every_rule()
    if code and code not in known:
        click.echo(f"there is no rule {code}", err=True)
        return ExitCode.USAGE
    rules = sorted((known[code],) if code else known.values(), key=lambda r: r.code)
    if as_json:
        described = [msgspec.to_builtins(r) | {"severity": r.severity.name.lower()} for r in rules]
        click.echo(msgspec.json.format(msgspec.json.encode(described)).decode())
        return ExitCode.OK
    for rule in rules:
        click.echo(f"{rule.code}  {rule.title}  ({rule.severity.name.lower()}; {rule.source})")
        if code:
            click.echo(f"\n{rule.rationale}\n\nWhat to do: {rule.suggestion}.")
    return ExitCode.OK


def run(root: Path, output: Path, wishes: Wishes, asked: Asked) -> ExitCode:
    """Check everything; show what was found and what was not looked at."""
    quiet = STANDARD_OUTPUT in (asked.json, asked.sarif)
    with Workers(asked.jobs or worthwhile_jobs(), formats=()) as workers:
        evidence = gather(
            root,
            output,
            wishes,
            executor=workers,
            validators=asked.validators,
            tell=lambda sentence: click.echo(f"{sentence} …", err=True),
        )
    if evidence.artefacts:
        click.echo(f"Report: {write_report(evidence, output)}", err=True)
    shown = output.relative_to(root).as_posix() if output.is_relative_to(root) else output.as_posix()
    _put(asked.json, msgspec.json.format(msgspec.json.encode(evidence)) + b"\n")
    _put(asked.sarif, format_sarif(evidence, output=shown))
    if not quiet:
        _show_reading(load(root)[1])
        for line in (*_table(evidence), *_findings(evidence)):
            click.echo(line)
    for line in _not_run(evidence, asked):
        click.echo(line, err=True)
    return _exit_code(evidence)


def _put(path: Path | None, data: bytes) -> None:
    if path == STANDARD_OUTPUT:
        click.echo(data.decode(), nl=False)
    elif path is not None:
        write(path, data)


def _exit_code(evidence: Evidence) -> ExitCode:
    broken = any(o.verdict == "error" for outcomes in evidence.catalogs.values() for o in outcomes)
    if broken:
        return ExitCode.TRANSLATION
    bad = any(is_bad(outcome.verdict) for _, outcome in evidence.outcomes())
    return ExitCode.FINDINGS if bad else ExitCode.OK


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


def _table(evidence: Evidence) -> Iterator[str]:
    """Yield a line for each language and format: how many files, and the gravest verdict of each family."""
    yield f"{'':<12}{'files':>7}" + "".join(f"{name:>14}" for name, _ in _FAMILIES) + f"{'print':>14}"
    groups: dict[tuple[str, str], list[int]] = {}
    for number, artefact in enumerate(evidence.artefacts):
        groups.setdefault((artefact.language, artefact.format), []).append(number)
    for (tag, name), numbers in groups.items():
        artefacts = [evidence.artefacts[n] for n in numbers]
        outcomes = [o for artefact in artefacts for o in artefact.outcomes]
        cells = "".join(f"{_verdict(outcomes, letters):>14}" for _, letters in _FAMILIES)
        met = Counter(a.standard for artefact in artefacts for a in artefact.standards if a.met)
        of = sum(bool(artefact.standards) for artefact in artefacts)
        whole = [standard for standard, count in met.items() if count == of]
        yield f"{f'{tag} {name}':<12}{len(artefacts):>7}{cells}  {' '.join(whole)}".rstrip()


def _verdict(outcomes: list[RuleOutcome], letters: str) -> str:
    mine = [outcome.verdict for outcome in outcomes if outcome.rule[0] in letters]
    return gravest(mine) if mine else "-"


def _findings(evidence: Evidence) -> Iterator[str]:
    """Yield each finding once, the gravest last, where it is seen on a terminal; then how many there are."""
    seen: dict[tuple[str, str], tuple[str, str, str]] = {}
    for subject, outcome in evidence.outcomes():
        for remark in outcome.remarks:
            place = f"{remark.file}:{remark.line}: " if remark.line else f"{subject}: "
            seen.setdefault((remark.rule, remark.message), (remark.severity, place, remark.hint))
    order = ("info", "warn", "fail", "error")
    for (rule, message), (severity, place, hint) in sorted(seen.items(), key=lambda i: order.index(i[1][0])):
        yield f"{place}{severity} {rule}: {message}" + (f"\n    hint: {hint}" if hint else "")
    bad = sum(severity in ("fail", "error") for severity, _, _ in seen.values())
    checked = count_text(len(evidence.artefacts), "artefact")
    yield f"{checked}: {count_text(len(seen), 'finding')}, {bad} of them failures"


def _not_run(evidence: Evidence, asked: Asked) -> Iterator[str]:
    """Yield what was not looked at: silence must never look like success."""
    reasons = Counter((o.rule, o.skipped) for _, o in evidence.outcomes() if o.skipped)
    for (rule, reason), count in sorted(reasons.items()):
        yield f"NOT RUN: {rule} on {count_text(count, 'file')}: {reason}; handout doctor says how to get it"
    if not asked.validators:
        yield "NOT RUN: the reference validators (--no-validators)"
    if evidence.absent:
        yield f"NOT CHECKED: {count_text(len(evidence.absent), 'artefact')} not built yet; run handout build"
