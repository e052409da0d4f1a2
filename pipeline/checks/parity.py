"""Parity: all copies of a handout in a language say the same, whatever the document says.

The copies are compared with each other alone: each block of text of one is looked for in the words of
another. What belongs to one format only (contents, page numbers, labels of drawings, heads of tables
that are said again for every row) is left out by what the file itself marks, never by the document.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import pikepdf
from lxml import etree

from pipeline.checks.alignment import align
from pipeline.checks.extraction import (
    alternatives,
    extract,
    normalize,
    tokens,
    unturned,
)
from pipeline.checks.fact_lock import breaches
from pipeline.checks.pages import UnreadableError
from pipeline.checks.pieces import Piece
from pipeline.checks.registry import Finding, check
from pipeline.checks.structures import STRUCTURES, TextBlock
from pipeline.checks.subject import Subject
from pipeline.diagnostics import Outcome
from pipeline.document import Role

# Words of an Arabic print that PDFium may glue together.
_FEW = 4

_NAME = re.compile("(?<![A-Za-z0-9])(?:[A-Z]{2,}[0-9]*|[A-Z]+[0-9]+)(?![A-Za-z0-9])")


# The copy that the others are compared with: the first format that is there, of these.
_FIRST = ("html", "epub", "docx", "txt", "pdf")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gets out of a copy. `headings` are outlines: of a PDF its bookmarks."""

    subject: Subject
    text: str
    blocks: tuple[Piece, ...]
    headings: tuple[str, ...]
    alternatives: tuple[str, ...]

    @property
    def name(self) -> str:
        """The copy's file name."""
        return self.subject.target.name

    @property
    def tolerant(self) -> bool:
        """Whether readers may move words on their line: Arabic in PDF."""
        return self.subject.format == "pdf" and self.subject.translated.language.script == "Arab"


