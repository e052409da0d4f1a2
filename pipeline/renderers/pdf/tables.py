"""Tables on a printed page: as wide as the page allows, or set as records."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from pipeline.document import Table, TranslatedDocument, plain_text, walk
from pipeline.editions import Layout
from pipeline.fonts import advance


def fit_tables(body: ET.Element, translated: TranslatedDocument, layout: Layout) -> None:
    """Widen each table to the room of the page; set one whose words do not fit as records.

    Words broken to fit narrow columns cannot be read; in giant print a list can (APH, 3.6). The table
    stays a table, for who hears it: only its look changes.
    """
    padding = 1.1 * layout.body_pt
    wide = {t.get("id"): t for t in body.iter("table")}
    for node in walk(translated.document):
        if not isinstance(node, Table) or node.id not in wide:
            continue
        needed = 0.0
        for column in zip(node.head.cells, *(row.cells for row in node.body), strict=True):
            words = (w for cell in column for w in plain_text(cell.children).split())
            needed += max(advance(w, layout.faces, bold=True) for w in words) * layout.body_pt + padding
        wide[node.id].set("class", "wide" if needed <= layout.room_pt else "records")
