"""An organization's copy against the stencil that it was made from, by readers that wrote neither.

The stencil has passed every rule. What a copy has in common with it must be the same to the last
character; only its last page is its own, and that is held against what the organization gave.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

from pipeline.checks.extraction import alternatives, extract, figures_below
from pipeline.checks.fact_lock import locked
from pipeline.checks.hygiene import clean
from pipeline.checks.pages import UnreadableError
from pipeline.checks.registry import Finding, check
from pipeline.checks.subject import Baseline
from pipeline.checks.words import compare, described, readable, words
from pipeline.diagnostics import Outcome
from pipeline.document import Section, Segment, TranslatedDocument, plain_text


@dataclass(frozen=True, slots=True)
class _Reading:
    """A copy as it was read: the same for all copies, and what is its own."""

    common: Baseline
    text: str
    pictures: tuple[str, ...]


def baseline(data: bytes, format: str, page: TranslatedDocument) -> Baseline:
    """Return what all copies of a stencil have in common; `page` is its last page alone.

    Raises `UnreadableError` if there is no such page in it.
    """
    if format == "pdf":
        return _read_pdf(data).common
    text = extract(data, format)
    return Baseline(format, text=text[: _start(text, page)])


def check_copy(common: Baseline, page: TranslatedDocument, data: bytes, format: str) -> tuple[Outcome, ...]:
    """Return what the rules say of a copy; `page` is the organization's page alone."""
    page = _without_front(page)
    try:
        reading = _read_pdf(data) if format == "pdf" else _read(data, format, len(common.text))
    except UnreadableError as fault:
        return (readable(fault, format),)
    found = compare(page, reading.text, format)
    return (
        readable(None, format),
        untouched(common, reading.common),
        words(page, found, format),
        described(page, reading.pictures, format),
        locked(page, found, reading.text, format),
        clean(page, {"text": reading.text}, format),
    )


@check(
    "R040",
    source="project rule: an organization adds a page; it changes nothing that was reviewed",
    suggestion="build the copy again; if it stays, report the organization and the file",
)
def untouched(common: Baseline, found: Baseline) -> Iterator[Finding]:
    """A copy is, but for its last page, the same as every other copy.

    The medical text was reviewed once, for all. Of a PDF the pages are compared by what they draw, of
    the other formats the text that a reader finds.
    """
    if len(found.pages) != len(common.pages):
        yield Finding(f"it has {len(found.pages) + 1} pages; all copies have {len(common.pages) + 1}")
    for number, (ours, theirs) in enumerate(zip(common.pages, found.pages, strict=False), start=1):
        if ours != theirs:
            yield Finding(f"page {number} is not that of the other copies")
    if found.text != common.text:
        at = next((n for n, (a, b) in enumerate(zip(common.text, found.text, strict=False)) if a != b), 0)
        yield Finding(f"its text parts from that of the other copies at “{common.text[at : at + 40]}”")


def _read(data: bytes, format: str, length: int) -> _Reading:
    text = extract(data, format)
    pictures = alternatives(data, format)
    return _Reading(Baseline(format, text=text[:length]), text[length:], pictures)


def _read_pdf(data: bytes) -> _Reading:
    try:
        with pikepdf.open(io.BytesIO(data)) as file:
            drawn = [hashlib.sha256(_content(page)).hexdigest() for page in file.pages]
            last = file.Root.StructTreeRoot.K[0].K[-1]
            pictures = tuple(figures_below(last))
        with pypdfium2.PdfDocument(data) as document:
            page = document[len(document) - 1]
            text = str(page.get_textpage().get_text_range())
    except (pikepdf.PdfError, pypdfium2.PdfiumError, AttributeError, KeyError, IndexError) as error:
        raise UnreadableError(str(error)) from error
    return _Reading(Baseline("pdf", pages=tuple(drawn[:-1])), text, pictures)


def _content(page: pikepdf.Page) -> bytes:
    """Return what a page draws, with the names and places of its links."""
    contents = page.obj.Contents
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"".join(stream.read_raw_bytes() for stream in streams)


def _start(text: str, page: TranslatedDocument) -> int:
    """Return where the heading of the last page begins."""
    match page.document.blocks:
        case (Section(heading=heading),) if (words := plain_text(heading.text.children)) in text:
            return text.rindex(words)
        case _:
            raise UnreadableError("it has no page for an organization")


def _without_front(page: TranslatedDocument) -> TranslatedDocument:
    """Return a page without the title of the whole, which does not stand on it."""
    document = page.document
    front = replace(
        document.front, title=_empty(document.front.title), subtitle=_empty(document.front.subtitle)
    )
    return replace(page, document=replace(document, front=front))


def _empty(segment: Segment) -> Segment:
    return replace(segment, children=())
