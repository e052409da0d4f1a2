"""`report.html`: what was checked of each artefact, by which program, and what a person has still to ask."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from pipeline.checks import every_rule
from pipeline.evidence.model import ArtefactEvidence, Evidence
from pipeline.evidence.pictures import Picture, draw_first_pages
from pipeline.languages import language
from pipeline.passport import questions
from pipeline.remarks import RuleOutcome, gravest, is_bad
from pipeline.renderers.elements import element
from pipeline.report import count_text
from pipeline.store import PASSPORTS, write
from pipeline.webpage import records_table, web_page

_STYLE = """
main { max-width: 78em; }
th, td { overflow-wrap: break-word; min-width: 0; }
td ul { list-style: none; padding: 0; margin: 0; }
.is-fail, .is-error, .is-skip { font-weight: 700; color: var(--accent); }
summary { font-weight: 700; color: var(--primary); min-height: 1.5rem; }
details { margin: 0 0 0.8em; }
.pages { display: flex; flex-wrap: wrap; gap: 1em; list-style: none; padding: 0; }
.pages img { border: 1px solid var(--primary); max-width: 100%; height: auto; display: block; }
"""

# What a column shows: its heading, the first letter of its rules, what they are about.
_FAMILIES = (
    ("Words and facts", "R", "every word, number and picture text is there"),
    ("Own rules", "GPBHW", "tags, measures, structure, languages"),
)

# What the reference programs vouch for, by the rule that asks them.
_NAMED = {
    "V001": "PDF/UA-1",
    "V002": "PDF/A-2a",
    "V003": "PDF/UA-2",
    "V004": "WTPDF 1.0",
    "V005": "PDF/A-4",
    "V010": "EPUB 3.3 (EPUBCheck)",
    "V011": "EPUBCheck usage",
    "V020": "EPUB Accessibility (Ace)",
    "V030": "WCAG 2.2 AA (axe-core)",
    "V040": "Open XML",
    "V050": "opens in LibreOffice",
    "V051": "its export is PDF/UA-1",
    "V052": "its export has every word",
}

_WORDS = {
    "pass": "pass",
    "skip": "not run",
    "info": "pass, with a note",
    "warn": "warning",
    "fail": "FAIL",
    "error": "ERROR",
    "": "–",
}


def write_report(evidence: Evidence, output: Path) -> Path:
    """Write `report.html` and its pictures into the output folder. Raises `RenderError`."""
    pictures = draw_first_pages(output, (a.path for a in evidence.artefacts if a.format == "pdf"))
    by_language = [(tag, list(group)) for tag, group in groupby(evidence.artefacts, lambda a: a.language)]
    page = web_page(
        "What was checked",
        f"Version {evidence.version} of the leaflet, by handout {evidence.program}",
        _summary(evidence),
        _programs(evidence),
        _texts(evidence),
        *(_language(tag, group, pictures) for tag, group in by_language),
        _copies(evidence),
        _people(evidence),
        _rules(),
        style=_STYLE,
    )
    write(output / "report.html", page)
    return output / "report.html"


def _section(name: str, title: str, *parts: ET.Element | None) -> ET.Element:
    return element(
        "section", element("h2", title, id=f"{name}-heading"), *parts, aria_labelledby=f"{name}-heading"
    )


def _summary(evidence: Evidence) -> ET.Element:
    artefacts = evidence.artefacts
    bad = [a for a in artefacts if is_bad(gravest(o.verdict for o in a.outcomes))]
    skipped = [run for run in evidence.validators if run.skipped]
    lines = [
        f"{count_text(len(artefacts), 'file')} checked, {len(artefacts) - len(bad)} without a failure.",
        f"{count_text(len(bad), 'file')} with failures." if bad else "No file has a failure.",
    ]
    if skipped:
        lines.append(f"Not run: {', '.join(run.title for run in skipped)}. What they would say is not known.")
    if not evidence.validators:
        lines.append("No reference validator was run.")
    if evidence.absent:
        lines.append(f"{count_text(len(evidence.absent), 'file')} not built yet.")
    return _section("summary", "Summary", element("ul", *(element("li", line) for line in lines)))


def _programs(evidence: Evidence) -> ET.Element | None:
    rows = (
        element(
            "tr",
            element("th", run.title, scope="row"),
            element("td", str(run.files)),
            element("td", ", ".join(run.rules)),
            element("td", f"not run: {run.skipped}" if run.skipped else "run"),
        )
        for run in evidence.validators
    )
    table = records_table("Reference validators", ("Program", "Files", "Rules", "State"), rows)
    return _section("validators", "Programs that were asked", table) if evidence.validators else None


def _texts(evidence: Evidence) -> ET.Element:
    """Show what was found of the source and of each catalog."""
    groups = [("source", "Source", evidence.source)]
    groups += [(tag, language(tag).english_name, outcomes) for tag, outcomes in evidence.catalogs.items()]
    rows = (
        element(
            "tr",
            element("th", title, scope="row"),
            _verdict_cell(outcomes),
            element("td", _counts(outcomes)),
            element("td", *_remarks(outcomes)),
        )
        for _, title, outcomes in groups
    )
    table = records_table("Source and translations", ("Text", "Verdict", "Rules", "Findings"), rows)
    return _section("texts", "Source and translations", table)


def _counts(outcomes: tuple[RuleOutcome, ...]) -> str:
    counts = Counter(_WORDS[outcome.verdict] for outcome in outcomes)
    return ", ".join(f"{number} {word}" for word, number in counts.items()) or "none"


def _verdict_cell(outcomes: tuple[RuleOutcome, ...]) -> ET.Element:
    verdict = gravest(o.verdict for o in outcomes) if outcomes else ""
    return element("td", _WORDS[verdict], class_=f"is-{verdict}" if verdict else None)


def _remarks(outcomes: tuple[RuleOutcome, ...]) -> list[ET.Element | str]:
    found = [remark for outcome in outcomes for remark in outcome.remarks]
    if not found:
        return ["none"]
    items = []
    for remark in found:
        place = f" ({remark.file}{f':{remark.line}' if remark.line else ''})" if remark.file else ""
        items.append(element("li", element("strong", remark.rule), f" {remark.message}{place}"))
    return [element("ul", *items)]


def _language(tag: str, artefacts: list[ArtefactEvidence], pictures: Mapping[str, Picture]) -> ET.Element:
    own = language(tag)
    heads = ("File", *(title for title, _, _ in _FAMILIES), "Reference validators", "Print", "Record")
    table = records_table(f"Files in {own.english_name}", heads, (_row(a) for a in artefacts))
    details = [made for artefact in artefacts for made in _details(artefact)]
    shown = [(a, pictures[a.path]) for a in artefacts if a.path in pictures]
    looks = element(
        "details",
        element("summary", f"First pages in {own.english_name}"),
        element("ul", *(_picture(a, picture) for a, picture in shown), class_="pages"),
    )
    return _section(f"files-{tag}", own.english_name, table, *details, looks if shown else None)


def _row(artefact: ArtefactEvidence) -> ET.Element:
    families = (
        _verdict_cell(tuple(o for o in artefact.outcomes if o.rule[0] in letters))
        for _, letters, _ in _FAMILIES
    )
    judged = [(o.rule, o.verdict) for o in artefact.outcomes if o.rule in _NAMED]
    validators = element("ul", *(element("li", *_named(rule, verdict)) for rule, verdict in judged))
    met = [f"{a.standard}: {'met' if a.met else 'NOT met'}" for a in artefact.standards]
    return element(
        "tr",
        element("th", element("a", artefact.path, href=artefact.path), scope="row"),
        *families,
        element("td", validators if judged else "–"),
        element("td", ", ".join(met) or "–"),
        element("td", element("a", "passport", _unseen(artefact), href=f"{PASSPORTS}/{artefact.path}.json")),
    )


def _named(rule: str, verdict: str) -> tuple[str, ET.Element]:
    return f"{_NAMED[rule]}: ", element("span", _WORDS[verdict], class_=f"is-{verdict}")


def _unseen(artefact: ArtefactEvidence) -> ET.Element:
    return element("span", f" of {artefact.path}", class_="unseen")


def _details(artefact: ArtefactEvidence) -> Iterator[ET.Element]:
    """Yield what is not well, or not known, of one file: rules, and clauses of standards with their place."""
    speaking = tuple(o for o in artefact.outcomes if o.remarks or o.skipped)
    items: list[ET.Element] = []
    for outcome in speaking:
        words = [remark.message for remark in outcome.remarks] or [f"not run: {outcome.skipped}"]
        text = "; ".join(words)
        items.append(element("li", element("strong", outcome.rule), f" {_WORDS[outcome.verdict]}: {text}"))
    for assessment in artefact.standards:
        for result in assessment.results:
            if result.verdict in ("fail", "skip"):
                where = [f"page {b.page}: {b.message}" if b.page else b.message for b in result.breaches[:3]]
                said = "; ".join(where) or result.reason
                items.append(element("li", element("strong", result.id), f" {result.title}: {said}"))
    if items:
        yield element("details", element("summary", artefact.path), element("ul", *items))


def _picture(artefact: ArtefactEvidence, picture: Picture) -> ET.Element:
    alternative = f"First page of {artefact.title}, {artefact.edition} print"
    image = element(
        "img",
        src=picture.address,
        alt=alternative,
        width=str(picture.width),
        height=str(picture.height),
        loading="lazy",
    )
    return element("li", element("a", image, href=artefact.path))


def _copies(evidence: Evidence) -> ET.Element | None:
    rows = (
        element("tr", element("th", name, scope="row"), _verdict_cell(o), element("td", *_remarks(o)))
        for name, o in evidence.copies.items()
    )
    table = records_table("Copies compared with each other", ("Handout", "Verdict", "Findings"), rows)
    return _section("copies", "Are all copies the same?", table) if evidence.copies else None


def _people(evidence: Evidence) -> ET.Element:
    formats = list(dict.fromkeys(a.format for a in evidence.artefacts))
    asked = {q.question: q.source for name in formats for q in questions(name)}
    human = {
        f"{r.title} ({assessment.standard})": r.reason
        for artefact in evidence.artefacts
        for assessment in artefact.standards
        for r in assessment.results
        if r.verdict == "human"
    }
    items = [element("li", question, f" ({source})") for question, source in asked.items()]
    items += [element("li", f"{title}: {reason}") for title, reason in human.items()]
    note = element("p", "No program can answer these. “Passes veraPDF” is not “is PDF/UA”.")
    return _section("people", "What only people can answer", note, element("ul", *items))


def _rules() -> ET.Element:
    items = []
    for rule in sorted(every_rule().values(), key=lambda r: r.code):
        items.append(element("dt", f"{rule.code}: {rule.title}"))
        items.append(element("dd", f"{rule.rationale} Source: {rule.source}. What to do: {rule.suggestion}."))
    return _section(
        "rules", "The rules", element("details", element("summary", "All rules"), element("dl", *items))
    )
