"""The structure tree of a PDF, read by pikepdf: elements with their text, whatever wrote the file.

Two editions of one leaflet have the same tree: `outline_of` says it in a form that can be compared.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pikepdf

from pipeline.checks.pages import UnreadableError

_SHOWING = frozenset(("Tj", "TJ", "'", '"'))
_PAINTING = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI", "INLINE IMAGE"))


@dataclass(slots=True, eq=False)
class Node:
    """A structure element. `text` is its own, in the order of its kids; `page` counts from 1."""

    role: str
    entries: Any
    kids: list[Node] = field(default_factory=list)
    text: str = ""
    page: int = 0
    annotations: list[Any] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it, in order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    @property
    def words(self) -> str:
        """All text in the node, on one line."""
        return " ".join("".join(node.text for node in self.walk()).split())

    def attribute(self, name: str) -> Any:
        """Return the value of an attribute (/A), or None."""
        owned = self.entries.get("/A", [])
        for attributes in [owned] if isinstance(owned, pikepdf.Dictionary) else list(owned):
            if name in attributes:
                return attributes[name]
        return None

    def say(self, name: str) -> str:
        """Return an entry as text, or ""."""
        return str(self.entries.get(name, ""))


@dataclass(slots=True)
class Content:
    """What a page paints: the text of each marked content, and operators outside any mark."""

    texts: dict[int, str] = field(default_factory=dict)
    loose: int = 0
    unknown: int = 0


@dataclass(slots=True)
class Structure:
    """A PDF and its structure."""

    document: pikepdf.Pdf
    pages: list[Content]
    root: Node


def read_structure(data: bytes) -> Structure:
    """Return the structure of a PDF. Raises `UnreadableError`, also for a file without a structure."""
    try:
        document = pikepdf.open(io.BytesIO(data))
    except pikepdf.PdfError as error:
        raise UnreadableError(str(error)) from error
    if "/StructTreeRoot" not in document.Root:
        raise UnreadableError("there is no structure tree")
    pages = [_content(page) for page in document.pages]
    numbers = {page.objgen: number for number, page in enumerate(document.pages)}
    root = Node("StructTreeRoot", document.Root.StructTreeRoot)
    _fill(root, root.entries.get("/K", []), numbers, pages)
    return Structure(document, pages, root)


def _fill(node: Node, kids: Any, numbers: Mapping[Any, int], pages: list[Content], page: int = -1) -> None:
    own = node.entries.get("/Pg")
    page = numbers.get(own.objgen, page) if own is not None else page
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            child = Node(str(kid.S)[1:], kid)
            node.kids.append(child)
            _fill(child, kid.get("/K", []), numbers, pages, page)
        elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR":
            node.annotations.append(kid.Obj)
        else:
            _read(node, kid, numbers, pages, page)


def _read(node: Node, kid: Any, numbers: Mapping[Any, int], pages: list[Content], page: int) -> None:
    """Add the text of a piece of marked content to its node."""
    number = kid
    if isinstance(kid, pikepdf.Dictionary):
        page, number = numbers.get(kid.Pg.objgen, page) if "/Pg" in kid else page, kid.get("/MCID", -1)
    if 0 <= page < len(pages):
        node.page = node.page or page + 1
        # A line that goes on has lost the blank at which it was broken: words are compared without.
        node.text += pages[page].texts.get(int(number), "")


def _content(page: Any) -> Content:
    """Return the text of each marked content of a page, by the fonts' own tables."""
    made = Content()
    fonts = {name: _texts_of(font) for name, font in page.Resources.get("/Font", {}).items()}
    marks: list[int | None] = []
    painted: dict[int, list[str]] = {}
    current: Mapping[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        name = str(instruction.operator)
        if name in ("BDC", "BMC"):
            marks.append(_mark(operands, artifact=operands[0] == "/Artifact"))
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            current = fonts.get(str(operands[0]), {})
        elif name in _SHOWING or name in _PAINTING:
            if not marks:
                made.loose += 1
            number = next((mark for mark in reversed(marks) if mark is not None), None)
            if name in _SHOWING:
                glyphs, unknown = _shown(operands, current)
                made.unknown += unknown
                if number is not None and number >= 0:
                    painted.setdefault(number, []).extend(glyphs)
    made.texts.update((number, _spoken(glyphs)) for number, glyphs in painted.items())
    return made


def _spoken(glyphs: list[str]) -> str:
    """Return the text of glyphs, which are painted from left to right, in the order of speech."""
    if not any(_leans_left(c) for glyph in glyphs for c in glyph):
        return "".join(glyphs)
    turned: list[str] = []
    run: list[str] = []
    # Words and figures that run from left to right keep their order inside a line turned round.
    for glyph in reversed(glyphs):
        straight = any(unicodedata.bidirectional(c) in ("L", "EN", "AN") for c in glyph)
        between = bool(run) and not glyph.isspace() and not any(map(_leans_left, glyph))
        if straight or between:
            run.append(glyph)
        else:
            turned += [*reversed(run), glyph]
            run = []
    return "".join([*turned, *reversed(run)])


def _leans_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL")


def _mark(operands: Any, *, artifact: bool) -> int | None:
    """Return the MCID of a mark, -1 for an artifact, None for one that only names what is inside."""
    if artifact:
        return -1
    properties = operands[1] if len(operands) > 1 else {}
    return int(properties["/MCID"]) if "/MCID" in properties else None


def _shown(operands: Any, texts: Mapping[int, str]) -> tuple[list[str], int]:
    parts = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
    codes: list[int] = []
    for part in parts:
        if isinstance(part, pikepdf.String):
            data = bytes(part)
            codes += [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
    return [texts.get(code, "") for code in codes], sum(code == 0 or code not in texts for code in codes)


def _texts_of(font: Any) -> Mapping[int, str]:
    return _parsed(bytes(font.ToUnicode.read_bytes())) if "/ToUnicode" in font else {}


@cache
def _parsed(table: bytes) -> Mapping[int, str]:
    """Return what a ToUnicode table maps: its `bfchar` and `bfrange` lines."""
    texts: dict[int, str] = {}
    inside = ""
    for line in table.decode("ascii", "replace").splitlines():
        words = line.split()
        if words[-1:] in (["beginbfchar"], ["beginbfrange"]):
            inside = words[-1]
        elif words[:1] in (["endbfchar"], ["endbfrange"]):
            inside = ""
        elif inside:
            codes = [part.split(">")[0].replace(" ", "") for part in line.split("<")[1:]]
            first, last, text = (codes[0], codes[0], codes[-1]) if inside == "beginbfchar" else codes[:3]
            for step, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                plain = bytes.fromhex(text).decode("utf-16-be")
                texts[code] = plain[:-1] + chr(ord(plain[-1]) + step) if step else plain
    return texts


def outline_of(structure: Structure) -> tuple[tuple[object, ...], ...]:
    """Return the tree in a form that is equal for the editions of one leaflet.

    A row for each element: depth, role, language, alternative, expansion, title, ID, scope, the words
    that call a link, and the element's own text. Blanks do not count, since a line may break at any, nor
    do the page numbers of the contents. Text from right to left is painted line by line in the order of
    the eye: its letters are compared, not their order, which the words' own check looks after.
    """
    return tuple(_rows(structure.root, 0, listed=False))


def _rows(node: Node, depth: int, *, listed: bool) -> Iterator[tuple[object, ...]]:
    entries = tuple(node.say(name) for name in ("/Lang", "/Alt", "/E", "/T", "/ID"))
    scope = str(node.attribute("/Scope") or "")
    contents = str(node.annotations[0].get("/Contents", "")) if node.annotations else ""
    listed = listed or node.role == "TOCI"
    text = [c for c in node.text if not c.isspace() and not (listed and c.isdigit())]
    yield (depth, node.role, *entries, scope, contents, _settled(text))
    for kid in node.kids:
        yield from _rows(kid, depth + 1, listed=listed)


def _settled(text: list[str]) -> str:
    return "".join(sorted(text) if any(map(_leans_left, text)) else text)
