"""Setting: how lines follow each other, how long they are, where they begin and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

from pipeline.checks.extraction import normalize, tokens
from pipeline.checks.print_size.lines import Line, Printed, steps_of
from pipeline.checks.registry import Finding, check
from pipeline.document import Node, Note, NoteKind, Paragraph, Role, walk
from pipeline.languages import is_wide

_PITCH_SLACK = 0.005

# Large print keeps its lines near the edition's measure; below this many lines a median says nothing.
_ENOUGH_LINES = 20
_NARROW = 1.2
_EAST_ASIAN_CHARACTERS = 40

# Edges nearer than this, in em, are the same edge to the eye.
_EDGE = 0.08
_JUSTIFIED = 0.3
_HYPHENS = "-\u00ad\u2010"


def full_lines(printed: Printed) -> list[Line]:
    """Return the lines of paragraphs in the main column that another line of their segment follows."""
    inside = {node.text.id for note in _notes(printed) for node in walk(note) if isinstance(node, Paragraph)}
    return [
        line
        for piece, lines in printed.running()
        if piece.role is Role.PARAGRAPH and piece.id not in inside
        for line in lines[:-1]
    ]


def _notes(printed: Printed) -> Iterator[Note]:
    return (node for node in walk(printed.translated.document) if isinstance(node, Note))


@check(
    "P005",
    source="CNIB Clear Print; APH (ACB alone fixes 1.15)",
    suggestion="set the pitch of lines to 1.25 to 1.30 times their size",
)
def line_pitch(printed: Printed) -> Iterator[Finding]:
    """Lines of running text are 1.25 to 1.30 times their size apart, or 1.15 where ACB is asked for.

    Lines that stand closer run into each other; lines that stand wider fall apart, and the eye
    misses the beginning of the next.
    """
    yield from uneven_pitch(printed, *printed.layout.edition.pitches)


def uneven_pitch(printed: Printed, least: float, most: float) -> Iterator[Finding]:
    """Find the first lines that are not `least` to `most` times their size apart."""
    for piece, lines in printed.running():
        for step, size in steps_of(lines):
            if not least - _PITCH_SLACK <= step / size <= most + _PITCH_SLACK:
                message = f"lines of “{piece.name}” are {step / size:.2f} times their size apart"
                yield Finding(message, page=lines[0].page, words=lines[0].text)
                return


@check("P006", source="RNIB Clear Print; APH; WCAG 2.2 SC 1.4.8", suggestion="make the lines shorter")
def line_length(printed: Printed) -> Iterator[Finding]:
    """Lines are not longer than the edition allows, in characters.

    At the end of a long line the eye loses its way back; a magnifier has to be moved for each line.
    """
    edition = printed.layout.edition
    most = edition.line_characters_max
    # A measure holds its characters on average: a line with many narrow letters holds more.
    longest = round(most * _NARROW) if edition.stacked else most
    yield from line_faults(printed, edition.line_characters_least, most, longest)


def line_faults(printed: Printed, least: float, most: float, longest: float) -> Iterator[Finding]:
    """Say whether full lines have `least` to `most` characters (median), and none more than `longest`."""
    count: Callable[[str], int] = len
    if printed.layout.language.east_asian:
        count = _wide_length
        least, most, longest = 0, min(most, _EAST_ASIAN_CHARACTERS), min(longest, _EAST_ASIAN_CHARACTERS)
    full = [count(line.text) for line in full_lines(printed)]
    if len(full) >= _ENOUGH_LINES:
        # Where the paper is too narrow for the measure, lines are as long as they can be.
        fits = printed.layout.measure_pt < printed.layout.room_pt - 1
        if not (least if fits else 0) <= median(full) <= most:
            yield Finding(f"full lines have {median(full):g} characters (median), not {least:g} to {most:g}")
    every = (line for _, lines in printed.running() for line in lines)
    line = max(every, key=lambda line: count(line.text), default=None)
    if line and count(line.text) > longest:
        message = f"a line of {count(line.text)} characters on page {line.page}; the limit is {longest:g}"
        yield Finding(message, page=line.page, words=line.text)


def _wide_length(text: str) -> int:
    """Return how many East Asian letters have the room of `text`: two narrow ones stand for one."""
    return sum(2 if is_wide(c) else 1 for c in text) // 2


@check("P007", source="UKAAF G003; ACB", suggestion="put a blank line between paragraphs")
def paragraph_gap(printed: Printed) -> Iterator[Finding]:
    """A blank line or more parts one paragraph from the next.

    The gap is the only mark of a new paragraph: there is no indent.
    """
    yield from narrow_gaps(printed, 1)


def narrow_gaps(printed: Printed, least: float) -> Iterator[Finding]:
    """Find the gaps between paragraphs that are less than `least` lines."""
    lines = {piece.id: found for piece, found in printed.running()}
    for before, after in _neighbors(printed):
        if not (lines.get(before) and lines.get(after)):
            continue
        upper, lower = lines[before][-1], lines[after][0]
        gap = upper.baseline - lower.baseline - printed.pitch
        if upper.page == lower.page and gap < printed.pitch * least * 0.97:
            yield Finding(
                f"the gap between “{before}” and “{after}” on page {upper.page} is "
                f"{gap / printed.pitch:.2f} lines",
                page=upper.page,
                words=lower.text,
            )


def _neighbors(printed: Printed) -> Iterator[tuple[str, str]]:
    """Yield the ids of paragraphs that follow each other. Blanks to write in are no paragraphs."""
    for node in walk(printed.translated.document):
        if isinstance(node, Note) and node.kind is NoteKind.CONTACT:
            continue
        blocks: tuple[Node, ...] = getattr(node, "blocks", ()) or getattr(node, "description", ())
        for one, other in pairwise(blocks):
            if isinstance(one, Paragraph) and isinstance(other, Paragraph):
                yield one.text.id, other.text.id


@check("P008", source="APH; ACB", suggestion="begin every line at the edge")
def no_indent(printed: Printed) -> Iterator[Finding]:
    """The first line of a paragraph is not indented.

    Eyes that look for the beginning of a line look at the edge, and an indent hides it.
    """
    yield from indents(printed)


def indents(printed: Printed) -> Iterator[Finding]:
    """Find the first paragraph that begins with an indent."""
    for piece, lines in printed.running():
        if len(lines) < 2 or lines[0].page != lines[1].page:
            continue
        first, second = _edges(printed, lines[:2])
        if first - second > _EDGE * printed.body:
            yield Finding(
                f"the first line of “{piece.name}” on page {lines[0].page} is indented "
                f"by {first - second:.1f} pt",
                page=lines[0].page,
                words=lines[0].text,
            )
            return


def _edges(printed: Printed, lines: tuple[Line, ...]) -> list[float]:
    """Return how far in each line begins, in pt, in the direction of reading."""
    if printed.translated.language.rtl:
        width = printed.sheets[0].width
        return [width - line.end for line in lines]
    return [line.start for line in lines]


@check(
    "P009",
    source="UKAAF G003; RNIB Clear Print; ACB",
    suggestion="align all text at the side where lines begin",
)
def ragged(printed: Printed) -> Iterator[Finding]:
    """Lines begin at one edge and end where their words end: never centered, never justified.

    Justified lines have gaps that run through the text as rivers; a centered line begins where
    nobody looks for it. Headings are aligned like the text.
    """
    yield from uneven_edges(printed)


def uneven_edges(printed: Printed) -> Iterator[Finding]:
    """Find text that is centered, aligned at its end, or justified."""
    slack = _EDGE * printed.body
    for piece, lines in (*printed.running(), *printed.headings()):
        edges = _edges(printed, lines)
        rest = [(line.page, edge) for line, edge in zip(lines, edges, strict=True)][1:]
        for (page, one), (other_page, other) in pairwise(rest):
            if page == other_page and abs(one - other) > slack:
                message = f"the lines of “{piece.name}” on page {page} do not begin at one edge"
                yield Finding(message, page=page, words=piece.text)
                return
    groups = zip(printed.pieces, printed.lines, strict=True)
    others = (*printed.strays, *(line for piece, lines in groups if not piece.level for line in lines))
    known = _edges(printed, others)
    for piece, lines in printed.headings():
        edge = _edges(printed, lines)[0]
        if known and all(abs(edge - other) > slack for other in known):
            place = f"heading “{piece.name}” on page {lines[0].page}"
            message = f"{place} does not begin where the text begins"
            yield Finding(message, page=lines[0].page, words=piece.text)
            return
    yield from _justified(printed)


def _justified(printed: Printed) -> Iterator[Finding]:
    """Look for paragraphs whose full lines all end at one edge."""
    rtl = printed.translated.language.rtl
    full = [lines[:-1] for _, lines in printed.running() if len(lines) > 2]
    groups = [[line.start if rtl else line.end for line in lines] for lines in full]
    flush = [ends for ends in groups if max(ends) - min(ends) < _EDGE * printed.body / 2]
    if len(flush) >= 2 and len(flush) > _JUSTIFIED * len(groups):
        yield Finding(f"{len(flush)} of {len(groups)} paragraphs are justified: their lines end at one edge")


@check("P010", source="UKAAF G003; ACB", suggestion="move the whole word to the next line")
def no_hyphenation(printed: Printed) -> Iterator[Finding]:
    """No word is broken at the end of a line.

    The two halves of a word are two riddles. A hyphen that the word has by itself may end a line.
    """
    yield from broken_words(printed)


def broken_words(printed: Printed) -> Iterator[Finding]:
    """Find words that are broken at the end of a line."""
    for piece, lines in printed.running():
        for line, following in pairwise(lines):
            if line.text[-1:] not in _HYPHENS or not tokens(line.text) or not tokens(following.text):
                continue
            halves = f"{tokens(line.text)[-1]}-{tokens(following.text)[0]}"
            if halves not in normalize(piece.text).replace("\u2010", "-"):
                message = f"“{halves}” is broken at the end of a line on page {line.page}"
                yield Finding(message, page=line.page, words=halves)


@check("P013", source="APH; ACB", suggestion="set running text in one column")
def one_column(printed: Printed) -> Iterator[Finding]:
    """Running text stands in one column.

    Who reads with a magnifier cannot see where a column ends, and reads across into the next.
    """
    yield from columns(printed)


def columns(printed: Printed) -> Iterator[Finding]:
    """Find lines of running text beside each other."""
    rows: dict[int, list[Line]] = {}
    for _, lines in (*printed.running(), *printed.headings()):
        for line in lines:
            rows.setdefault(line.page, []).append(line)
    for page, lines_of in rows.items():
        ordered = sorted(lines_of, key=lambda line: -line.baseline)
        for index, line in enumerate(ordered):
            for other in ordered[index + 1 :]:
                if line.baseline - other.baseline > 0.6 * line.size:
                    break
                if line.piece != other.piece and (line.end < other.start or other.end < line.start):
                    beside = f"“{line.text[:30]}” beside “{other.text[:30]}”"
                    yield Finding(f"two columns on page {page}: {beside}", page=page, words=line.text)
                    return
