"""What a structure element says beside its type: language, alternatives, scope, kind of list, bounds."""

from __future__ import annotations

from typing import Any

import pydyf

from pipeline.renderers.pdf.tagging.roles import Source
from pipeline.renderers.pdf.tagging.tree import Element, Tree

_POINTS = 0.75  # a CSS pixel in pt
_SCOPES = {"col": "/Column", "row": "/Row"}


def entries(element: Element, tree: Tree, heights: list[float]) -> dict[str, Any]:
    """Return the entries of a structure element. `heights` are those of the pages, in CSS pixels.

    PDF/UA-1: 7.2 (language), 7.3 (Alt), 7.5 (Scope), 7.6 (lists), 7.9 (abbreviations: /E).
    """
    source = element.source
    made: dict[str, Any] = {}
    if source is None:
        return made
    if source.get("lang") and source.tag != "html":
        made["Lang"] = pydyf.String(source.get("lang"))
    if source.tag == "abbr" and source.get("title"):
        made["E"] = pydyf.String(source.get("title"))
    if element.role == "Figure":
        made["Alt"] = pydyf.String(source.get("aria-label") or source.get("alt") or "")
    title = _title(source, tree)
    if title:
        made["T"] = pydyf.String(title)
    attributes = [a for a in (_layout(element, heights), _list(element, tree), _cell(element)) if a]
    if attributes:
        made["A"] = attributes[0] if len(attributes) == 1 else pydyf.Array(attributes)
    if element.role == "FENote":
        made["A"] = pydyf.Dictionary({"O": "/FENote", "NoteType": "/Endnote"})
    return made


def _title(source: Source, tree: Tree) -> str:
    """Return the words of the heading that labels a section (ISO 32000-1, table 323: /T)."""
    wanted = source.get("aria-labelledby")
    named = next((s for s in tree.places if wanted and s.get("id") == wanted), None)
    return " ".join("".join(named.itertext()).split()) if named is not None else ""


def _layout(element: Element, heights: list[float]) -> Any:
    made: dict[str, Any] = {}
    source = element.source
    if element.box is not None:
        page, (left, top, right, bottom) = element.box
        corners = (left, heights[page] - bottom, right, heights[page] - top)
        made = {"BBox": pydyf.Array([round(n * _POINTS, 2) for n in corners]), "Placement": "/Block"}
    direction = source.get("dir") if source is not None else None
    if direction and element.role in ("Document", "Sect", "Aside", "Div", "P"):
        made["WritingMode"] = "/RlTb" if direction == "rtl" else "/LrTb"
    return pydyf.Dictionary({"O": "/Layout", **made}) if made else None


def _list(element: Element, tree: Tree) -> Any:
    if element.role != "L" or element.source is None:
        return None
    kinds = {"ul": "/Disc", "ol": "/Decimal", "dl": "/Description" if tree.second else "/None"}
    return pydyf.Dictionary({"O": "/List", "ListNumbering": kinds[element.source.tag]})


def _cell(element: Element) -> Any:
    if element.role not in ("TH", "TD") or element.source is None:
        return None
    made: dict[str, Any] = {}
    if element.role == "TH":
        made["Scope"] = _SCOPES.get(element.source.get("scope"), "/Both")
    return pydyf.Dictionary({"O": "/Table", **made}) if made else None
