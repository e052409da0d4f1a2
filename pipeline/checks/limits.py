"""Limits that a handout sets itself."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.registry import Finding, check
from pipeline.document import Document
from pipeline.editions import Rendition, Target


@check(
    "R020",
    source="source/handouts.toml, max_pages",
    suggestion="shorten the translation, or leave more out in handouts.toml",
)
def pages(target: Target, rendition: Rendition, source: Document) -> Iterator[Finding]:
    """A handout keeps to its number of pages.

    A one-page handout that runs over to a second page is printed on two sheets, and the second one
    is lost. A translation that grew is the usual cause.
    """
    handout = next(h for h in source.handouts if h.id == target.handout)
    limit = dict(handout.max_pages).get(f"{target.format}/{target.edition}/{target.paper}")
    if limit is not None and rendition.pages is not None and rendition.pages > limit:
        yield Finding(
            f"{target.name} has {rendition.pages} pages; its limit is {limit}",
            hint="shorten the translation, or leave more out in handouts.toml",
        )
