"""Marks beside the letters: lines under words, rows of dots, pictures behind text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.extraction import tokens
from pipeline.checks.pages import Run, Sheet
from pipeline.checks.pdfium import Area
from pipeline.checks.print_size.letters import where
from pipeline.checks.print_size.lines import Line, Printed
from pipeline.checks.registry import Finding, check
from pipeline.document import Emphasis, Inlines, Strong, plain_text, segments

_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}|·{4,}|(?:· ){4,}")


@check(
    "P012",
    source="UKAAF G003; RNIB Clear Print (ACB, which underlines, stands alone)",
    suggestion="use bold for emphasis",
)
def no_underlines(printed: Printed) -> Iterator[Finding]:
    """Nothing is underlined, unless the standard that is asked for emphasizes so.

    A line under letters covers the parts that hang below, by which g, p and y are known. ACB alone
    wants it, since bold is lost to eyes that see every letter blurred.
    """
    yield from wrong_emphasis(printed) if printed.layout.edition.underlines else underlined(printed)


def underlined(printed: Printed) -> Iterator[Finding]:
    """Find the first run that is underlined."""
    for run in printed.runs:
        if _is_underlined(printed, run):
            message = f"underlined on page {run.page}: “{run.text.strip()[:40]}”"
            yield Finding(message, page=run.page, words=run.text.strip())
            return


def wrong_emphasis(printed: Printed) -> Iterator[Finding]:
    """Find emphasis that is not by a line under the words alone, and lines under words without emphasis.

    Words are counted, not compared: a line of Arabic may come back with its letters turned.
    """
    wanted = {s.id: _emphasized(s.children) for s in segments(printed.translated.document)}
    for piece, lines in printed.running():
        runs = [run for line in lines for run in line.runs]
        lined = [run for run in runs if _is_underlined(printed, run)]
        count, needed = sum(len(tokens(run.text)) for run in lined), wanted.get(piece.id, 0)
        place = f"in “{piece.name}” on page {lines[0].page}"
        if count != needed:
            message = f"{count} words are underlined {place}, of which {needed} are emphasized"
            yield Finding(message, page=lines[0].page, words=piece.text)
            return
        bold = next((run for run in lined if run.bold), None)
        if bold:
            yield Finding(f"bold besides underlined {where(bold)}", page=bold.page, words=bold.text.strip())
            return


def _emphasized(inlines: Inlines) -> int:
    """Return how many words are emphasized."""
    count = 0
    for node in inlines:
        if isinstance(node, Emphasis | Strong):
            count += len(tokens(plain_text((node,))))
        else:
            count += _emphasized(getattr(node, "children", ()))
    return count


def _is_underlined(printed: Printed, run: Run) -> bool:
    return any(_under(rule, run) for rule in printed.sheets[run.page - 1].rules)


def _under(rule: Area, run: Run) -> bool:
    """Say whether a thin line lies right below the letters of a run."""
    overlap = min(rule.right, run.right) - max(rule.left, run.left)
    depth = run.baseline - (rule.bottom + rule.top) / 2
    return overlap > 0.5 * (run.right - run.left) and -0.05 * run.size <= depth <= 0.35 * run.size


@check(
    "P021",
    source="APH (ACB, which asks for leaders, stands alone)",
    suggestion="put the page number right behind its entry",
)
def no_leaders(printed: Printed) -> Iterator[Finding]:
    """No rows of dots lead from one word to another, unless the standard that is asked for wants them.

    A magnifier loses the row, and a screen reader speaks each dot. ACB wants them all the same between
    the entries of the contents and their pages.
    """
    yield from wrong_leaders(printed, float(printed.layout.edition.leaders))


def wrong_leaders(printed: Printed, wanted: float) -> Iterator[Finding]:
    """Find the first leader, or with `wanted` the first entry of the contents that has none."""
    if not wanted:
        for run in printed.runs:
            if _LEADERS.search(run.text):
                yield Finding(f"leader dots {where(run)}", page=run.page, words=run.text.strip())
                return
    for piece, lines in zip(printed.pieces, printed.lines, strict=True):
        if not (piece.contents and lines and not piece.level):
            continue
        led = _is_led(printed, lines[-1])
        if led != bool(wanted):
            having = "has leader dots" if led else "has no leader dots"
            message = f"“{piece.name}” on page {lines[-1].page} {having}"
            yield Finding(message, page=lines[-1].page, words=piece.text)
            return


def _is_led(printed: Printed, line: Line) -> bool:
    """Say whether a row of dots, drawn or written, begins beside a line of the contents."""
    sheet: Sheet = printed.sheets[line.page - 1]
    height = (line.baseline - 0.4 * line.size, line.baseline + 0.4 * line.size)
    drawn = any(height[0] <= (dots.bottom + dots.top) / 2 <= height[1] for dots in sheet.dots)
    written = any(_LEADERS.search(run.text) and height[0] <= run.baseline <= height[1] for run in sheet.runs)
    return drawn or written


@check(
    "P022", source="APH; CNIB Clear Print", suggestion="set the words beside the picture, or on a plain fill"
)
def plain_ground(printed: Printed) -> Iterator[Finding]:
    """All text stands on a plain ground: on paper or on a flat fill, never on a picture or a pattern.

    What is behind letters mixes with their shapes. A label inside a drawing is no fault as long as
    what lies behind it is one flat color: then nothing is there that letters could be confused with.
    """
    yield from uneven_grounds(printed)


def uneven_grounds(printed: Printed) -> Iterator[Finding]:
    """Find the first run with more than one color behind its letters."""
    for run in printed.runs:
        if len(run.grounds) > 1:
            message = f"text over a picture or a pattern {where(run)}"
            yield Finding(message, page=run.page, words=run.text.strip())
            return
