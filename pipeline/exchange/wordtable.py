"""A catalog as a table in Word, for translators who use nothing else, and back.

One row a segment: its id, the source, the translation, notes, the status. The translator types into
the third column, and writes into the last one what still needs work. It is read from the package
itself, so that what Word adds (tracked changes, spelling marks, split runs) does no harm.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from pipeline.catalogs import Catalog, Entry
from pipeline.diagnostics import Location, TranslationError
from pipeline.exchange.merging import Incoming
from pipeline.exchange.xml import parse_xml
from pipeline.languages import Language

HEADINGS = ("Segment", "Source", "Translation", "Notes", "Status")
DONE, WORK, OPEN = "done", "needs work", "to do"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WIDTHS_MM = (32, 78, 78, 45, 24)
_LARGEST = 50_000_000
_GUIDE = (
    "Type each translation into the third column. Leave the first two columns as they are, and keep what "
    'stands in angle brackets, such as <term id="gene">…</term>, around the same words. '
    f"Write “{DONE}” into the last column when a row is finished, or “{WORK}” when it is not."
)


def format_word(catalog: Catalog, *, source: Language, target: Language, title: str) -> bytes:
    """Return the Word file of a catalog's entries in use."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.title = title
    document.core_properties.language = source.tag
    heading = document.add_heading(title, level=1)
    heading.runs[0].font.color.rgb = RGBColor(0, 0, 0)  # the template's blue is too pale
    document.add_paragraph(_GUIDE)
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    table.autofit = False
    _repeat(table.rows[0])
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    for entry in catalog.entries:
        if entry.context is not None and not entry.obsolete:
            _add_row(table, entry, target)
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS_MM, strict=True):
            cell.width = Mm(width)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_row(table: Any, entry: Entry, target: Language) -> None:
    status = WORK if entry.fuzzy else DONE if entry.translation else OPEN
    notes = "\n".join((*entry.extracted_comments, *entry.translator_comments))
    texts = (str(entry.context), entry.id, entry.translation, notes, status)
    cells = table.add_row().cells
    for cell, text in zip(cells, texts, strict=True):
        cell.paragraphs[0].add_run(text)
    paragraph = cells[2].paragraphs[0]
    run = paragraph.runs[0]
    language = OxmlElement("w:lang")
    for slot in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(slot), target.regional)
    run._r.get_or_add_rPr().append(language)
    if target.rtl:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run._r.get_or_add_rPr().insert(0, OxmlElement("w:rtl"))


def _repeat(row: Any) -> None:
    """Mark a row as the table's header, which Word repeats on each page and screen readers speak."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def read_word(data: bytes, shown: PurePath) -> tuple[Incoming, ...]:
    """Return the translations of a Word table. Raises `TranslationError` if the file holds none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            info = package.getinfo("word/document.xml")
            if info.file_size > _LARGEST:
                raise TranslationError("the document is too large", location=Location(shown))
            root = parse_xml(package.read(info), shown)
    except (zipfile.BadZipFile, KeyError) as error:
        raise TranslationError("this is no Word document (.docx)", location=Location(shown)) from error
    for table in root.iter(f"{_W}tbl"):
        rows = [_cells(row) for row in table.iter(f"{_W}tr")]
        if rows and tuple(cell.strip() for cell in rows[0]) == HEADINGS:
            return tuple(_incoming(cells, number) for number, cells in enumerate(rows[1:], start=2))
    raise TranslationError(
        "the document has no table of translations",
        location=Location(shown),
        hint=f"its first row must read: {', '.join(HEADINGS)}",
    )


def _incoming(cells: list[str], number: int) -> Incoming:
    padded = [*cells, *[""] * len(HEADINGS)]
    segment, source, translation, _, status = padded[: len(HEADINGS)]
    word = re.sub(r"\s+", " ", status).strip().casefold()
    fuzzy = {DONE: False, WORK: True}.get(word)
    return Incoming(f"row {number}", segment.strip(), source, translation.strip(), fuzzy)


def _cells(row: Any) -> list[str]:
    return ["\n".join(_paragraphs(cell)) for cell in row.iter(f"{_W}tc")]


def _paragraphs(cell: Any) -> Iterator[str]:
    for paragraph in cell.iter(f"{_W}p"):
        yield "".join(_text(node) for node in paragraph.iter() if not _is_deleted(node))


def _text(node: Any) -> str:
    name = etree.QName(node).localname if isinstance(node.tag, str) else ""
    match name:
        case "t":
            return node.text or ""
        case "tab":
            return " " if etree.QName(node.getparent()).localname == "r" else ""
        case "br" | "cr":
            return " "
        case "noBreakHyphen":
            return "\u2011"
        case _:
            return ""


def _is_deleted(node: Any) -> bool:
    """Whether a tracked change took the text out."""
    return any(a.tag in (f"{_W}del", f"{_W}moveFrom") for a in node.iterancestors())
