"""What rules for web pages and for e-books look at alike: parts of a page, as lxml reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.languages import language

_PLACEHOLDERS = frozenset("alt cover figure graphic image img photo picture svg".split())
_SHORTEST = 4
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)


def local_name(node: Any) -> str:
    """Return an element's name without its namespace; "" for a comment."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def is_placeholder(alt: str | None) -> bool:
    """Whether a description is missing or says nothing."""
    text = (alt or "").strip()
    return len(text) < _SHORTEST or text.lower() in _PLACEHOLDERS


def undirected(tree: Any) -> Iterator[str]:
    """Yield each part in a language that runs the other way and does not say so."""
    for node in tree.iterdescendants("*"):
        tag = node.get("lang")
        if not tag:
            continue
        above = (n.get("dir") for n in (node, *node.iterancestors()))
        around = next((found for found in above if found), "ltr")
        if around != language(tag).direction:
            yield f"text in {tag} runs {around}: “{_text(node)}”"


def table_faults(table: Any, space: str = "") -> Iterator[str]:
    """Yield what a table lacks: a caption, headers, their scope. `space` is the elements' namespace."""
    caption = table.find(f"{space}caption")
    if caption is None or not _text(caption):
        yield "a table has no caption"
    rows = list(table.iter(f"{space}tr"))
    if not rows or any(h.tag != f"{space}th" or h.get("scope") != "col" for h in rows[0]):
        yield f"a column of “{_text(table)}” has no header with its scope"
    if any(len(row) and (row[0].tag != f"{space}th" or row[0].get("scope") != "row") for row in rows[1:]):
        yield f"a row of “{_text(table)}” has no header with its scope"


def active(tree: Any) -> Iterator[str]:
    """Yield what would run or be fetched: scripts but data (JSON-LD), event attributes, remote resources."""
    for node in tree.iter("*"):
        name = local_name(node)
        if name == "script" and (node.get("type") != "application/ld+json" or node.get("src")):
            yield "a script"
        elif name in ("iframe", "object", "embed", "form", "base"):
            yield f"an element {name}"
        for key, value in node.attrib.items():
            attribute = key.rpartition("}")[2]
            if attribute.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{name} runs something ({attribute})"
            fetched = attribute in ("src", "srcset", "poster", "data") or (
                attribute == "href" and name not in ("a",)
            )
            if fetched and _REMOTE.match(value):
                yield f"{name} fetches {value}"


def _text(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())[:40]
