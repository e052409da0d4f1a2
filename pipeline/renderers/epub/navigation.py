"""The navigation document: contents, landmarks, list of the printed pages."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from pipeline.document import Segment, plain_text
from pipeline.renderers.elements import Content, element
from pipeline.renderers.phrases import voice


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents; `level` is 1 or 2."""

    title: Segment
    address: str
    level: int


def navigation(
    entries: list[Entry], pages: list[tuple[int, str]], to: Content, *, notes: str
) -> list[ET.Element]:
    """Return the elements of nav.xhtml (EPUB 3.3, 7.4). `notes` is the file of the endnotes, or ""."""
    landmarks = [
        ("cover", to.labels["cover"], "cover.xhtml"),
        ("toc", to.labels["contents"], "nav.xhtml"),
        ("bodymatter", to.labels["start"], entries[min(1, len(entries) - 1)].address),
    ]
    made = [
        _nav("toc", to.labels["contents"], _tree(entries, to), role="doc-toc"),
        _nav("landmarks", to.labels["start"], [_line(t, a, kind) for kind, t, a in landmarks], hidden=True),
    ]
    if notes:
        title = next(e.title for e in entries if e.address == notes)
        made[1][1].append(_spoken_line(title, notes, to, kind="endnotes"))
    if pages:
        lines = [_line(to.language.localize_digits(str(n)), address) for n, address in pages]
        made.append(_nav("page-list", to.labels["pages"], lines, role="doc-pagelist", hidden=True))
    return made


def _nav(
    kind: str, title: str, lines: list[ET.Element], *, role: str | None = None, hidden: bool = False
) -> ET.Element:
    name = f"{kind}-title"
    nav = element(
        "nav", element("h1", title, id=name), element("ol", *lines), role=role, aria_labelledby=name
    )
    nav.set("epub:type", kind)
    if hidden:
        nav.set("hidden", "hidden")
    return nav


def _tree(entries: list[Entry], to: Content) -> list[ET.Element]:
    lines: list[ET.Element] = []
    for entry in entries:
        line = _spoken_line(entry.title, entry.address, to)
        if entry.level == 1 or not lines:
            lines.append(line)
            continue
        if len(lines[-1]) < 2:
            lines[-1].append(element("ol"))
        lines[-1][1].append(line)
    return lines


def _line(title: str, address: str, kind: str = "") -> ET.Element:
    link = element("a", title, href=address)
    if kind:
        link.set("epub:type", kind)
    return element("li", link)


def _spoken_line(title: Segment, address: str, to: Content, *, kind: str = "") -> ET.Element:
    """Return a line in the language of its words, which may not be translated yet."""
    line = _line(plain_text(title.children), address, kind)
    line[0].attrib.update({name: value for name, value in voice(title, to).items() if value})
    return line
