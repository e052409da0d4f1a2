"""Letters: their size, their height in mm, their weight, slant and color."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from statistics import median

from pipeline.checks.pages import Run
from pipeline.checks.pdfium import Color
from pipeline.checks.print_size.lines import Printed
from pipeline.checks.registry import Finding, check
from pipeline.editions import MM_PER_PT
from pipeline.fonts import letter_height

# Sizes are written in tenths of a point, and PDFium measures ink in thousandths of an em.
SLACK_PT = 0.06
_SLACK_MM = 0.005

CONTRAST = 7.0
_CAPITALS = 2

# Scripts whose letters have an x-height, which the ink of the page tells.
MEASURED = frozenset(("Latn", "Cyrl", "Grek"))


def x_height_mm(printed: Printed) -> float:
    """Return the height of the body's plain letters in mm.

    Measured on the page for Latin, Greek and Cyrillic. Other scripts have no x-height: for them it
    is derived from the typeface, at the size that was measured.
    """
    layout = printed.layout
    script = "Latn" if layout.language.pseudo else layout.language.script
    heights = [
        height
        for _, lines in printed.running()
        for line in lines
        for run in line.runs
        if not run.bold and abs(run.size - printed.body) < SLACK_PT
        for height in run.letter_heights
    ]
    measured = median(heights) if heights and script in MEASURED else letter_height(layout.faces[-1], script)
    return measured * printed.body * MM_PER_PT


def smallest(printed: Printed) -> Run | None:
    """Return the run with the smallest letters."""
    return min(printed.runs, key=lambda run: run.size, default=None)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colors (WCAG 2.2, definition of contrast ratio)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Color) -> float:
    parts = (value / 255 for value in color)
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def where(run: Run) -> str:
    """Return the place of a run in words."""
    return f"on page {run.page}, “{run.text.strip()[:40]}”"


@check(
    "P001",
    source="UKAAF G003; RNIB Clear Print; APH and ACB large-print guidelines",
    suggestion="build the edition again; do not scale its pages",
)
def body_size(printed: Printed) -> Iterator[Finding]:
    """The body is at least as large as its edition says.

    Who asks for large print cannot read less. The size is what most of the running text really has
    on the page, not what a stylesheet asked for.
    """
    yield from low_body(printed, printed.layout.edition.body_pt)


def low_body(printed: Printed, least: float) -> Iterator[Finding]:
    """Say whether the body is smaller than `least`, in pt."""
    if printed.body < least - SLACK_PT:
        name = printed.layout.edition.name
        yield Finding(f"the body is {printed.body:g} pt; {name} print needs {least:g} pt")


@check(
    "P002",
    source="RNIB Clear Print (2 mm); APH (1/8 inch); other scripts derived",
    suggestion="choose a larger body size in editions.py for this typeface",
)
def x_height(printed: Printed) -> Iterator[Finding]:
    """The letters are as tall as the edition needs them, in mm.

    Points measure the metal, not the letter: 18 pt of one typeface are smaller than 16 pt of
    another. The eye meets the height of the x.
    """
    yield from low_letters(printed, printed.layout.edition.x_height_min_mm)


def low_letters(printed: Printed, least: float) -> Iterator[Finding]:
    """Say whether plain letters are less tall than `least`, in mm."""
    height, name = x_height_mm(printed), printed.layout.edition.name
    if height < least - _SLACK_MM:
        yield Finding(f"plain letters are {height:.2f} mm tall; {name} print needs {least:g} mm")


@check("P003", source="UKAAF G003; ACB", suggestion="give the smallest text the size of the body")
def no_small_print(printed: Printed) -> Iterator[Finding]:
    """Nothing on the page is smaller than the body.

    Captions, notes, labels in pictures and page numbers are read by the same eyes.
    """
    yield from small_print(printed)


def small_print(printed: Printed) -> Iterator[Finding]:
    """Find the smallest text, if it is smaller than the body."""
    run = smallest(printed)
    if run and run.size < printed.body - SLACK_PT:
        message = f"text of {run.size:g} pt beside a body of {printed.body:g} pt: {where(run)}"
        yield Finding(message, page=run.page, words=run.text.strip())


@check(
    "P004",
    source="APH; ACB (22 and 20 pt at a body of 18 pt)",
    suggestion="give the heading the size that its level has in editions.py",
)
def heading_sizes(printed: Printed) -> Iterator[Finding]:
    """Headings are larger than the body, and as large as their level needs.

    Readers who see little of a page at a time find their way by what is plainly bigger.
    """
    yield from low_headings(printed, *printed.layout.edition.heading_pt)


def low_headings(printed: Printed, *least: float) -> Iterator[Finding]:
    """Find the headings smaller than the size for their level, in pt; levels without one need the body's."""
    for piece, lines in printed.headings():
        needed = least[piece.level - 1] if piece.level <= len(least) else printed.body
        size = min(line.size for line in lines)
        if size < needed - SLACK_PT or size <= printed.body:
            yield Finding(
                f"heading “{piece.name}” of level {piece.level} is {size:g} pt; "
                f"it needs {needed:g} pt and more than the body’s {printed.body:g} pt",
                page=lines[0].page,
                words=piece.text,
            )


