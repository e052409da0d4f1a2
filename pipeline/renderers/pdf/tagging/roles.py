"""Which structure type an HTML element becomes: a table, and the few that depend on their place.

The type follows the element, never the box that the layout made of it, so that a table laid out as
records is a Table still (PDF/UA-1, 7.1: content is tagged by what it means).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

# An element of the page that WeasyPrint has parsed: xml.etree's, with its way of comparing.
Source: TypeAlias = Any

# PDF 1.7 (ISO 32000-1, 14.8.4). An element that is not named here has no structure of its own.
_ROLES: Mapping[str, str] = MappingProxyType(
    {
        **{f"h{level}": f"H{level}" for level in range(1, 7)},
        "body": "Document",
        "section": "Sect",
        "nav": "Sect",
        "header": "Div",
        "div": "Div",
        "figure": "Div",
        "blockquote": "BlockQuote",
        "p": "P",
        "ul": "L",
        "ol": "L",
        "dl": "L",
        "li": "LI",
        "dt": "Lbl",
        "dd": "LBody",
        "table": "Table",
        "caption": "Caption",
        "thead": "THead",
        "tbody": "TBody",
        "tr": "TR",
        "th": "TH",
        "td": "TD",
        "figcaption": "Caption",
        "img": "Figure",
        "a": "Link",
        "strong": "Strong",
        "em": "Em",
    }
)

# PDF 2.0 (ISO 32000-2, 14.8.4) knows an aside, and lets a caption stand in no Div (ISO 32005).
_ROLES_2 = {"figure": "Sect"}

# Types that the namespace of PDF 2.0 has no more.
ONLY_17 = frozenset({"BlockQuote", "Note", "Reference", "TOC", "TOCI"})

# Types that PDF 1.7 does not know, and what it may take them for (ISO 32000-1, 14.8.4.2).
MAPPED_17 = {"Strong": "Span", "Em": "Span"}

# What holds blocks alone: text directly in it becomes a paragraph (PDF/UA-1, 7.1).
CONTAINERS = frozenset({"Document", "Sect", "Div", "Aside", "BlockQuote", "Note", "FENote"})
INLINE = frozenset({"Link", "Reference", "Span", "Strong", "Em"})


def role_of(source: Source, ancestors: tuple[Source, ...], *, second: bool) -> str | None:
    """Return the structure type of an element, or None if its content belongs to its parent.

    `second` is whether the file is PDF 2.0.
    """
    special = _special(source, ancestors, second=second)
    if special:
        return special
    name = source.tag
    if name == "a" and not source.get("href"):
        return None
    own = (_ROLES_2.get(name) if second else None) or _ROLES.get(name)
    return own or ("Span" if is_marked(source) else None)


def is_marked(source: Source) -> bool:
    """Return whether an element says something that only a structure element can say."""
    return bool(source.get("lang")) or (source.tag == "abbr" and bool(source.get("title")))


def _special(source: Source, ancestors: tuple[Source, ...], *, second: bool) -> str | None:
    """Return the type of an element that its role, its class or its place decides."""
    name, aria = source.tag, source.get("role", "")
    parent = ancestors[-1] if ancestors else None
    if name == "li" and parent is not None and is_notes(parent):
        return "FENote" if second else "Note"
    if is_notes(source):
        return "Div"
    if "note-number" in classes(source):
        return "Lbl"
    if name in ("ol", "li") and any(a.get("role") == "doc-toc" for a in ancestors):
        return "TOC" if name == "ol" else "TOCI"
    if aria == "img":
        return "Figure"
    if name == "div" and aria in ("note", "group"):
        return "Aside" if second else "Sect"
    return None


def is_notes(source: Source) -> bool:
    """Return whether an element is the list of the endnotes."""
    return source.tag == "ol" and "notes" in classes(source)


def classes(source: Source) -> list[str]:
    """Return the classes of an element."""
    return str(source.get("class", "")).split()
