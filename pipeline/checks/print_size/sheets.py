"""Sheets: paper, margins, page numbers, and where pages break."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.checks.extraction import tokens
from pipeline.checks.pages import Run, Sheet
from pipeline.checks.print_size.letters import SLACK_PT
from pipeline.checks.print_size.lines import Line, Printed
from pipeline.checks.registry import Finding, check
from pipeline.document import Role
from pipeline.editions import MM_PER_PT

# Ink may overhang the edge of its letter, and the bounds of a line include half its thickness.
_SLACK_PT = 1.0

# The height of tall letters over the baseline, in em.
_ASCENT = 0.75

_TOGETHER = 2


def margins_mm(printed: Printed) -> tuple[float, float, float]:
    """Return the smallest margins left, right and at the top, in mm: text, pictures and all."""
    sheets = [s for s in printed.sheets if s.runs or s.areas]
    if not sheets:
        return 0.0, 0.0, 0.0
    left = min(min([r.start for r in s.runs] + [a.left for a in s.areas]) for s in sheets)
    right = min(s.width - max([r.end for r in s.runs] + [a.right for a in s.areas]) for s in sheets)
    top = min(s.height - max([_top(r) for r in s.runs] + [a.top for a in s.areas]) for s in sheets)
    return left * MM_PER_PT, right * MM_PER_PT, top * MM_PER_PT


def _top(run: Run) -> float:
    """Return the top of the letters; marks above them reach over their own line."""
    return min(run.top, run.baseline + _ASCENT * run.size)


@check("P014", source="ACB (1 inch in large print)", suggestion="make the text narrower or the margins wider")
def margins(printed: Printed) -> Iterator[Finding]:
    """The margins are as wide as the edition needs; the page number may stand in the lower one.

    Hands hold a page there, punches bite there, and a magnifier has to rest somewhere.
    """
    least = printed.layout.edition.margin_mm
    yield from narrow_margins(printed, least)
    foot = min((line.baseline for group in printed.lines for line in group), default=0.0) * MM_PER_PT
    yield from _narrow("bottom", foot, least)


def narrow_margins(printed: Printed, least: float) -> Iterator[Finding]:
    """Find the margins left, right and at the top that are narrower than `least`, in mm."""
    for name, width in zip(("left", "right", "top"), margins_mm(printed), strict=True):
        yield from _narrow(name, width, least)


def _narrow(name: str, width: float, least: float) -> Iterator[Finding]:
    if width < least - _SLACK_PT * MM_PER_PT:
        yield Finding(f"the {name} margin is {width:.1f} mm; it needs {least:g} mm")


@check(
    "P015",
    source="CLDR paperSize; UKAAF G003 (never an enlarged copy)",
    suggestion="build for the paper that the language prints on",
)
def paper(printed: Printed) -> Iterator[Finding]:
    """Every page has the size of the paper that it is meant for.

    A page of another size is scaled by the printer, and all measures with it.
    """
    yield from wrong_paper(printed)


def wrong_paper(printed: Printed) -> Iterator[Finding]:
    """Find the first page that has not the size of the paper."""
    width, height = printed.layout.page_pt
    meant = printed.layout.paper
    for sheet in printed.sheets:
        if abs(sheet.width - width) > _SLACK_PT or abs(sheet.height - height) > _SLACK_PT:
            yield Finding(
                f"page {sheet.number} is {sheet.width * MM_PER_PT:.1f} × {sheet.height * MM_PER_PT:.1f} mm; "
                f"{meant.name} is {meant.width:g} × {meant.height:g} mm",
                page=sheet.number,
            )
            return


@check(
    "P016",
    source="RNIB Clear Print; ACB",
    suggestion="put the number at the lower outer corner, bold, in the size of the body",
)
def page_numbers(printed: Printed) -> Iterator[Finding]:
    """Each page has its number in its lower outer corner: bold, of body size, always at one height.

    A number that must be looked for is no help in finding a page. The outer corner is where a thumb
    turns the page: right on odd pages, left on odd pages where the script runs from right to left.
    """
    yield from wrong_numbers(printed, 1, 1, 1, own_digits=True)


def wrong_numbers(
    printed: Printed, outer: float, bold: float, body: float, *, own_digits: bool = False
) -> Iterator[Finding]:
    """Find the first page whose number is not at its foot, at the height of the others.

    Not 0 is what else is asked for: that it is in the outer corner, bold, as large as the body.
    """
    heights: set[float] = set()
    for sheet in printed.sheets:
        line = _foot(printed, sheet, own_digits=own_digits)
        if line is None:
            yield Finding(f"page {sheet.number} has no page number at its foot", page=sheet.number)
            return
        outer_right = (sheet.number % 2 == 1) != printed.translated.language.rtl
        faults = {
            "is not bold": bold and not all(run.bold for run in line.runs if tokens(run.text)),
            f"is {line.size:g} pt": body and abs(line.size - printed.body) > SLACK_PT,
            "is not in the outer corner": outer
            and ((line.start + line.end) / 2 > sheet.width / 2) != outer_right,
            "is not where it was on the page before": bool(heights) and round(line.baseline) not in heights,
        }
        heights.add(round(line.baseline))
        for words in (words for words, wrong in faults.items() if wrong):
            message = f"the page number of page {sheet.number} {words}"
            yield Finding(message, page=sheet.number, words=line.text)
            return


def _foot(printed: Printed, sheet: Sheet, *, own_digits: bool) -> Line | None:
    """Return the lowest line of a page if it holds the page's number and no text of the document.

    Without `own_digits` the number may be in European ones: word processors count so in any language.
    """
    number = str(sheet.number)
    numbers = {printed.translated.language.localize_digits(number), *(() if own_digits else (number,))}
    every = (line for group in (*printed.lines, printed.strays) for line in group)
    lines = (line for line in every if line.page == sheet.number)
    lowest = min(lines, key=lambda line: line.baseline, default=None)
    return lowest if lowest and lowest.piece is None and numbers & set(tokens(lowest.text)) else None


@check("P018", source="ACB", suggestion="keep the heading with the paragraph that follows it")
def headings_kept(printed: Printed) -> Iterator[Finding]:
    """No heading stands alone at the foot of a page.

    A heading belongs to what follows; on another page it is forgotten before its text begins.
    """
    yield from lone_headings(printed)


def lone_headings(printed: Printed) -> Iterator[Finding]:
    """Find headings whose text begins on the next page."""
    body = [(p, lines) for p, lines in zip(printed.pieces, printed.lines, strict=True) if not p.anywhere]
    for (piece, lines), (_, following) in pairwise(body):
        if piece.level > 1 and lines and following and following[0].page > lines[-1].page:
            page = lines[-1].page
            message = f"heading “{piece.name}” stands alone at the foot of page {page}"
            yield Finding(message, page=page, words=piece.text)


@check("P019", source="ACB", suggestion="keep two lines or more of a paragraph together")
def no_widows(printed: Printed) -> Iterator[Finding]:
    """No line of a paragraph stands alone at the foot or at the head of a page.

    A single line has lost its sense by the time the page is turned.
    """
    yield from lone_lines(printed)


def lone_lines(printed: Printed) -> Iterator[Finding]:
    """Find lines of a paragraph that stand alone on a page."""
    for piece, lines in printed.running():
        pages = [line.page for line in lines]
        for page in sorted(set(pages)):
            if len(set(pages)) > 1 and pages.count(page) < _TOGETHER:
                message = f"one line of “{piece.name}” stands alone on page {page}"
                yield Finding(message, page=page, words=piece.text)


@check("P023", source="ACB", suggestion="put the notes behind the text, in the size of the body")
def notes_at_end(printed: Printed) -> Iterator[Finding]:
    """Notes stand together behind the text that calls them, as large as the body.

    At the foot of each page they are small print by habit, and cut the text in two.
    """
    yield from scattered_notes(printed)


def scattered_notes(printed: Printed) -> Iterator[Finding]:
    """Find notes that are smaller than the body or that text goes on behind."""
    first: tuple[int, float] | None = None
    called = max((n for n, piece in enumerate(printed.pieces) if piece.role is Role.NOTE), default=-1)
    for piece, lines in zip(printed.pieces, printed.lines, strict=True):
        if not lines:
            continue
        if piece.role is Role.NOTE:
            place = (lines[0].page, -lines[0].baseline)
            first = min(first, place) if first else place
            small = min(line.size for line in lines)
            if small < printed.body - SLACK_PT:
                message = f"note “{piece.name}” on page {lines[0].page} is {small:g} pt"
                yield Finding(message, page=lines[0].page, words=piece.text)
    text = (
        line
        for number, (piece, lines) in enumerate(zip(printed.pieces, printed.lines, strict=True))
        if number < called and piece.role is not Role.NOTE and not piece.anywhere
        for line in lines
    )
    last = max(((line.page, -line.baseline) for line in text), default=None)
    if first and last and last > first:
        yield Finding(f"the text goes on behind a note on page {first[0]}", page=first[0])


def booklet(printed: Printed) -> str:
    """Say how the pages fill a saddle-stitched booklet, whose sheets have four."""
    count = len(printed.sheets)
    whole = -(-count // 4) * 4
    blank = f", {whole - count} of {whole} blank" if whole != count else ""
    return f"{count} pages{blank}"
