"""Tables: real ones where they fit the page at the edition's size, else each row as a short list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.document import Row, Segment, Table, plain_text
from pipeline.fonts import advance
from pipeline.renderers.docx.inlines import Word, bookmark, inlines
from pipeline.renderers.docx.measures import PRIMARY, body_pt, shade
from pipeline.renderers.docx.ooxml import Element, clean, element, properties, twips
from pipeline.renderers.docx.paragraphs import amend, anchor_at, gap, paragraph, segment
from pipeline.renderers.docx.runs import LABEL, runs

_PADDING, _TIGHT_PADDING = 0.4, 0.2

# Word breaks a line at spaces and behind hyphens and dashes.
_UNBROKEN = re.compile(r"[^\s\-‐–—/]+[\-‐–—/]?")


def table(node: Table, to: Word) -> Iterator[Element]:
    """Yield the caption and the table, or the caption and the rows as lists when it does not fit."""
    caption = segment(node.caption, "caption", to)
    anchor_at(caption, node.id, to)
    yield caption
    size, measure = body_pt(to.layout), to.layout.measure_pt
    for room, padding in ((measure, _PADDING * size), (to.layout.room_pt, _TIGHT_PADDING * size)):
        widths = _widths(node, to, room, padding)
        if widths:
            yield _grid(node, to, widths, padding)
            return
    yield from _lists(node, to)


def _widths(node: Table, to: Word, room: float, padding: float) -> list[float]:
    """Return the widths of the columns, in pt; none if the longest words do not fit side by side."""
    size, faces = body_pt(to.layout), to.layout.faces

    def wide(words: str) -> float:
        return advance(words, faces, bold=True) * size

    least, wanted = [], []
    for column in zip(node.head.cells, *(row.cells for row in node.body), strict=True):
        texts = [plain_text(cell.children) for cell in column]
        words = [word for t in texts for word in _UNBROKEN.findall(t)]
        # A hair more than the word, for programs that round the widths of letters.
        least.append(max(map(wide, words), default=0.0) * 1.02 + 2 * padding)
        wanted.append(max(map(wide, texts)) + 2 * padding)
    spare = room - sum(least)
    if spare < 0:
        return []
    extra = [w - m for w, m in zip(wanted, least, strict=True)]
    share = min(1.0, spare / sum(extra)) if sum(extra) else 0.0
    widths = [m + e * share for m, e in zip(least, extra, strict=True)]
    rest = (room - sum(widths)) / len(widths)
    return [width + rest for width in widths]


def _grid(node: Table, to: Word, widths: list[float], padding: float) -> Element:
    title = clean(plain_text(node.caption.children))
    heads = ", ".join(clean(plain_text(cell.children)) for cell in node.head.cells)
    # Edges in the margins: a table wider than the text reaches out equally on both sides.
    over = (sum(widths) - to.layout.measure_pt) / 2
    margins = (element(f"w:{side}", w=twips(padding), type="dxa") for side in ("left", "right"))
    look = {"firstRow": 1, "lastRow": 0, "firstColumn": 1, "lastColumn": 0, "noHBand": 1, "noVBand": 1}
    return element(
        "w:tbl",
        properties(
            "w:tblPr",
            (
                element("w:tblStyle", val="LeafletTable"),
                element("w:bidiVisual") if to.rtl else None,
                element("w:tblW", w=twips(sum(widths)), type="dxa"),
                element("w:tblInd", w=-twips(over), type="dxa"),
                element("w:tblLayout", type="fixed"),
                element("w:tblCellMar", *margins),
                element("w:tblLook", val="06A0", **look),
                element("w:tblCaption", val=title),
                element("w:tblDescription", val=heads),
            ),
        ),
        element("w:tblGrid", *(element("w:gridCol", w=twips(width)) for width in widths)),
        _row(node.head, to, widths, head=True, together=True),
        *(
            _row(row, to, widths, together=row is not node.body[-1] and not to.layout.edition.stacked)
            for row in node.body
        ),
    )


def _row(
    row: Row, to: Word, widths: Sequence[float], *, head: bool = False, together: bool = False
) -> Element:
    """Return a row; `together` keeps it on one page with the next row."""
    made = element(
        "w:tr", properties("w:trPr", (element("w:cantSplit"), element("w:tblHeader") if head else None))
    )
    for index, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
        style = "Table Head" if head else "Table Text" if index else "Table Row Head"
        own = properties(
            "w:tcPr",
            (
                element("w:tcW", w=twips(width), type="dxa"),
                shade(PRIMARY) if head else None,
                element("w:vAlign", val="bottom") if head else None,
            ),
        )
        made.append(
            element("w:tc", own, segment(cell, style, to, element("w:keepNext") if together else None))
        )
    return made


def _lists(node: Table, to: Word) -> Iterator[Element]:
    """Yield each row as a heading cell and lines of "column: cell", with the columns named once before."""
    names: list[Element] = []
    for cell in node.head.cells:
        separator = runs(" · ", to.voice) if names else []
        names.extend((*separator, *bookmark(cell.id, inlines(cell.children, to.voice, to), to)))
    yield paragraph("Stacked Columns", names, to)
    for row in node.body:
        first, *rest = row.cells
        yield segment(first, "Stacked Row", to)
        for head, cell in zip(node.head.cells[1:], rest, strict=True):
            last = cell is rest[-1]
            made = segment(cell, "Stacked Cell", to, lead=_label(head, to))
            amend(
                made,
                None if last else element("w:keepNext"),
                gap(to, after=1) if last and row is node.body[-1] else None,
            )
            yield made


def _label(head: Segment, to: Word) -> list[Element]:
    """Return a column's heading as the label of one cell; the heading's own bookmark stands elsewhere."""
    bold = replace(to.voice, style=LABEL, linked=True)
    return [*inlines(head.children, bold, to), *runs(": ", bold)]
