"""The e-book's package: what it lists it holds, and its navigation leads everywhere."""

from __future__ import annotations

import posixpath
import re
import unicodedata
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from rendered import CASES, OPF, ROOT, TYPE, books, layout, made, package, spine, translated, xml

from pipeline.document import Section
from pipeline.renderers import FORMATS, Companions

every_case = pytest.mark.parametrize(("tag", "edition"), CASES)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@every_case
def test_the_package_holds_what_it_lists(tag: str, edition: str) -> None:
    data = made(tag, edition, "epub").data
    with zipfile.ZipFile(BytesIO(data)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.testzip() is None
    members = package(data)
    assert members["mimetype"] == b"application/epub+zip"
    root = xml(members["EPUB/content.opf"])
    listed = [f"EPUB/{i.get('href')}" for i in root.iter(f"{OPF}item")]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == members.keys() - {"mimetype", "META-INF/container.xml", "EPUB/content.opf"}
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    authors = [node.text for node in root.iter("{http://purl.org/dc/elements/1.1/}creator")]
    assert authors == ["Ada Writer", "Ben Author"]
    assert root.get(XML_LANG) == tag
    assert root.get("dir") == ("rtl" if tag == "ar" else "ltr")
    turn = root.find(f"{OPF}spine").get("page-progression-direction")
    assert turn == ("rtl" if tag == "ar" else "ltr")
    assert root.findtext("{*}metadata/{http://purl.org/dc/elements/1.1/}language") == tag
    times = [m.text for m in root.iter(f"{OPF}meta") if m.get("property") == "dcterms:modified"]
    assert times == ["2026-03-14T00:00:00Z"]
    for name, text in members.items():
        if name.endswith(".css"):
            addresses = re.findall(r"url\(([^)]*)\)", text.decode())
            assert {posixpath.join("EPUB", a) for a in addresses} <= members.keys()


@every_case
def test_the_navigation_leads_everywhere(tag: str, edition: str) -> None:
    members = package(made(tag, edition, "epub").data)
    nav = {n.get(TYPE): n for n in xml(members["EPUB/nav.xhtml"]).iter("{*}nav")}
    assert set(nav) == {"toc", "landmarks", "page-list"}
    headings = [n.heading.id for n in translated(tag).document.blocks if isinstance(n, Section)]
    toc = [a.get("href") for a in nav["toc"].iter("{*}a")]
    assert [f"{name}.xhtml" for name in headings] == [h for h in toc if h.removesuffix(".xhtml") in headings]
    assert {a.get(TYPE) for a in nav["landmarks"].iter("{*}a")} >= {"toc", "bodymatter", "endnotes"}
    pages = [(a.text, a.get("href")) for a in nav["page-list"].iter("{*}a")]
    marks = {}
    for name, root in books(tag, edition):
        for node in root.iter():
            if node.get(TYPE) == "pagebreak":
                marks[f"{name}#{node.get('id')}"] = node.get("aria-label")
    assert [href for _, href in pages] == list(marks), "in the order of the book"
    assert [int(number) for number, _ in pages] == list(range(1, len(pages) + 1))
    assert [int(label) for label in marks.values()] == list(range(1, len(pages) + 1))


def test_the_files_of_a_book_never_share_a_name() -> None:
    whole = translated("en")
    names = {"inlines": "nav", "shown": "title", "boxes": "cover", "care": "nav-section"}

    def rename(block: Any) -> Any:
        if isinstance(block, Section) and block.id in names:
            text = replace(block.heading.text, id=names[block.id])
            return replace(block, heading=replace(block.heading, text=text))
        return block

    renamed = replace(whole.document, blocks=tuple(map(rename, whole.document.blocks)))
    front = replace(whole.document.front, title=replace(whole.document.front.title, id="own-title"))
    changed = replace(whole, document=replace(renamed, front=front))
    members = package(FORMATS["epub"](changed, layout("en"), Companions()).data)
    assert "Words in a line" in members["EPUB/nav_.xhtml"].decode()
    assert (
        len(spine(members))
        == len(set(spine(members)))
        == len(spine(package(made("en", "clear", "epub").data)))
    )


@pytest.mark.parametrize("edition", ["clear", "large"])
@pytest.mark.parametrize("tag", ["en", "ru"])
def test_each_page_marker_stands_before_words_of_its_page(tag: str, edition: str) -> None:
    """Read from the finished PDF: a section that runs over pages was once marked with its last one."""
    part, measures = translated(tag, ROOT, "osteopetrosis"), layout(tag, edition, ROOT)
    printed = FORMATS["pdf"](part, measures, Companions())
    with pdfium.PdfDocument(printed.data) as document:
        sheets = [squeezed(page.get_textpage().get_text_bounded()) for page in document]
    members = package(FORMATS["epub"](part, measures, Companions(pages=printed.page_of)).data)
    text = ""
    for name in spine(members):
        root = xml(members[f"EPUB/{name}"])
        for marker in root.iter("{*}span"):
            if marker.get(TYPE) == "pagebreak":
                marker.text = f"⟦{marker.get('aria-label')}⟧"
        text += "".join(root.find("{*}body").itertext()) if "⟦" in "".join(root.itertext()) else ""
    places = [(int(number), squeezed(after)[:15]) for number, after in re.findall("⟦([0-9]+)⟧([^⟦]*)", text)]
    assert [number for number, _ in places] == list(range(1, len(sheets) + 1))
    assert [(number, first) for number, first in places if first not in sheets[number - 1]] == []
    assert sum(not first for _, first in places) <= 2, "pages on which no segment begins"


def squeezed(text: str) -> str:
    """Return the letters and figures alone."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
