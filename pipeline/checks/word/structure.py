"""Structure: headings, contents, tables, lists and links are what the document says they are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pipeline.checks.extraction import normalize
from pipeline.checks.pieces import pieces, spoken
from pipeline.checks.registry import Finding, check
from pipeline.checks.subject import Subject
from pipeline.checks.word.package import WP, Package, R, W, on, text_of, value
from pipeline.document import (
    BulletList,
    Drawing,
    ListItem,
    Node,
    OrderedList,
    Paragraph,
    Segment,
    Table,
    segments,
    walk,
)

_MICROSOFT = "Microsoft accessibility rules"
_AGAIN = "build the file again; do not publish a file that was edited by hand"
_BOOKMARK_LENGTH = 40

# The title of the contents is no heading in Word: its own field would list it.
_CONTENTS = "contents"

# Word's lists have a sign for each of three levels; what is deeper shares the third.
_DEEPEST = 2

_NAMED_HEADING = re.compile(r"title|heading [1-9]", re.I)
_TYPED_MARK = re.compile(r"\s*(?:[•◦▪●‣·*–-]|\(?[0-9٠-٩۰-۹]{1,2}[.)])\s+\S")
_BLANKS = re.compile("[ \u00a0\u2000-\u200a\u3000]{2,}|\t{2,}")
_BARE = re.compile(r"(https?://|www\.)\S+", re.I)
_VAGUE = re.compile(
    "(click here|here|read more|more|link|this link|learn more|details|see more|this page"
    "|aquí|haga clic aquí|más|leer más|här|klicka här|läs mer|mer|здесь|тут|нажмите здесь|подробнее"
    "|هنا|انقر هنا|اضغط هنا|المزيد)[.!…]*",
    re.I,
)


def bookmark_name(anchor: str) -> str:
    """Return the bookmark that stands for a segment id: Word allows letters, digits, `_`, 40 in all."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", anchor)
    digest = hashlib.sha256(anchor.encode()).hexdigest()[:8]
    return name if len(name) <= _BOOKMARK_LENGTH else f"{name[: _BOOKMARK_LENGTH - 9]}_{digest}"


def shown_segments(subject: Subject) -> Iterator[Segment]:
    """Yield the segments that a Word file shows: those of pictures are part of the picture."""
    document = subject.translated.document
    labels = {s.id for node in walk(document) if isinstance(node, Drawing) for s in node.labels}
    yield document.front.title
    yield document.front.subtitle
    for block in document.blocks:
        yield from (s for s in segments(block) if s.id not in labels)


def headings(package: Package) -> list[tuple[int, str, Any]]:
    """Return level, text and paragraph of each heading, in order."""
    found = ((package.level(p), normalize(text_of(p)), p) for p in package.paragraphs)
    return [(level, words, paragraph) for level, words, paragraph in found if level]


@check("W020", source=f"WCAG 2.2 SC 1.3.1; {_MICROSOFT} (headings)", suggestion=_AGAIN)
def headings_real(subject: Subject, package: Package) -> Iterator[Finding]:
    """The headings are the document's, at their levels, in Word's own heading styles.

    Screen readers jump from heading to heading; a bold line is none, and one at a wrong level misleads.
    The title and the sections of the document are Word's level 1.
    """
    wanted = [
        (max(p.level - 1, 1), normalize(p.text)) for p in pieces(subject.translated, "docx")
        if p.level and not p.contents and p.id != _CONTENTS
    ]  # fmt: skip
    given = [(level, words) for level, words, _ in headings(package)]
    if given != wanted:
        odd = [one for one in (*wanted, *given) if wanted.count(one) != given.count(one)]
        named = ", ".join(f"“{words[:40]}” ({level})" for level, words in odd[:3])
        yield Finding(
            f"{len(given)} headings where {len(wanted)} are meant; differing: {named or 'their order'}"
        )
    for _, words, paragraph in headings(package):
        if not _NAMED_HEADING.fullmatch(package.style_name(paragraph)):
            yield Finding(f"the heading “{words[:40]}” has no heading style")


@check("W021", source=f"WCAG 2.2 SC 2.4.6; {_MICROSOFT} (headings in order)", suggestion=_AGAIN)
def headings_ordered(package: Package) -> Iterator[Finding]:
    """The first heading is of level 1, none skips a level, none is empty.

    A skipped level sounds like a missing section.
    """
    found = headings(package)
    if not found:
        yield Finding("there are no headings")
    elif found[0][0] != 1:
        yield Finding(f"the first heading is of level {found[0][0]}")
    for (above, _, _), (below, words, _) in pairwise(found):
        if below > above + 1:
            yield Finding(f"from level {above} to level {below} at “{words[:40]}”")
    if any(not words for _, words, _ in found):
        yield Finding("a heading is empty")


