"""Links: one annotation for each line of a link, said in words (PDF/UA-1, 7.18.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pydyf

from pipeline.renderers.pdf.tagging.roles import Source


def named(add: Callable[..., None]) -> Callable[..., None]:
    """Return WeasyPrint's `add_links`, with words for each link and no second one for what is in it."""

    def add_links(links_and_anchors: Any, matrix: Any, pdf: Any, page: Any, names: Any, tags: Any) -> None:
        links, anchors = links_and_anchors
        own = [link for link in links if is_own(link[3])]
        add((own, anchors), matrix, pdf, page, names, tags)
        for *_, box in own:
            if tags is not None and box.link_annotation is not None:
                box.link_annotation["Contents"] = pydyf.String(words(box.element))

    return add_links


def is_own(box: Any) -> bool:
    """Return whether a box is a link's own: not that of its ::after, or of an element inside."""
    return box.element.tag == "a" and "::" not in (box.element_tag or "")


def words(source: Source) -> str:
    """Return what a link is called: its label, its title, or its text."""
    text = " ".join("".join(source.itertext()).split())
    return str(source.get("aria-label") or source.get("title") or text)
