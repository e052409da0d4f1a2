"""Harms to the tags of a print: the page looks the same, and whoever listens gets less."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pikepdf

from mutations.mutating import add, elements, on, pdf

WHOLE = "osteopetrosis"  # the one handout with a table

_MARKED = re.compile(rb"/\w+\s*<<[^>]*?/MCID\s+\d+[^>]*>>\s*BDC")


def rewritten(change: Callable[[bytes], bytes], *, page: int = 1) -> Callable[[pikepdf.Pdf], None]:
    """Return a change of what draws a page."""

    def harm(document: pikepdf.Pdf) -> None:
        document.pages[page].contents_coalesce()
        contents = document.pages[page].Contents
        contents.write(change(contents.read_bytes()))

    return harm


def untagged(content: bytes) -> bytes:
    """Leave the marks out, each with its end: all that was tagged is neither tagged nor an artifact."""
    kept, depth, marked = [], 0, list[int]()
    for part in re.split(rb"((?:/\w+\s*<<.*?>>\s*BDC|/\w+\s+BMC|\bEMC\b)\s)", content, flags=re.DOTALL):
        if part.rstrip().endswith((b"BDC", b"BMC")):
            depth += 1
            if b"/MCID" in part:
                marked.append(depth)
                continue
        elif part.rstrip() == b"EMC":
            depth -= 1
            if marked and marked[-1] == depth + 1:
                marked.pop()
                continue
        kept.append(part)
    return b"".join(kept)


def one_an_artifact(content: bytes) -> bytes:
    """Say of the longest piece of the text that it is decoration."""
    longest = max(_MARKED.finditer(content), key=lambda m: content.index(b"EMC", m.end()) - m.end())
    return content[: longest.start()] + b"/Artifact BMC" + content[longest.end() :]


def all_artifacts(content: bytes) -> bytes:
    """Say of a whole page that it is decoration."""
    return _MARKED.sub(b"/Artifact BMC", content)


def lost(key: str, *names: str) -> Callable[[pikepdf.Pdf], None]:
    """Return a change that takes a key from all structure elements of some types."""

    def harm(document: pikepdf.Pdf) -> None:
        for element in elements(document, *names):
            if key in element:
                del element[key]

    return harm


def root_lost(key: str) -> Callable[[pikepdf.Pdf], None]:
    """Return a change that takes a key from the catalog of the file."""

    def harm(document: pikepdf.Pdf) -> None:
        del document.Root[key]

    return harm


def renamed(old: str, new: str, *, every: bool = False) -> Callable[[pikepdf.Pdf], None]:
    """Return a change of the type of structure elements: of the first, or of all."""

    def harm(document: pikepdf.Pdf) -> None:
        found = list(elements(document, old))
        for element in found if every else found[:1]:
            element.S = pikepdf.Name(new)

    return harm


def order_changed(document: pikepdf.Pdf) -> None:
    """Exchange two neighboring paragraphs in the reading order, in the middle of the text."""
    lists = [_kids(element) for element in elements(document, "/Sect")]
    pairs = [
        (kids, at)
        for kids in lists
        for at in range(len(kids) - 1)
        if kids[at].get("/S") == kids[at + 1].get("/S") == "/P"
    ]
    kids, at = pairs[len(pairs) // 2]
    kids[at], kids[at + 1] = kids[at + 1], kids[at]


def element_lost(document: pikepdf.Pdf) -> None:
    """Take a paragraph out of the structure, not off the page."""
    kids = next(k for e in elements(document, "/Sect", "/Div") if len(k := _kids(e)) > 3)
    del kids[2]


def _kids(element: Any) -> Any:
    return element.K if isinstance(element.get("/K"), pikepdf.Array) else pikepdf.Array()


def links_unnamed(document: pikepdf.Pdf) -> None:
    """Take the words from the links."""
    for page in document.pages:
        for annotation in page.get("/Annots") or []:
            if "/Contents" in annotation:
                del annotation["/Contents"]


def embedded_lost(document: pikepdf.Pdf) -> None:
    """Take the embedded fonts away."""
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            for key in ("/FontFile", "/FontFile2", "/FontFile3"):
                if key in item:
                    del item[key]


def title_lost(document: pikepdf.Pdf) -> None:
    """Take the title from the properties and from the metadata."""
    del document.docinfo["/Title"]
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        del metadata["dc:title"]


def outline_shortened(document: pikepdf.Pdf) -> None:
    """Take one bookmark away."""
    with document.open_outline() as outline:
        places = [items for top in outline.root for items in (outline.root, top.children) if len(items) > 2]
        del places[0][1]


def language(tag: str) -> Callable[[pikepdf.Pdf], None]:
    """Return a change of the language that the file says it is in."""

    def harm(document: pikepdf.Pdf) -> None:
        document.Root.Lang = pikepdf.String(tag)

    return harm


HARMS: tuple[tuple[str, str, str, Callable[[pikepdf.Pdf], None]], ...] = (
    ("en", "untagged page", "G001", rewritten(untagged)),
    ("en", "paragraph made an artifact", "G001, R001", rewritten(one_an_artifact, page=3)),
    ("en", "page made an artifact", "G001, R001", rewritten(all_artifacts, page=3)),
    ("en", "structure lost", "G001", root_lost("/StructTreeRoot")),
    ("en", "paragraph lost from the structure", "G001", element_lost),
    ("en", "language lost", "G002", root_lost("/Lang")),
    ("ar", "wrong language", "G002", language("en")),
    ("ar", "language of foreign words lost", "G002", lost("/Lang", "/Span", "/P", "/Note", "/Div", "/Sect")),
    ("en", "heading made a paragraph", "G003", renamed("/H2", "/P")),
    ("en", "heading level skipped", "G003", renamed("/H3", "/H4", every=True)),
    ("en", "reading order changed", "R001", order_changed),
    ("en", "scope of headings lost", "G004", lost("/A", "/TH")),
    ("en", "headings of a table made cells", "G004", renamed("/TH", "/TD", every=True)),
    ("en", "links without words", "G005", links_unnamed),
    ("en", "expansions of abbreviations lost", "G006", lost("/E", "/Span")),
    ("en", "list items made paragraphs", "G007", renamed("/LI", "/P")),
    ("en", "picture without bounds", "G008", lost("/A", "/Figure")),
    ("en", "bookmarks lost", "G009", root_lost("/Outlines")),
    ("en", "one bookmark lost", "G009", outline_shortened),
    ("en", "title lost", "G009", title_lost),
    ("en", "not said to be tagged", "G009", root_lost("/MarkInfo")),
    ("en", "fonts not embedded", "G010", embedded_lost),
    ("ar", "page made an artifact", "G001, R001", rewritten(all_artifacts, page=3)),
)
for tag, title, claims, harm in HARMS:
    add(f"pdf tags {tag}: {title}", claims, on(tag, "pdf", handout=WHOLE)(pdf(harm)))
