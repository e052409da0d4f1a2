"""Checks on a translation: nothing lost, no number changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.catalogs import Catalog
from pipeline.checks.numbers import differences
from pipeline.checks.registry import Finding, check
from pipeline.diagnostics import Location, Severity
from pipeline.document import (
    Document,
    Segment,
    State,
    TranslatedDocument,
    Value,
    plain_text,
    segments,
    transform,
)

_TRANSLATED = frozenset({State.DRAFT, State.SIGNED})


@check(
    "T010",
    source="the content brief: figures are facts",
    suggestion="write the number as the source has it, in the digits and separators of the language",
    severity=Severity.ERROR,
)
def numbers(source: Document, translated: TranslatedDocument, catalog: Catalog) -> Iterator[Finding]:
    """A translation has the figures of its source, no others.

    A wrong dose or rate does harm, and no reader can see that it is wrong. Digits of any script and
    the separators of the language count as the same figure.
    """
    originals = {s.id: s for s in segments(source)}
    seen: set[str] = set()
    for segment in segments(translated.document):
        if segment.id in seen or segment.state not in _TRANSLATED or segment.id not in originals:
            continue
        seen.add(segment.id)
        yield from _compare(originals[segment.id], segment, translated.language.tag, catalog)


def _compare(original: Segment, segment: Segment, tag: str, catalog: Catalog) -> Iterator[Finding]:
    entry = catalog.get(segment.id)
    place = Location(catalog.path, entry.line) if catalog.path and entry else None
    for difference in differences(_own_words(original), _own_words(segment), tag):
        yield Finding(f"“{segment.id}”: {difference}", place, "compare the figures with the original")


def _own_words(segment: Segment) -> str:
    """Return the words of a segment without dates and versions, which the build fills in."""
    blank = transform(segment, lambda node: replace(node, text="") if isinstance(node, Value) else node)
    return plain_text(blank.children)
