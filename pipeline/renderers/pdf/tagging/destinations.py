"""Where links and bookmarks of PDF 2.0 lead: to elements of the structure (PDF/UA-2, 8.8)."""

from __future__ import annotations

from typing import Any

import pydyf

from pipeline.renderers.pdf.tagging.emit import Emission


def write_destinations(state: Emission) -> None:
    """Let every link, bookmark and entry of the contents name the element that it leads to."""
    goals = {
        str(source.get("id")): state.objects[places.element]
        for source, places in state.tree.places.items()
        if source.get("id") and places.element in state.objects
    }
    names = state.pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
    spots = {name.string: spot for name, spot in zip(names[::2], names[1::2], strict=True)}
    for annotation, _ in state.annotations:
        if "Dest" in annotation:
            name = annotation.pop("Dest").string
            annotation["A"] = _go_to(spots[name], goals[name])
    for index, name in enumerate(names[::2]):
        spot, goal = names[2 * index + 1], goals[name.string]
        names[2 * index + 1] = pydyf.Dictionary({"D": spot, "SD": _at(spot, goal)})
    _write_bookmarks(state)
    _write_references(state, goals)


def _at(spot: Any, goal: Any) -> Any:
    return pydyf.Array([goal.reference, *spot[1:]])


def _go_to(spot: Any, goal: Any) -> Any:
    return pydyf.Dictionary({"Type": "/Action", "S": "/GoTo", "D": spot, "SD": _at(spot, goal)})


def _write_bookmarks(state: Emission) -> None:
    """Bookmarks are the headings, in order."""
    objects = state.pdf.objects
    entries: list[Any] = [o for o in objects if isinstance(o, dict)]
    marks = [o for o in entries if {"Title", "Dest", "Parent"} <= o.keys()]
    by_reference = {mark.reference: mark for mark in marks}
    headings = [e for e in state.tree.elements() if e.role[:1] == "H" and e.role[1:].isdigit()]
    ordered: list[Any] = []

    def follow(reference: Any) -> None:
        while reference in by_reference:
            mark = by_reference[reference]
            ordered.append(mark)
            follow(mark.get("First"))
            reference = mark.get("Next")

    roots = [o for o in entries if o.reference == state.pdf.catalog.get("Outlines")]
    follow(roots[0]["First"] if roots else None)
    for mark, heading in zip(ordered, headings, strict=True):
        mark["A"] = _go_to(mark.pop("Dest"), state.objects[heading])


def _write_references(state: Emission, goals: dict[str, Any]) -> None:
    """Let entries of the contents and calls of notes refer to what they speak of (/Ref)."""
    for element in state.tree.elements():
        source = element.source
        if source is None or source.tag not in ("a", "li"):
            continue
        links = [a for a in source.iter("a") if a.get("href", "").startswith("#")]
        if (element.role == "TOCI" or source.get("role") == "doc-noteref") and links:
            goal = goals[links[0].get("href")[1:]]
            state.objects[element]["Ref"] = pydyf.Array([goal.reference])
            if goal["S"] == "/FENote":
                goal.setdefault("Ref", pydyf.Array()).append(state.objects[element].reference)
