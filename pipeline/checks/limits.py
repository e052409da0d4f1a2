"""Limits that a handout sets itself."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.registry import Finding, check
from pipeline.document import Document, TranslatedDocument, plain_text, segments
from pipeline.editions import Rendition, Target

_NAMED = 5


@check(
    "R020",
    source="source/handouts.toml, max_pages",
    suggestion="shorten the translation, or leave more out in handouts.toml",
)
def pages(
    target: Target, rendition: Rendition, source: Document, translated: TranslatedDocument
) -> Iterator[Finding]:
    """A handout keeps to its number of pages.

    A one-page handout that runs over to a second page is printed on two sheets, and the second one
    is lost. A translation that grew is the usual cause: the segments that grew most are named.
    """
    handout = next(h for h in source.handouts if h.id == target.handout)
    limit = dict(handout.max_pages).get(f"{target.format}/{target.edition}/{target.paper}")
    if limit is not None and target.folder:
        limit += 1  # the page of an organization, which is the back of the sheet
    if limit is not None and rendition.pages is not None and rendition.pages > limit:
        yield Finding(
            f"{target.name} has {rendition.pages} pages; its limit is {limit}",
            hint=_hint(source, translated),
        )


def _hint(source: Document, translated: TranslatedDocument) -> str:
    """Name the segments that are longest beside their source, by the characters that they add."""
    before = {s.id: len(plain_text(s.children)) for s in segments(source)}
    added = {
        s.id: len(plain_text(s.children)) - before[s.id]
        for s in segments(translated.document)
        if s.id in before
    }
    grown = [name for name in sorted(added, key=lambda name: -added[name])[:_NAMED] if added[name] > 0]
    most = ", ".join(f"{name} (+{added[name]})" for name in grown)
    advice = "leave more out in handouts.toml"
    return f"shorten what grew most, in characters: {most}; or {advice}" if most else advice