@check("W022", source="WCAG 2.2 SC 2.4.5; project rule: no stale contents", suggestion=_AGAIN)
def contents_current(subject: Subject, package: Package) -> Iterator[Finding]:
    """The contents list the headings as they are, in order, each linked to its own.

    A list that was made before the last change sends readers to what is no longer there.
    """
    given = []
    for paragraph in package.paragraphs:
        if package.style_name(paragraph).startswith("toc "):
            words = normalize(text_of(paragraph))
            given.append(words)
            links = [value(link, "anchor") for link in paragraph.iter(f"{W}hyperlink")]
            goal = package.bookmarks.get(links[0]) if links else None
            if goal is None or not package.level(goal) or normalize(text_of(goal)) != words:
                yield Finding(f"the entry “{words[:40]}” does not lead to its heading")
    wanted = [normalize(p.text) for p in pieces(subject.translated, "docx") if p.contents]
    if given != wanted:
        yield Finding(
            f"{len(given)} entries, {len(set(given) & set(wanted))} of them among the {len(wanted)} meant"
        )


@check("W023", source="project rule: each segment can be traced into the file", suggestion=_AGAIN)
def bookmarks_kept(subject: Subject, package: Package) -> Iterator[Finding]:
    """Every segment has its bookmark.

    By it an edit made in Word can be traced to its segment, and links reach their place.
    """
    missing = [s.id for s in shown_segments(subject) if bookmark_name(s.id) not in package.bookmarks]
    if missing:
        yield Finding(f"{len(missing)} segments have no bookmark, the first is “{missing[0]}”")


@check("W024", source="WCAG 2.2 SC 2.4.5; ECMA-376 part 1, 17.16.22", suggestion=_AGAIN)
def links_lead(package: Package) -> Iterator[Finding]:
    """Every link leads somewhere: to a bookmark that is there, or to an address.

    A link to a missing bookmark does nothing when it is followed, and says nothing.
    """
    for name, root in package.stories:
        relations = package.relations(name)
        for link in root.iter(f"{W}hyperlink"):
            anchor, relation = value(link, "anchor"), relations.get(link.get(f"{R}id", ""))
            if anchor and anchor not in package.bookmarks:
                yield Finding(f"the link “{text_of(link)[:40]}” leads to {anchor}, which is not there")
            elif not anchor and (relation is None or not relation.get("Target")):
                yield Finding(f"the link “{text_of(link)[:40]}” leads nowhere")


@check("W025", source=f"WCAG 2.2 SC 2.4.4; {_MICROSOFT} (link text)", suggestion="say where the link leads")
def links_speak(package: Package) -> Iterator[Finding]:
    """The words of every link say where it leads, and so does its tip.

    Screen readers list links without the text around them: "here" is no place, an address is spelled out.
    """
    for _, root in package.stories:
        for link in root.iter(f"{W}hyperlink"):
            words = text_of(link).strip()
            if not words and link.find(f".//{WP}docPr") is None:
                yield Finding("a link has no text")
            elif _VAGUE.fullmatch(words) or _BARE.fullmatch(words):
                yield Finding(f"the link text “{words[:60]}” does not say where the link leads")
            if not value(link, "tooltip").strip():
                yield Finding(f"the link “{words[:40]}” has no tip")


@check("W026", source=f"WCAG 2.2 SC 1.3.1; {_MICROSOFT} (tables)", suggestion=_AGAIN)
def tables_simple(package: Package) -> Iterator[Finding]:
    """Tables are simple: one row of heads that repeats, no merged, split or nested cells, rows kept whole.

    A screen reader names the column of each cell from the row of heads, and counts cells; a merged cell
    shifts the count for all that follow.
    """
    first, whole = f"{W}tr[1]/{W}tc", f"{W}trPr/{W}cantSplit"
    for _, root in package.stories:
        for number, table in enumerate(root.iter(f"{W}tbl"), start=1):
            rows = table.findall(f"{W}tr")
            heads = [on(row.find(f"{W}trPr/{W}tblHeader")) for row in rows]
            counts = {len(row.findall(f"{W}tc")) for row in rows}
            merged = any(True for _ in table.iter(f"{W}gridSpan", f"{W}vMerge", f"{W}hMerge"))
            faults = {
                "does not mark its first row as heads": not heads or not heads[0],
                "marks more than one row as heads": any(heads[1:]),
                "has merged cells": merged,
                "has rows of unequal length": len(counts) > 1,
                "has a table inside": any(True for _ in table.iterdescendants(f"{W}tbl")),
                "has an empty head": not all(text_of(cell).strip() for cell in table.iterfind(first)),
                "has a row that may break over pages": not all(on(row.find(whole)) for row in rows),
                "has no title": not value(table.find(f"{W}tblPr/{W}tblCaption")).strip(),
            }  # fmt: skip
            yield from (Finding(f"table {number} {words}") for words, wrong in faults.items() if wrong)