@check("P011", source="UKAAF G003; RNIB Clear Print; APH", suggestion="use bold for emphasis")
def no_italics(printed: Printed) -> Iterator[Finding]:
    """Nothing is in italics.

    Slanted letters lose the shapes by which weak eyes tell them apart. Emphasis is bold.
    """
    yield from slanted(printed)


def slanted(printed: Printed) -> Iterator[Finding]:
    """Find runs in italics."""
    italic = [run for run in printed.runs if run.italic]
    if italic:
        first = italic[0]
        message = f"{len(italic)} runs in italics, the first {where(first)}"
        yield Finding(message, page=first.page, words=first.text.strip())


@check(
    "P017",
    source="WCAG 2.2 SC 1.4.6; APH (no gray text)",
    suggestion="choose a darker ink or a lighter ground",
)
def strong_contrast(printed: Printed) -> Iterator[Finding]:
    """Text stands out from its background by 7 to 1 or more.

    Ink on paper loses contrast to bad printers, bad light and clouded lenses; gray text is lost first.
    """
    yield from weak_contrast(printed, CONTRAST)


def weak_contrast(printed: Printed, least: float) -> Iterator[Finding]:
    """Find text whose contrast with anything that it stands on is less than `least` to 1."""
    told: set[tuple[Color, Color]] = set()
    for run in printed.runs:
        if not run.visible:
            yield Finding(f"text without ink {where(run)}", page=run.page, words=run.text.strip())
            return
        ratio, ground = weakest(run)
        if ratio < least and (run.color, ground) not in told:
            told.add((run.color, ground))
            hint = f"at least {least:g} to 1"
            yield Finding(
                f"contrast of {ratio:.2f} to 1 {where(run)}", hint=hint, page=run.page, words=run.text.strip()
            )


def weakest(run: Run) -> tuple[float, Color]:
    """Return the least contrast of a run with what it stands on, and the color that it is with."""
    grounds = {run.background, *run.grounds}
    return min((contrast(run.color, ground), ground) for ground in grounds)


@check("P020", source="UKAAF G003; RNIB Clear Print", suggestion="write the words in ordinary letters")
def no_capitals(printed: Printed) -> Iterator[Finding]:
    """No more than two words in a row are all in capitals.

    Words in capitals are all rectangles: what readers know words by, their outline, is gone.
    """
    yield from capitals(printed, _CAPITALS)


def capitals(printed: Printed, most: float) -> Iterator[Finding]:
    """Find the first run of more than `most` words in capitals."""
    for line in (line for group in printed.lines for line in group):
        for capital, words in groupby(re.findall(r"[^\W\d_]+", line.text), key=_in_capitals):
            run = " ".join(found := list(words))
            if capital and len(found) > most:
                yield Finding(f"in capitals on page {line.page}: “{run}”", page=line.page, words=run)
                return


def _in_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()