def read(subject: Subject) -> Reading:
    """Read a copy with the reader of its format. Raises `UnreadableError`."""
    try:
        blocks, headings = STRUCTURES[subject.format](subject.data)
    except (etree.LxmlError, pikepdf.PdfError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UnreadableError(str(error)) from error
    if subject.format == "pdf":  # the one format with a heading over its contents, by its interface's word
        contents = subject.translated.labels["contents"]
        headings = [text for text in headings if text != contents]
    return Reading(
        subject=subject,
        text=extract(subject.data, subject.format),
        blocks=tuple(_piece(n, block) for n, block in enumerate(blocks, 1) if tokens(block.text)),
        headings=tuple(normalize(text) for text in headings),
        alternatives=tuple(map(normalize, alternatives(subject.data, subject.format))),
    )


def _piece(number: int, block: TextBlock) -> Piece:
    plain = normalize(block.text)
    return Piece(
        id=f"block {number}: {plain[:40]}",
        role=Role.PARAGRAPH,
        words=tuple(tokens(plain)),
        text=plain,
        anywhere=block.anywhere,
        fixed=tuple(_NAME.findall(plain)),
    )


# --- The rules ------------------------------------------------------------------------------------


def _pairs(readings: Sequence[Reading]) -> Iterator[tuple[Reading, Reading]]:
    """Yield what is to be found where: the blocks of the first copy in each other, and the reverse."""
    first, *others = sorted(readings, key=lambda r: (_FIRST.index(r.subject.format), r.name))
    for other in others:
        yield first, other
        if other.blocks:
            yield other, first


def _where(shown: Reading, other: Reading) -> str:
    return f"{shown.name} and {other.name} differ"


@check(
    "R030",
    source="project rule: every copy of a handout in a language says the same, in the same order",
    suggestion="build both files again; if it stays, report the first block",
)
def same_words(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Every block of text of a copy is in every other copy, in the same order.

    Whoever gets the large print, the e-book or the plain text must not get less. The copies are
    compared with each other, so that a fault of what they were made from cannot hide. Of Arabic PDF
    the words may stand in any order inside a block, and of long blocks a tenth may be put together
    otherwise.
    """
    for shown, other in _pairs(readings):
        form = unturned if other.tolerant else str
        for match in align(shown.blocks, tokens(other.text), form=form, loose=other.tolerant):
            if match.lost and not (other.tolerant and match.found >= 0.9 * len(match.places)):
                where = f"“{match.lost}” of {match.piece.name!r} is not in its place in {other.name}"
                yield Finding(f"{_where(shown, other)}: {where}")
                break


@check(
    "R031",
    source="WCAG 2.2 SC 1.3.1; project rule: every copy has the same headings",
    suggestion="build both files again; if it stays, report the heading",
)
def same_headings(readings: Sequence[Reading]) -> Iterator[Finding]:
    """The headings of all copies are the same, in the same order.

    A reader who cannot see the page moves by headings; in PDF the bookmarks show them. A heading that
    one format lost is a paragraph there that looks big.
    """
    first, *others = sorted(readings, key=lambda r: (_FIRST.index(r.subject.format), r.name))
    for other in others:
        if other.headings != first.headings:
            yield Finding(f"{_where(first, other)} in the headings: {_first(first.headings, other.headings)}")


@check(
    "R032",
    source="project rule: figures and abbreviations are facts, in every copy",
    suggestion="build both files again; if it stays, report the block",
)
def same_facts(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Every figure and abbreviation of a copy is in every other copy, in the same block.

    Two copies with two doses are worse than one copy with a wrong one: nobody knows which is right.
    Arabic PDF is no exception.
    """
    for shown, other in _pairs(readings):
        form = unturned if other.tolerant else str
        matches = align(shown.blocks, tokens(other.text), form=form, loose=other.tolerant)
        tag = shown.subject.translated.language.tag
        for piece, missing in breaches(matches, other.text, tag, exact=not other.tolerant):
            yield Finding(f"{_where(shown, other)}: {other.name} lacks {missing} of {piece.name!r}")
            break


@check(
    "R033",
    source="WCAG 2.2 SC 1.1.1; project rule: every copy describes the same pictures",
    suggestion="build both files again; if it stays, report the picture",
)
def same_pictures(readings: Sequence[Reading]) -> Iterator[Finding]:
    """The alternative texts of all copies are the same, in the same order.

    Who cannot see the pictures must learn the same from each copy.
    """
    first, *others = sorted(readings, key=lambda r: (_FIRST.index(r.subject.format), r.name))
    for other in others:
        if other.alternatives != first.alternatives:
            what = _first(first.alternatives, other.alternatives)
            yield Finding(f"{_where(first, other)} in the alternative texts: {what}")


@check(
    "R034",
    source="project rule: an edition changes measures, never words",
    suggestion="build both files again; if it stays, report the words",
)
def same_prints(readings: Sequence[Reading]) -> Iterator[Finding]:
    """The prints of all editions and papers use the same words.

    What one print says and no other says was not in the text that all were made from. Page numbers
    are left out.
    """
    prints = [r for r in readings if r.subject.format == "pdf"]
    words = {r.name: {w for w in map(unturned, tokens(r.text)) if not w.isdecimal()} for r in prints}
    for one, other in combinations(prints, 2):
        apart = sorted(words[one.name] ^ words[other.name])
        if len(apart) > (_FEW if one.tolerant else 0):
            yield Finding(f"{_where(one, other)} in {len(apart)} words: {', '.join(apart[:5])}")


def _first(one: Sequence[str], other: Sequence[str]) -> str:
    """Return the first place at which two sequences part, in words."""
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            return f"“{ours}” against “{theirs}”"
    longer = max(one, other, key=len)
    return f"“{longer[min(len(one), len(other))]}” is missing in one"


def check_parity(subjects: Iterable[Subject]) -> tuple[Outcome, ...]:
    """Return whether the copies of each handout in each language agree with each other.

    `subjects` may hold many handouts and languages; a copy that stands alone has none to agree with.
    A copy that cannot be read is left out: `R002` reports it.
    """
    groups: dict[tuple[str, str], list[Reading]] = {}
    for subject in subjects:
        try:
            reading = read(subject)
        except UnreadableError:
            continue
        groups.setdefault((subject.target.language, subject.target.handout), []).append(reading)
    rules = (same_words, same_headings, same_facts, same_pictures, same_prints)
    return tuple(rule(group) for group in groups.values() if len(group) > 1 for rule in rules)