@check("W027", source="WCAG 2.2 SC 1.3.1; project rule: what the document says", suggestion=_AGAIN)
def tables_equal(subject: Subject, package: Package) -> Iterator[Finding]:
    """Every table of the file is one of the document, cell for cell.

    A value in the wrong column is worse than none. A table too wide for its edition stands as lists.
    """
    meant = {}
    for node in walk(subject.translated.document):
        if isinstance(node, Table):
            rows = (node.head, *node.body)
            meant[normalize(spoken(node.caption.children))] = [
                [normalize(spoken(cell.children)) for cell in row.cells] for row in rows
            ]
    for table in package.document.iter(f"{W}tbl"):
        caption = normalize(value(table.find(f"{W}tblPr/{W}tblCaption")))
        given = [[normalize(text_of(c)) for c in r.iter(f"{W}tc")] for r in table.iter(f"{W}tr")]
        if meant.get(caption) != given:
            yield Finding(f"the table “{caption}” differs from the document’s")


@check("W028", source="WCAG 2.2 SC 1.3.1", suggestion="make it a list of Word’s, with numbering")
def lists_real(subject: Subject, package: Package) -> Iterator[Finding]:
    """Every list item of the document is one of Word's, of its sort and level; no mark is typed.

    Screen readers say "list of five items" before a real list; a typed bullet is a dot in the text.
    """
    for name, kind, depth in _items(subject.translated.document.blocks, 0):
        paragraph = package.bookmarks.get(bookmark_name(name))
        if paragraph is None:
            continue
        given, level = package.list_of(paragraph)
        if (given == "bullet") != (kind == "bullet") or not given or level != min(depth, _DEEPEST):
            yield Finding(f"“{name}” is no item of a list of its sort and level ({given or 'none'}, {level})")
    for paragraph in package.paragraphs:
        words = text_of(paragraph)
        if _TYPED_MARK.match(words) and not package.list_of(paragraph)[0]:
            yield Finding(f"a mark of a list is typed: “{words.strip()[:40]}”")


def _items(nodes: tuple[Any, ...], depth: int) -> Iterator[tuple[str, str, int]]:
    """Yield segment id, sort and depth of each list item that begins with a paragraph."""
    for node in nodes:
        match node:
            case BulletList(items=items) | OrderedList(items=items):
                kind = "bullet" if isinstance(node, BulletList) else "decimal"
                for item in items:
                    if item.blocks and isinstance(item.blocks[0], Paragraph):
                        yield item.blocks[0].text.id, kind, depth
                    yield from _items(item.blocks, depth + 1)
            case ListItem() | Segment():
                pass
            case Node():
                yield from _items(tuple(_inner(node)), depth)
            case _:
                pass


def _inner(node: Any) -> Iterator[Any]:
    for name in ("blocks", "items", "description"):
        yield from getattr(node, name, ())


@check("W029", source=f"{_MICROSOFT} (repeated blank characters)", suggestion="use spacing of the style")
def no_blanks(package: Package) -> Iterator[Finding]:
    """Nothing is laid out with blanks: no empty paragraphs, no rows of spaces or tabs.

    A screen reader says "blank" for each, until the reader takes the page for ended.
    """
    for name, root in package.stories:
        for paragraph in root.iter(f"{W}p"):
            words = text_of(paragraph)
            drawn = any(True for _ in paragraph.iter(f"{W}drawing", f"{W}fldChar"))
            ruled = package.paragraph_property(paragraph, "pBdr") is not None
            if not words.strip() and not drawn and not ruled:
                yield Finding(f"{name} has an empty paragraph")
            elif _BLANKS.search(words):
                yield Finding(f"{name} is laid out with blanks: “{words.strip()[:40]}”")


@check("W030", source=f"{_MICROSOFT} (headings)", suggestion="give the line a heading style")
def no_mock_headings(package: Package) -> Iterator[Finding]:
    """No paragraph of the running text is made to look like a heading.

    Who cannot see the bold hears a sentence that breaks off, and cannot jump to it.
    """
    whole: dict[Any, list[bool]] = {}
    for run in package.runs:
        whole.setdefault(run.paragraph, []).append(run.bolds[run.complex])
    for paragraph, bold in whole.items():
        plain = package.style_name(paragraph) in ("Normal", "Body Text")
        if plain and all(bold) and not package.level(paragraph):
            yield Finding(f"a bold paragraph that is no heading: “{text_of(paragraph)[:40]}”")
