"""The gate: every text of the HTML is on a page, once, and has its place in the structure.

No validator misses a lost footnote, and neither does a reader who has only this copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.diagnostics import RenderError
from pipeline.renderers.pdf.tagging.placing import Place
from pipeline.renderers.pdf.tagging.tree import Annotated, Marked, Tree, seen


def collect(number: int, tags: Mapping[Any, int]) -> None:
    """Put what page `number` (from 0) has painted into its slots. `tags` are its boxes' MCIDs.

    Raises `RenderError` for painted content that has no place in the structure.
    """
    for box, mcid in tags.items():
        place = getattr(box, "place", None)
        text = getattr(box, "text", "")
        if not isinstance(place, Place):
            raise RenderError(f"“{text.strip()[:60] or box.element_tag}” on page {number + 1} is not tagged")
        place.slot.drawn.append(place.text)
        place.slot.content.append(Marked(number, mcid))


def collect_links(tree: Tree, number: int, links: list[Any]) -> None:
    """Put the links of page `number` into their elements."""
    for box in links:
        places = tree.places.get(box.element)
        if places is not None and box.link_annotation is not None:
            places.links.content.append(Annotated(number, box.link_annotation))


def require_every_text(tree: Tree) -> None:
    """Raise `RenderError`, naming the text, if one of the HTML was not painted exactly once."""
    for places in tree.places.values():
        for slot in places.texts:
            if seen(slot.text) != seen("".join(slot.drawn)):
                text = " ".join(slot.text.split())[:80]
                raise RenderError(f"the text “{text}” is not on the pages as it stands in the document")
