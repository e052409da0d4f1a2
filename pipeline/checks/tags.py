"""Tags: what assistive technology makes of a PDF, read by pikepdf and compared with its document."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf

from pipeline.checks.extraction import normalize, tokens, unturned
from pipeline.checks.pages import UnreadableError
from pipeline.checks.registry import RULES, Finding
from pipeline.checks.registry import check as rule
from pipeline.checks.structure import Node, Structure, read_structure
from pipeline.checks.subject import Subject
from pipeline.diagnostics import Diagnostic, Outcome
from pipeline.document import Abbreviation, Heading, Span, plain_text, walk

__all__ = ["check"]

_AGAIN = "build the file again; if it stays, report what is named here"


@rule("G001", source="PDF/UA-1, 7.1; WCAG 2.2 SC 1.3.1", suggestion=_AGAIN)
def everything_tagged(_: Subject, found: Structure) -> Iterator[Finding]:
    """Everything on a page is tagged or an artifact.

    What is neither is skipped by one reader and read at the wrong place by another.
    """
    parents = _parents(found.document)
    for number, page in enumerate(found.pages, start=1):
        if page.loose:
            yield Finding(f"page {number} has {page.loose} pieces that are neither tagged nor artifacts")
        lost = [mcid for mcid in page.texts if mcid not in parents.get(number - 1, ())]
        if lost:
            text = page.texts[lost[0]].strip()[:40]
            yield Finding(f"“{text}” on page {number} has no place in the structure")


def _parents(document: pikepdf.Pdf) -> dict[int, set[int]]:
    """Return which MCIDs of each page the structure tree leads to."""
    numbers = {page.objgen: number for number, page in enumerate(document.pages)}
    found: dict[int, set[int]] = {}

    def visit(kid: Any, page: Any) -> None:
        if isinstance(kid, pikepdf.Array):
            for part in kid:
                visit(part, page)
        elif isinstance(kid, pikepdf.Dictionary):
            page = kid.get("/Pg", page)
            if "/MCID" in kid:
                visit(kid.MCID, page)
            elif "/K" in kid:
                visit(kid.K, page)
        elif page is not None:
            found.setdefault(numbers.get(page.objgen, -1), set()).add(int(kid))

    visit(document.Root.StructTreeRoot.get("/K", pikepdf.Array()), None)
    return found


@rule("G002", source="PDF/UA-1, 7.2; WCAG 2.2 SC 3.1.1, 3.1.2", suggestion=_AGAIN)
def languages(subject: Subject, found: Structure) -> Iterator[Finding]:
    """The document and its foreign parts say their languages.

    A voice that reads Latin or English by the rules of Arabic cannot be understood.
    """
    own, said = subject.translated.language.tag, str(found.document.Root.get("/Lang", ""))
    if said != own:
        yield Finding(f"the document says that its language is “{said}”, not “{own}”")
    parts = [(n.say("/Lang"), n.words) for n in found.root.walk() if n.say("/Lang")]
    for span in (n for n in walk(subject.translated.document) if isinstance(n, Span)):
        wanted = _bare(plain_text(span.children))
        if span.language != own and not any(tag == span.language and wanted in _bare(w) for tag, w in parts):
            text = plain_text(span.children)[:40]
            yield Finding(f"“{text}” is not tagged as “{span.language}”")


@rule("G003", source="PDF/UA-1, 7.4; WCAG 2.2 SC 1.3.1, 2.4.6", suggestion=_AGAIN)
def headings(subject: Subject, found: Structure) -> Iterator[Finding]:
    """The headings are those of the document, in order, with their levels.

    People who listen move from heading to heading; a missing one hides all that stands below it.
    """
    document = subject.translated.document
    wanted = [(1, plain_text(document.front.title.children))]
    if document.contents:
        wanted.append((2, subject.translated.labels["contents"]))
    wanted += [(h.level, plain_text(h.text.children)) for h in walk(document) if isinstance(h, Heading)]
    read = [(int(n.role[1:]), n.words) for n in found.root.walk() if _is_heading(n)]
    for one, other in zip(wanted, read, strict=False):
        if one[0] != other[0] or _bare(one[1]) != _bare(other[1]):
            yield Finding(
                f"where heading “{one[1]}” of level {one[0]} should be, is “{other[1]}” of {other[0]}"
            )
            return
    if len(wanted) != len(read):
        yield Finding(f"there are {len(read)} headings, not {len(wanted)}")


@rule("G004", source="PDF/UA-1, 7.5; WCAG 2.2 SC 1.3.1", suggestion=_AGAIN)
def table_heads(_: Subject, found: Structure) -> Iterator[Finding]:
    """Every head of a table says whether it heads a column or a row.

    Without it a cell is a word without a meaning.
    """
    for node in found.root.walk():
        if node.role == "TH" and str(node.attribute("/Scope")) not in ("/Column", "/Row", "/Both"):
            yield Finding(f"the table head “{node.words}” has no scope")
        if node.role == "Table" and not any(n.role == "TH" for n in node.walk()):
            yield Finding("a table has no heads")


@rule("G005", source="PDF/UA-1, 7.18.5; WCAG 2.2 SC 2.4.4", suggestion=_AGAIN)
def links(_: Subject, found: Structure) -> Iterator[Finding]:
    """Every link is in the structure and is called by words.

    A link that is called by its address is spelled out letter by letter.
    """
    tagged = set()
    for node in found.root.walk():
        if node.role == "Link" and not node.annotations:
            yield Finding(f"the link “{node.words}” leads nowhere")
        for annotation in node.annotations:
            tagged.add(annotation.objgen)
            name = str(annotation.get("/Contents", ""))
            if not any(c.isalnum() for c in name) or name.startswith(("#", "http:", "https:", "mailto:")):
                yield Finding(f"the link “{node.words}” is called “{name}”, which is no words")
    for number, page in enumerate(found.document.pages, start=1):
        lost = [a for a in page.get("/Annots", []) if a.objgen not in tagged]
        if lost:
            yield Finding(f"{len(lost)} links on page {number} are not in the structure")


@rule("G006", source="PDF/UA-1, 7.9; WCAG 2.2 SC 3.1.4", suggestion=_AGAIN)
def expansions(subject: Subject, found: Structure) -> Iterator[Finding]:
    """Every abbreviation carries what it stands for, as the document has it.

    Who hears three letters cannot look them up in the line above.
    """
    said = [(_bare(n.words), n.say("/E")) for n in found.root.walk() if n.say("/E")]
    rest = list(said)
    for node in walk(subject.translated.document):
        if isinstance(node, Abbreviation) and node.expansion:
            pair = (_bare(node.text), node.expansion)
            if pair not in rest:
                yield Finding(f"“{node.text}” does not say that it stands for “{node.expansion}”")
                return
            rest.remove(pair)


@rule("G007", source="PDF/UA-1, 7.6; ISO 32000-1, table 336", suggestion=_AGAIN)
def lists(_: Subject, found: Structure) -> Iterator[Finding]:
    """Lists hold items, and items a mark and a body.

    A reader says “list of 5 items” and lets people skip it, if it is one.
    """
    for node in found.root.walk():
        kids = [kid.role for kid in node.kids]
        if node.role == "L" and set(kids) - {"LI", "Caption"}:
            yield Finding(f"a list holds {', '.join(sorted(set(kids) - {'LI'}))} beside its items")
        if node.role == "LI" and (set(kids) - {"Lbl", "LBody"} or "LBody" not in kids):
            yield Finding(f"the item “{node.words[:40]}” is not a mark and a body")


@rule("G008", source="PDF/UA-1, 7.3; WCAG 2.2 SC 1.1.1", suggestion=_AGAIN)
def figures(_: Subject, found: Structure) -> Iterator[Finding]:
    """Every figure has an alternative text, and its place on the page.

    The place lets a magnifier and a screen reader's cursor show which picture is spoken of.
    """
    for node in (n for n in found.root.walk() if n.role == "Figure"):
        name = node.say("/Alt")
        if not name.strip():
            yield Finding(f"a figure on page {node.page} has no alternative text")
        bounds = node.attribute("/BBox")
        if bounds is None or not node.page or not _inside(bounds, found.document.pages[node.page - 1]):
            yield Finding(f"the figure “{name[:40]}” does not say where on page {node.page} it is")


def _inside(bounds: Any, page: Any) -> bool:
    left, bottom, right, top = map(float, bounds)
    frame = [float(n) for n in page.MediaBox]
    across = frame[0] - 1 <= left < right <= frame[2] + 1
    return across and frame[1] - 1 <= bottom < top <= frame[3] + 1


@rule("G009", source="PDF/UA-1, 7.1, 7.2; WCAG 2.2 SC 2.4.2, 2.4.5", suggestion=_AGAIN)
def properties(_: Subject, found: Structure) -> Iterator[Finding]:
    """The file shows its title, says that it is tagged, and has its headings as bookmarks.

    The title names the window, the bookmarks are the contents that stay in sight.
    """
    root: Any = found.document.Root
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield Finding("the window shows the file's name, not the title")
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield Finding("the file does not say that it is tagged")
    with found.document.open_metadata() as metadata:
        if not str(metadata.get("dc:title", "")).strip():
            yield Finding("the file has no title")
    wanted = [_bare(n.words) for n in found.root.walk() if _is_heading(n)]
    read: list[str] = []
    with found.document.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            read.append(_bare(str(item.title)))
            waiting[:0] = item.children
    if wanted != read:
        yield Finding(f"the {len(read)} bookmarks are not the {len(wanted)} headings")


@rule("G010", source="PDF/A-2, 6.2.11; PDF/UA-1, 7.21", suggestion=_AGAIN)
def fonts(subject: Subject, found: Structure) -> Iterator[Finding]:
    """All fonts are the edition's own, embedded, and every glyph says which letter it is.

    A glyph without a letter is an empty square to the eye, or silence to the ear.
    """
    families = {_plain(face.family) for face in subject.layout.stack}
    for number, page in enumerate(found.document.pages, start=1):
        for font in page.Resources.get("/Font", {}).values():
            name = str(font.BaseFont)[1:].rpartition("+")[2]
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            if not {"/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys()):
                yield Finding(f"the font “{name}” is not embedded")
            elif "/ToUnicode" not in font:
                yield Finding(f"the font “{name}” does not say which letters it has")
            elif not any(_plain(name).startswith(family) for family in families):
                yield Finding(f"the font “{name}” is none of the edition's")
            else:
                continue
            return
        if found.pages[number - 1].unknown:
            yield Finding(f"{found.pages[number - 1].unknown} glyphs on page {number} have no letter")
        odd = [c for text in found.pages[number - 1].texts.values() for c in text if _is_odd(c)]
        if odd:
            yield Finding(f"page {number} has characters that are no letters: U+{ord(odd[0]):04X}")


def _is_odd(character: str) -> bool:
    """Return whether a character is private, unassigned, a replacement or a presentation form."""
    return (
        unicodedata.category(character) in ("Co", "Cn", "Cs")
        or character == "\ufffd"
        or unicodedata.decomposition(character).startswith(("<initial>", "<medial>", "<final>", "<isolated>"))
    )


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _is_heading(node: Node) -> bool:
    return node.role[:1] == "H" and node.role[1:].isdigit()


def _bare(text: str) -> str:
    """Return the letters and digits of a text, without blanks: a line breaks at any of them."""
    return unturned("".join(tokens(normalize(text))))


_RULES: tuple[Callable[[Subject, Structure], Outcome], ...] = (
    everything_tagged,
    languages,
    headings,
    table_heads,
    links,
    expansions,
    lists,
    figures,
    properties,
    fonts,
)
_CODES = tuple(f"G{number:03}" for number in range(1, 11))


def check(subject: Subject) -> tuple[Outcome, ...]:
    """Return what each rule says of the tags of a PDF; one without any breaks the first."""
    try:
        found = read_structure(subject.data)
    except UnreadableError as fault:
        first = RULES["G001"]
        wrong = Diagnostic("G001", first.severity, str(fault), None, first.suggestion)
        rest = (Outcome(code, skipped=str(fault)) for code in _CODES[1:])
        return (Outcome("G001", (wrong,)), *rest)
    return tuple(judge(subject, found) for judge in _RULES)
