"""Print size: the finished pages measured against their edition, in pt and mm.

What is measured is ink on the page, as PDFium finds it, never the stylesheet: a rule that the
stylesheet states and the page breaks is broken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from pipeline.checks.pages import read_sheets
from pipeline.checks.print_size import letters, marks, setting, sheets
from pipeline.checks.print_size.assessment import assess
from pipeline.checks.print_size.lines import Printed, print_of
from pipeline.checks.subject import Subject
from pipeline.diagnostics import Outcome

__all__ = ["Measures", "Printed", "assess", "check", "measure", "print_of"]

_RULES: tuple[Callable[[Printed], Outcome], ...] = (
    letters.body_size,
    letters.x_height,
    letters.no_small_print,
    letters.heading_sizes,
    setting.line_pitch,
    setting.line_length,
    setting.paragraph_gap,
    setting.no_indent,
    setting.ragged,
    setting.no_hyphenation,
    letters.no_italics,
    marks.no_underlines,
    setting.one_column,
    sheets.margins,
    sheets.paper,
    sheets.page_numbers,
    letters.strong_contrast,
    sheets.headings_kept,
    sheets.no_widows,
    letters.no_capitals,
    marks.no_leaders,
    marks.plain_ground,
    sheets.notes_at_end,
)


@dataclass(frozen=True, slots=True)
class Measures:
    """What a print measures. `pitch` is in multiples of the body size; margins are left, right, top.

    `median_characters` counts full lines of paragraphs, `max_characters` all lines of running text.
    """

    body_pt: float
    x_height_mm: float
    smallest_pt: float
    pitch: float
    median_characters: float
    max_characters: int
    margins_mm: tuple[float, float, float]
    pages: int


def check(subject: Subject) -> tuple[Outcome, ...]:
    """Return what each rule of its edition says of a print. Raises `UnreadableError`."""
    printed = print_of(subject.translated, subject.layout, read_sheets(subject.data))
    return tuple(rule(printed) for rule in _RULES)


def measure(printed: Printed) -> Measures:
    """Return the measures of a print, for reports."""
    full = [len(line.text) for line in setting.full_lines(printed)]
    every = [len(line.text) for _, lines in printed.running() for line in lines]
    small = letters.smallest(printed)
    left, right, top = sheets.margins_mm(printed)
    return Measures(
        body_pt=printed.body,
        x_height_mm=round(letters.x_height_mm(printed), 3),
        smallest_pt=small.size if small else 0.0,
        pitch=round(printed.pitch / printed.body, 3) if printed.body else 0.0,
        median_characters=median(full) if full else 0.0,
        max_characters=max(every, default=0),
        margins_mm=(round(left, 1), round(right, 1), round(top, 1)),
        pages=len(printed.sheets),
    )
