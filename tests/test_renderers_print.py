"""PDF and Word: the structure that assistive technology reads, by pikepdf and lxml."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from rendered import CASES, W, alternatives_of, made, package, translated, xml

from pipeline.document import Heading, plain_text, walk

every_case = pytest.mark.parametrize(("tag", "edition"), CASES)


# --- PDF ----------------------------------------------------------------------------------------


@cache
def opened(tag: str, edition: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made(tag, edition, "pdf").data))


def tree(node: Any) -> Iterator[Any]:
    """Yield the structure elements below `node`, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from tree(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from tree(node["/K"])


@cache
def elements(tag: str, edition: str) -> list[Any]:
    return list(tree(opened(tag, edition).Root.StructTreeRoot))


def kinds(tag: str, edition: str) -> list[str]:
    return [str(e.S)[1:] for e in elements(tag, edition)]


@every_case
def test_the_pdf_says_its_title_and_its_language(tag: str, edition: str) -> None:
    pdf, front = opened(tag, edition), translated(tag).document.front
    assert str(pdf.Root.Lang) == tag
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == plain_text(front.title.children)
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")


@every_case
def test_the_headings_of_the_pdf_leave_no_gap(tag: str, edition: str) -> None:
    levels = [int(kind[1]) for kind in kinds(tag, edition) if re.fullmatch(r"H[1-6]", kind)]
    contents = [2]
    wanted = [h.level for h in walk(translated(tag).document) if isinstance(h, Heading)]
    assert levels == [1, *contents, *wanted]
    assert all(b - a <= 1 for a, b in pairwise(levels))


@every_case
def test_the_pictures_of_the_pdf_have_their_alternative_texts(tag: str, edition: str) -> None:
    found = [str(e.Alt) for e in elements(tag, edition) if e.S == "/Figure"]
    assert found == alternatives_of(translated(tag))


@every_case
def test_lists_and_tables_of_the_pdf_are_tagged(tag: str, edition: str) -> None:
    found = kinds(tag, edition)
    assert found.count("L") >= 6
    assert found.count("Lbl") >= 10
    assert found.count("Table") == 1, "also where large letters set it as records"
    heads = {str(e.ID) for e in elements(tag, edition) if e.S == "/TH"}
    cells = [[str(h) for h in e.A.Headers] for e in elements(tag, edition) if e.S == "/TD"]
    assert len(cells) == 4
    assert all(len(own) == 2 and set(own) <= heads for own in cells), "each has a row's and a column's head"


def bodies(tag: str, edition: str) -> list[bool]:
    """Say of each item of a list whether all of it but its mark is its body (ISO 32000-1, table 336)."""
    items = [e for e in elements(tag, edition) if e.S == "/LI"]
    return [{str(child.S) for child in item.K} <= {"/Lbl", "/LBody"} for item in items]


@every_case
def test_all_items_of_the_pdf_have_a_mark_and_a_body(tag: str, edition: str) -> None:
    assert all(bodies(tag, edition))


@every_case
def test_the_links_of_the_pdf_have_targets_and_words(tag: str, edition: str) -> None:
    pdf = opened(tag, edition)
    root: Any = pdf.Root
    known = {str(name) for name in list(root.Names.Dests.Names)[::2]}
    addresses, inside = set(), 0
    for sheet in pdf.pages:
        for link in sheet.get("/Annots", []):
            assert str(link.Contents).strip()
            if "/A" in link and "/URI" in link.A:
                addresses.add(str(link.A.URI))
            else:
                goal = link.Dest if "/Dest" in link else link.A.D
                assert isinstance(goal, pikepdf.Array) or str(goal) in known
                inside += 1
    assert addresses == {"https://example.org/tea?a=1&b=2", "mailto:tea@example.org"}
    assert inside > 10


@every_case
def test_the_pdf_holds_its_fonts_and_nothing_that_runs(tag: str, edition: str) -> None:
    pdf = opened(tag, edition)
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root.keys())
    assert "/JavaScript" not in pdf.Root.get("/Names", {})
    assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
    for sheet in pdf.pages:
        for font in sheet.Resources.get("/Font", {}).values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert {"/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys())
            assert "/ToUnicode" in font


@every_case
def test_the_pages_of_the_pdf_are_counted(tag: str, edition: str) -> None:
    rendition = made(tag, edition, "pdf")
    assert rendition.pages == len(opened(tag, edition).pages)
    assert set(rendition.page_of.values()) <= set(range(1, (rendition.pages or 0) + 1))
    assert rendition.page_of["opening"] <= rendition.page_of["shown-after"] <= rendition.page_of["first-text"]


# --- Word ---------------------------------------------------------------------------------------


@cache
def body(tag: str, edition: str) -> Any:
    return xml(package(made(tag, edition, "docx").data)["word/document.xml"])


@every_case
def test_the_headings_of_the_word_file_leave_no_gap(tag: str, edition: str) -> None:
    styles = [node.get(f"{W}val") for node in body(tag, edition).iter(f"{W}pStyle")]
    levels = [int(s.removeprefix("Heading")) for s in styles if re.fullmatch(r"Heading\d", s)]
    assert styles.count("Title") == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    wanted = [h.level - 1 for h in walk(translated(tag).document) if isinstance(h, Heading)]
    assert levels[-len(wanted) :] == wanted


@every_case
def test_the_links_of_the_word_file_have_targets_and_words(tag: str, edition: str) -> None:
    root, prefix = body(tag, edition), "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    marks = [node.get(f"{W}name") for node in root.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks))
    members = package(made(tag, edition, "docx").data)
    related = {r.get("Id"): r.get("Target") for r in xml(members["word/_rels/document.xml.rels"])}
    addresses = set()
    for link in root.iter(f"{W}hyperlink"):
        assert "".join(t.text or "" for t in link.iter(f"{W}t")).strip()
        if link.get(f"{W}anchor"):
            assert link.get(f"{W}anchor") in marks
        else:
            addresses.add(related[link.get(f"{prefix}id")])
    assert addresses == {"https://example.org/tea?a=1&b=2", "mailto:tea@example.org"}


@every_case
def test_the_table_of_the_word_file_has_its_head(tag: str, edition: str) -> None:
    for table in body(tag, edition).iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
        assert not list(table.iter(f"{W}gridSpan", f"{W}vMerge"))
        assert (table.find(f"{W}tblPr/{W}bidiVisual") is not None) == (tag == "ar")
