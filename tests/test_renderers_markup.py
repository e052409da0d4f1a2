"""Web page and e-book: structure, languages, links, and that nothing is fetched from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from babel import Locale
from rendered import (
    CASES,
    TYPE,
    books,
    document,
    layout,
    local,
    made,
    package,
    page,
    shown,
    translated,
    xml,
)

from pipeline import interface
from pipeline.catalogs import Catalog
from pipeline.document import Segment, TranslatedDocument, transform
from pipeline.languages import language
from pipeline.renderers import FORMATS, Companions
from pipeline.selection import select
from pipeline.translation import translate

every_case = pytest.mark.parametrize(("tag", "edition"), CASES)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HEADINGS = re.compile(r"h[1-6]\Z")


def documents(tag: str, edition: str) -> list[tuple[str, Any]]:
    """Return the web page and the documents of the e-book."""
    return [("page", page(made(tag, edition, "html").data)), *books(tag, edition)]


# --- Both ---------------------------------------------------------------------------------------


@every_case
def test_headings_begin_with_one_and_leave_no_gap(tag: str, edition: str) -> None:
    for name, root in documents(tag, edition):
        top = root.find(".//main") if name == "page" else root
        levels = [int(local(n)[1]) for n in top.iter() if HEADINGS.match(local(n))]
        if name != "cover.xhtml":
            assert levels[0] == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), name
        if name == "page":
            assert [local(n) for n in root.iter()].count("h1") == 1


@every_case
def test_ids_are_unique_and_labels_point_at_them(tag: str, edition: str) -> None:
    for name, root in documents(tag, edition):
        ids = Counter(n.get("id") for n in root.iter() if n.get("id") is not None)
        assert max(ids.values(), default=1) == 1, (name, ids.most_common(1))
        pointers = {n.get("aria-labelledby") for n in root.iter()} - {None}
        assert pointers <= ids.keys(), name


@every_case
def test_every_table_has_its_caption_and_its_heads(tag: str, edition: str) -> None:
    tables = [t for _, root in documents(tag, edition) for t in root.iter() if local(t) == "table"]
    assert len(tables) == 2
    for table in tables:
        assert "".join(table[0].itertext()).strip()
        assert local(table[0]) == "caption"
        heads = [n for n in table.iter() if local(n) == "th"]
        assert [h.get("scope") for h in heads] == ["col"] * 3 + ["row"] * 2
        for row in (n for n in table.iter() if local(n) == "tr"):
            assert local(row[0]) == "th"
            assert len(row) == 3


@every_case
def test_the_language_of_the_page_and_of_its_parts(tag: str, edition: str) -> None:
    direction = "rtl" if tag == "ar" else "ltr"
    for name, root in documents(tag, edition):
        assert (root.get("lang"), root.get("dir")) == (tag, direction), name
        for node in root.iter():
            part = node.get("lang")
            if part is None:
                continue
            Locale.parse(part, sep="-")
            if name != "page":
                assert node.get(XML_LANG) == part
            if (part == "ar") != (tag == "ar"):
                assert node.get("dir") == ("rtl" if part == "ar" else "ltr"), "a turn of direction is marked"
    latin = [n for _, r in documents(tag, edition) for n in r.iter() if n.get("lang") == "la"]
    assert ["".join(n.itertext()) for n in latin] == ["camellia sinensis"] * 2


def targets(tag: str, edition: str) -> Iterator[tuple[str, str, Any]]:
    """Yield every link with the document it stands in and its address."""
    for name, root in documents(tag, edition):
        for node in root.iter():
            if local(node) == "a":
                yield name, node.get("href", ""), node


@every_case
def test_links_have_words_and_targets_and_hold_no_links(tag: str, edition: str) -> None:
    anchors = {
        (name, n.get("id")) for name, root in documents(tag, edition) for n in root.iter() if n.get("id")
    }
    for name, href, node in targets(tag, edition):
        assert "".join(node.itertext()).strip() or node.get("aria-label"), href
        assert not any(local(inner) == "a" for inner in node.iterdescendants()), href
        address, _, fragment = href.partition("#")
        if href.startswith(("https://", "mailto:")):
            assert node.get("class") == "external"
        elif name == "page" and address:
            assert re.fullmatch(r"(\.\./\w+/)?complete-\w+\.\w+", address)
        else:
            where = address or name
            assert (where, fragment) in anchors or (not fragment and where in dict(documents(tag, edition)))


@every_case
def test_links_inside_the_text_go_where_the_source_says(tag: str, edition: str) -> None:
    found = {(name == "page", href.partition("#")[2] or href) for name, href, _ in targets(tag, edition)}
    for on_page in (True, False):
        own = {href for where, href in found if where is on_page}
        wanted = {"lists", "sorts", "term-kettle", "term-blend", "note_first", "note_second", "call_first"}
        assert wanted <= own
        assert {"https://example.org/tea?a=1&b=2", "mailto:tea@example.org"} <= own


@every_case
def test_nothing_runs_and_nothing_is_fetched(tag: str, edition: str) -> None:
    for name, root in documents(tag, edition):
        for node in root.iter():
            assert local(node) not in ("script", "iframe", "object", "embed", "form", "base", "image", "use")
            assert not [key for key in node.attrib if str(key).startswith("on") or key == "style"], name
            for key in ("src", "srcset", "poster", "data", "{http://www.w3.org/1999/xlink}href"):
                assert not re.match(r"[a-z]+:|//", node.get(key, "")), name


@every_case
def test_lists_and_notes_keep_their_structure(tag: str, edition: str) -> None:
    for roots in ([documents(tag, edition)[0][1]], [root for _, root in books(tag, edition)]):
        nodes = [n for root in roots for n in root.iter()]
        assert [n.get("start") for n in nodes if local(n) == "ol" and n.get("start")] == ["3"]
        assert [local(n) for n in nodes].count("dt") == 4
        assert [local(n) for n in nodes].count("blockquote") == 1
        assert [local(n) for n in nodes].count("hr") == 1
        assert [local(n) for n in nodes].count("br") == 1
        kinds = Counter(n.get("class", "").split()[-1] for n in nodes if "note " in n.get("class", ""))
        assert kinds == {"key-facts": 2, "get-help": 2, "editors-note": 2, "contact": 2}
        full = {n.get("title") for n in nodes if local(n) == "abbr"}
        assert len(full) == 2
        assert [n.get("role") for n in nodes].count("doc-noteref") == 3


def untranslated() -> TranslatedDocument:
    """Return the complete project in Arabic as it is before anybody has translated a word."""
    made_of = translate(document(), language("ar"), catalog=Catalog(), labels=interface.english())
    return select(made_of, "complete")


def voiced(root: Any, ids: set[str]) -> Iterator[tuple[str, str]]:
    """Yield each segment with each language in which one of its texts is to be spoken."""
    for node in root.iter():
        own = node.get("id", "").removesuffix("_heading")
        listed = local(node) == "a" and any(local(n) == "nav" for n in node.iterancestors())
        if (own in ids and local(node) != "section") or (listed and not node.get(TYPE)):
            for text in node.xpath(".//text()[normalize-space()]"):
                holder = text.getparent().getparent() if text.is_tail else text.getparent()
                if holder.get("role") not in ("doc-noteref", "doc-backlink"):
                    around = (holder, *holder.iterancestors())
                    yield own, next(n.get("lang") for n in around if n.get("lang"))


@pytest.mark.parametrize("name", ["html", "epub"])
def test_what_is_not_translated_says_its_language_everywhere(name: str) -> None:
    whole = untranslated()
    data = FORMATS[name](whole, layout("ar"), Companions()).data
    members = {} if name == "html" else package(data)
    roots = [xml(text) for path, text in members.items() if path.endswith(".xhtml")] or [page(data)]
    front = whole.document.front
    ids = {s.id for s in (*shown(whole, labels=False), front.title, front.subtitle)}
    found = [pair for root in roots for pair in voiced(root, ids)]
    assert {own for own, _ in found} - {""} == ids
    # The mark in front is in the language of the reader.
    assert {voice for _, voice in found} == {"ar", "en", "la"}
    assert {own for own, voice in found if voice == "la"} == {"inlines-all"}
    pictures = [n for root in roots for n in root.iter() if n.get("role") == "img"]
    assert [(n.get("lang"), n.get("dir")) for n in pictures] == [("en", "ltr")] * 2


# --- The web page -------------------------------------------------------------------------------


@every_case
def test_the_page_is_whole_in_itself(tag: str, edition: str) -> None:
    data = made(tag, edition, "html").data
    root = page(data)
    assert data.startswith(b"<!DOCTYPE html>\n<html ")
    links = list(root.iter("link"))
    assert {n.get("rel") for n in links} == {"alternate"}
    assert [n.get("hreflang") for n in links] == ["en", "de", "ar"]
    style = re.search(rb"<style>(.*?)</style>", data, re.DOTALL)
    assert style is not None
    assert b"@import" not in style[1]
    assert all(u.startswith(b"data:font/woff2;base64,") for u in re.findall(rb"url\(['\"]?([^)]*)", style[1]))
    policy = next(n.get("content") for n in root.iter("meta") if n.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:;")
    assert "unsafe" not in policy
    assert next(root.iter("title")).text


def test_the_page_switches_languages() -> None:
    switch = page(made("de", "clear", "html").data).find(".//nav[@aria-labelledby='languages_']")
    assert [(n.get("lang"), n.get("dir"), n.text, n.get("href")) for n in switch.iter("a", "strong")] == [
        ("en", "ltr", "English", "../en/complete-clear.html"),
        ("de", "ltr", "Deutsch", None),
        ("ar", "rtl", "العربية", "../ar/complete-clear.html"),
    ]


def test_ids_of_the_source_never_meet_ids_of_ours() -> None:
    """Whatever a writer calls a section, a note or a paragraph, the page has each id once."""
    whole = translated("en")
    ours = "main contents languages formats note-first call-first page-1 inlines-h term".split()
    spare = iter(ours)
    taken: dict[str, str] = {}

    def rename(node: Any) -> Any:
        if isinstance(node, Segment) and node.id.startswith(("lists-", "help-")) and node.id not in taken:
            taken[node.id] = next(spare, node.id)
        return replace(node, id=taken.get(node.id, node.id)) if isinstance(node, Segment) else node

    changed = replace(whole, document=transform(whole.document, rename))
    assert set(ours) <= set(taken.values())
    root = page(FORMATS["html"](changed, layout("en"), Companions()).data)
    ids = Counter(n.get("id") for n in root.iter() if n.get("id"))
    assert max(ids.values()) == 1, ids.most_common(2)
