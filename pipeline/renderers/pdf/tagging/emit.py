"""The structure tree as objects of a PDF: StructTreeRoot, ParentTree, IDTree, RoleMap, namespaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pydyf

from pipeline.renderers.pdf.tagging.attributes import entries
from pipeline.renderers.pdf.tagging.roles import MAPPED_17, ONLY_17
from pipeline.renderers.pdf.tagging.tree import Annotated, Element, Marked, Slot, Tree

_NAMESPACE_2 = "http://iso.org/pdf2/ssn"
_NAMESPACE_17 = "http://iso.org/pdf/ssn"
_IDENTIFIED = {"TH": "th", "Note": "note", "FENote": "note"}


@dataclass(slots=True)
class Emission:
    """What is known while a tree is written: the object of each element, the IDs, the parents."""

    pdf: Any
    tree: Tree
    heights: list[float]
    objects: dict[Element, Any] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    parents: list[dict[int, Any]] = field(default_factory=list)
    annotations: list[tuple[Any, Any]] = field(default_factory=list)
    namespaces: dict[str, Any] = field(default_factory=dict)


def emit(pdf: Any, tree: Tree, heights: list[float]) -> Emission:
    """Write the structure of `tree` into `pdf`. `heights` are those of its pages, in CSS pixels."""
    state = Emission(pdf, tree, heights, parents=[{} for _ in heights])
    root = _object(pdf, {"Type": "/StructTreeRoot"})
    pdf.catalog["StructTreeRoot"] = root.reference
    if tree.second:
        _write_namespaces(root, state)
    _allocate(tree.root, root, state)
    for element in tree.elements():
        _fill(element, state)
    _write_headers(state)
    root["K"] = pydyf.Array([state.objects[tree.root].reference])
    root["ParentTree"] = _parent_tree(state).reference
    used = {element.role for element in state.objects}
    if not tree.second and used & MAPPED_17.keys():
        root["RoleMap"] = pydyf.Dictionary({k: f"/{v}" for k, v in MAPPED_17.items() if k in used})
    if state.ids:
        pairs = [part for name in sorted(state.ids) for part in (pydyf.String(name), state.ids[name])]
        root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(pairs)})
    return state


def _object(pdf: Any, entries: dict[str, Any]) -> Any:
    made = pydyf.Dictionary(entries)
    pdf.add_object(made)
    return made


def _write_namespaces(root: Any, state: Emission) -> None:
    for name in (_NAMESPACE_2, _NAMESPACE_17):
        state.namespaces[name] = _object(state.pdf, {"Type": "/Namespace", "NS": pydyf.String(name)})
    root["Namespaces"] = pydyf.Array([n.reference for n in state.namespaces.values()])


def _allocate(element: Element, parent: Any, state: Emission) -> None:
    made = _object(state.pdf, {"Type": "/StructElem", "S": f"/{element.role}", "P": parent.reference})
    if state.namespaces:
        name = _NAMESPACE_17 if element.role in ONLY_17 else _NAMESPACE_2
        made["NS"] = state.namespaces[name].reference
    state.objects[element] = made
    for kid in element.kids:
        if isinstance(kid, Element) and kid.full:
            _allocate(kid, made, state)


def _fill(element: Element, state: Emission) -> None:
    made = state.objects[element]
    made.update(entries(element, state.tree, state.heights))
    prefix = _IDENTIFIED.get(element.role)
    if prefix:
        # Counted in reading order, so that an element has one ID in every edition.
        name = f"{prefix}-{len(state.ids) + 1:04d}"
        made["ID"] = pydyf.String(name)
        state.ids[name] = made.reference
    kids = pydyf.Array()
    for kid in element.kids:
        if isinstance(kid, Slot):
            kids.extend(_content(kid, made, state))
        elif kid in state.objects:
            kids.append(state.objects[kid].reference)
    made["K"] = kids


def _content(slot: Slot, made: Any, state: Emission) -> list[Any]:
    kids: list[Any] = []
    for part in slot.content:
        page = state.pdf.page_references[part.page]
        match part:
            case Marked(number, mcid):
                state.parents[number][mcid] = made.reference
                if made.setdefault("Pg", page) == page:
                    kids.append(mcid)
                else:
                    kids.append(pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": mcid}))
            case Annotated(_, annotation):
                state.annotations.append((annotation, made.reference))
                kids.append(pydyf.Dictionary({"Type": "/OBJR", "Pg": page, "Obj": annotation.reference}))
    return kids


def _parent_tree(state: Emission) -> Any:
    """Return the way back from content to elements; first the pages, then the links."""
    numbers = pydyf.Array()
    for number, parents in enumerate(state.parents):
        numbers.extend([number, pydyf.Array([parents[mcid] for mcid in sorted(parents)])])
    for number, (annotation, parent) in enumerate(state.annotations, start=len(state.parents)):
        annotation["StructParent"] = number
        numbers.extend([number, parent])
    return _object(state.pdf, {"Nums": numbers})


def _write_headers(state: Emission) -> None:
    """Name for each cell the heads of its column and its row, beside their Scope (PDF/UA-1, 7.5)."""
    for table in (e for e in state.objects if e.role == "Table"):
        rows = [_cells(row) for row in _below(table, "TR")]
        for row in rows[1:]:
            heads = [cell for cell in row if cell.role == "TH"]
            for column, cell in enumerate(row):
                if cell.role == "TD":
                    over = [rows[0][column]] if column < len(rows[0]) else []
                    names = [state.objects[head]["ID"] for head in (*heads, *over) if head.role == "TH"]
                    made = {"O": "/Table", "Headers": pydyf.Array(names)}
                    state.objects[cell]["A"] = pydyf.Dictionary(made)


def _below(element: Element, role: str) -> list[Element]:
    kids = [kid for kid in element.kids if isinstance(kid, Element)]
    return [e for kid in kids for e in ([kid] if kid.role == role else _below(kid, role))]


def _cells(row: Element) -> list[Element]:
    return [kid for kid in row.kids if isinstance(kid, Element) and kid.role in ("TH", "TD")]
