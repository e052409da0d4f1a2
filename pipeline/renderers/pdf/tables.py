"""Tables on a printed page: as wide as the page allows, or turned into records."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from pipeline.document import Table, TranslatedDocument, plain_text, walk
from pipeline.editions import Layout
from pipeline.fonts import advance
from pipeline.renderers.elements import element


def fit_tables(body: ET.Element, translated: TranslatedDocument, layout: Layout) -> None:
    """Widen each table to the room of the page; turn one whose words do not fit into records."""
    padding = 1.1 * layout.body_pt
    wide = {t.get("id"): t for t in body.iter("table")}
    for node in walk(translated.document):
        if not isinstance(node, Table) or node.id not in wide:
            continue
        needed = 0.0
        for column in zip(node.head.cells, *(row.cells for row in node.body), strict=True):
            words = (w for cell in column for w in plain_text(cell.children).split())
            needed += max(advance(w, layout.faces, bold=True) for w in words) * layout.body_pt + padding
        if needed <= layout.room_pt:
            wide[node.id].set("class", "wide")
        else:
            _stack(wide[node.id])


def _stack(table: ET.Element) -> None:
    """Turn a table, in place, into records: each row a list of its cells, each with its column's name.

    Words broken to fit narrow columns cannot be read; in giant print a list can (APH, 3.6).
    """
    caption, head, rows = table
    names = [list(cell.itertext()) for cell in head[0]]
    records = [element("p", *caption.itertext(), class_="caption", id=caption.get("id"))]
    for row in rows:
        entries = element("ul", class_="record")
        for name, cell in zip(names, row, strict=True):
            item = element("li", element("strong", *name, ": "))
            item[-1].tail = cell.text
            item.extend(list(cell))
            entries.append(item)
        records.append(entries)
    table.tag, table.attrib = "div", {"id": table.get("id", ""), "class": "records"}
    table[:] = records
