"""Checks on a translation: nothing lost, no number changed."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.catalogs import Catalog
from pipeline.checks.numbers import differences
from pipeline.checks.registry import Finding, check
from pipeline.diagnostics import Location, Severity
from pipeline.document import Document, Segment, State, TranslatedDocument, plain_text, segments


@check("T010", source="the content brief: figures are facts", severity=Severity.ERROR)
def numbers(source: Document, translated: TranslatedDocument, catalog: Catalog) -> Iterator[Finding]:
    """A translation has the figures of its source, no others.

    A wrong dose or rate does harm, and no reader can see that it is wrong. Digits of any script and
    the separators of the language count as the same figure.
    """
    originals = {s.id: s for s in segments(source)}
    seen: set[str] = set()
    for segment in segments(translated.document):
        if segment.id in seen or segment.state is not State.DRAFT or segment.id not in originals:
            continue
        seen.add(segment.id)
        yield from _compare(originals[segment.id], segment, translated.language.tag, catalog)


def _compare(original: Segment, segment: Segment, tag: str, catalog: Catalog) -> Iterator[Finding]:
    entry = catalog.get(segment.id)
    place = Location(catalog.path, entry.line) if catalog.path and entry else None
    for difference in differences(plain_text(original.children), plain_text(segment.children), tag):
        yield Finding(f"“{segment.id}”: {difference}", place, "compare the figures with the original")
