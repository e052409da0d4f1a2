"""Standards: what each large-print standard says of a finished print, clause by clause.

The measures are those of the rules; only the limits differ. A clause that cannot be measured is
skipped or handed to a person, and shown as such: nothing passes in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType

from pipeline.checks.assessed import Assessment, Breach, ClauseResult, Verdict
from pipeline.checks.print_size import letters, marks, setting, sheets
from pipeline.checks.print_size.lines import Printed
from pipeline.checks.registry import Finding
from pipeline.standards import HUMAN, STANDARDS, Clause, clauses


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a clause is measured: what breaks it, given its limits, and what the page has, in words."""

    breaches: Callable[..., Iterable[Finding]]
    shown: Callable[[Printed], str]


def _characters(printed: Printed) -> str:
    full = [len(line.text) for line in setting.full_lines(printed)]
    every = [len(line.text) for _, lines in printed.running() for line in lines]
    return f"{median(full) if full else 0:g} characters (median), {max(every, default=0)} at most"


def _headings(printed: Printed) -> str:
    sizes: dict[int, float] = {}
    for piece, lines in printed.headings():
        size = min(line.size for line in lines)
        sizes[piece.level] = min(sizes.get(piece.level, size), size)
    return ", ".join(f"level {level}: {size:g} pt" for level, size in sorted(sizes.items()))


def _smallest(printed: Printed) -> str:
    run = letters.smallest(printed)
    return f"{run.size:g} pt: {letters.where(run)}" if run else ""


def _contrast(printed: Printed) -> str:
    return f"{min((letters.weakest(run)[0] for run in printed.runs), default=21.0):.2f} to 1"


def _paper(printed: Printed) -> str:
    layout = printed.layout
    return f"{layout.paper.name}, meant for {layout.language.tag}"


def _margins(printed: Printed) -> str:
    left, right, top = sheets.margins_mm(printed)
    return f"left {left:.1f} mm, right {right:.1f} mm, top {top:.1f} mm"


def _nothing(_: Printed) -> str:
    return ""


_MEASURES: Mapping[str, _Measure] = MappingProxyType(
    {
        "body-size": _Measure(letters.low_body, lambda p: f"{p.body:g} pt"),
        "x-height": _Measure(letters.low_letters, lambda p: f"{letters.x_height_mm(p):.2f} mm"),
        "smallest": _Measure(letters.small_print, _smallest),
        "headings": _Measure(letters.low_headings, _headings),
        "pitch": _Measure(setting.uneven_pitch, lambda p: f"{p.pitch / p.body if p.body else 0:.3f}"),
        "line-length": _Measure(setting.line_faults, _characters),
        "paragraph-gap": _Measure(setting.narrow_gaps, _nothing),
        "indent": _Measure(setting.indents, _nothing),
        "alignment": _Measure(setting.uneven_edges, _nothing),
        "hyphens": _Measure(setting.broken_words, _nothing),
        "italics": _Measure(letters.slanted, _nothing),
        "underlines": _Measure(marks.underlined, _nothing),
        "emphasis": _Measure(marks.wrong_emphasis, _nothing),
        "columns": _Measure(setting.columns, _nothing),
        "margins": _Measure(sheets.narrow_margins, _margins),
        "paper": _Measure(sheets.wrong_paper, _paper),
        "page-number": _Measure(sheets.wrong_numbers, _nothing),
        "contrast": _Measure(letters.weak_contrast, _contrast),
        "headings-kept": _Measure(sheets.lone_headings, _nothing),
        "widows": _Measure(sheets.lone_lines, _nothing),
        "capitals": _Measure(letters.capitals, _nothing),
        "leaders": _Measure(marks.wrong_leaders, _nothing),
        "pictures": _Measure(marks.uneven_grounds, _nothing),
        "notes": _Measure(sheets.scattered_notes, _nothing),
    }
)


def assess(printed: Printed, *, exempt: Mapping[str, str] = MappingProxyType({})) -> tuple[Assessment, ...]:
    """Return what each standard says of a print.

    `exempt` names measures that say nothing of this file, with the reason: a PDF that a word processor
    made of our DOCX has no page numbers in its contents, so that `leaders` do not apply.
    """
    name = printed.layout.edition.name
    return tuple(
        Assessment(standard, title, name, tuple(_result(c, printed, exempt) for c in clauses(standard)))
        for standard, title in STANDARDS.items()
    )


def _result(clause: Clause, printed: Printed, exempt: Mapping[str, str]) -> ClauseResult:
    edition = printed.layout.edition.name
    limits = clause.limits.get(edition)
    derived = edition in clause.derived or (clause.measure == "x-height" and not _has_x_height(printed))
    verdict, measured, reason = Verdict.PASS, "", ""
    breaches: tuple[Breach, ...] = ()
    if limits is None:
        verdict, derived = Verdict.NOT_APPLICABLE, False
        reason = f"the standard gives no number for {edition} print"
    elif clause.measure in exempt:
        verdict, reason = Verdict.NOT_APPLICABLE, exempt[clause.measure]
    elif clause.measure == HUMAN:
        families = sorted({run.font for run in printed.runs})
        verdict, measured = Verdict.HUMAN, ", ".join(families) if clause.name == "typeface" else ""
        reason = "only a person with the print in hand can say"
    elif clause.measure == "booklet":
        verdict, measured = Verdict.INFO, sheets.booklet(printed)
        reason = "how a print is bound is for whoever prints it to choose"
    elif not _can_measure(clause, printed):
        verdict, reason = Verdict.SKIP, "the page holds no lines of the document that could be measured"
    else:
        measure = _MEASURES[clause.measure]
        breaches = tuple(
            Breach(finding.message, finding.page, finding.words)
            for finding in measure.breaches(printed, *limits)
        )
        verdict, measured = Verdict.FAIL if breaches else Verdict.PASS, measure.shown(printed)
    return ClauseResult(clause.id, clause.title, clause.rule, verdict, measured, derived, breaches, reason)


def _has_x_height(printed: Printed) -> bool:
    language = printed.layout.language
    return language.pseudo or language.script in letters.MEASURED


def _can_measure(clause: Clause, printed: Printed) -> bool:
    """Say whether the print has what a clause speaks of: a file without text would break no rule."""
    if clause.measure == "pitch":
        return any(len(lines) > 1 for _, lines in printed.running())
    return any(True for _ in printed.running())
