"""A Word file as its readers take it: the parts, and what each run of text really looks like.

Read with zipfile and lxml alone. A property that no one finds in the file is not yet a fault: Word
looks for it in the run, its character style, the chain of its paragraph's styles, and the defaults
(ECMA-376 part 1, 17.7.2). Text in complex scripts takes size, weight, font and language from slots of
their own (17.3.2), which is where large print fails in silence.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from pipeline.checks.pages import UnreadableError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DC = "{http://purl.org/dc/elements/1.1/}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

DOCUMENT = "word/document.xml"

# The parts that hold text which a reader meets.
_STORY = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml")
_LARGEST = 50_000_000
_OFF = ("0", "false", "off", "none")

# Toggle properties that change the shapes of letters, in words.
_TOGGLES = {
    "i": "italic",
    "iCs": "italic",
    "caps": "capitals",
    "smallCaps": "small capitals",
    "strike": "struck out",
    "vanish": "hidden",
    "outline": "outlined",
    "shadow": "shadowed",
}

# Word sets text in 10 pt where nothing says otherwise (17.3.2.38).
_UNSAID = 20
_INK = "000000"


def on(node: Any) -> bool:
    """Say whether a property is set and switched on."""
    return node is not None and node.get(f"{W}val", "1") not in _OFF


def value(node: Any, name: str = "val") -> str:
    """Return an attribute of a property; "" if there is no such property or attribute."""
    return "" if node is None else str(node.get(f"{W}{name}", ""))


def text_of(node: Any) -> str:
    """Return the text of an element; a line break is a line end, and the code of a field is no text."""
    shown = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
    return "".join(
        n.text or "" if n.tag == f"{W}t" else shown[n.tag]
        for n in node.iter(f"{W}t", *shown)
        if n.getparent().tag == f"{W}r"
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A run of text as Word shows it. `size` is in pt; `color` and `background` are hexadecimal.

    `complex` says whether the complex-script slots apply, `bolds` holds the weight in the plain slot
    and in that slot. `bookmarks` are the names of those that it stands in.
    """

    text: str
    part: str
    style: str
    paragraph: Any
    complex: bool
    rtl: bool
    size: float
    bolds: tuple[bool, bool]
    language: str
    family: str
    color: str
    background: str
    decoration: tuple[str, ...]
    bookmarks: frozenset[str]


class Package:
    """The parts of a Word file. Raises `UnreadableError` for what is not one."""

    def __init__(self, data: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if any(info.file_size > _LARGEST for info in archive.infolist()):
                    raise UnreadableError(f"a part is larger than {_LARGEST} bytes")
                self.members: Mapping[str, bytes] = {n: archive.read(n) for n in archive.namelist()}
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise UnreadableError(str(error)) from error
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            self.trees: Mapping[str, Any] = {
                name: etree.fromstring(content, parser)
                for name, content in self.members.items()
                if name.endswith((".xml", ".rels"))
            }
        except etree.LxmlError as error:
            raise UnreadableError(str(error)) from error
        self.document = self.part(DOCUMENT)
        if self.document is None:
            raise UnreadableError(f"there is no {DOCUMENT}")
        styles = self.tree("word/styles.xml").iter(f"{W}style")
        self.styles: Mapping[str, Any] = {value(s, "styleId"): s for s in styles}

    def part(self, name: str) -> Any:
        """Return the root of a part, or None."""
        return self.trees.get(name)

    def tree(self, name: str) -> Any:
        """Return the root of a part; an empty element if there is no such part."""
        found = self.trees.get(name)
        return etree.Element("absent") if found is None else found

    @property
    def stories(self) -> Iterator[tuple[str, Any]]:
        """The parts with text, by name."""
        return ((name, self.trees[name]) for name in sorted(self.trees) if _STORY.fullmatch(name))

    def relations(self, part: str) -> Mapping[str, Any]:
        """Return the relationships of a part by id."""
        folder, _, name = part.rpartition("/")
        return {str(r.get("Id")): r for r in self.tree(f"{folder}/_rels/{name}.rels").iter(RELATION)}

    @cached_property
    def paragraphs(self) -> tuple[Any, ...]:
        """The paragraphs of the document, in order."""
        return tuple(self.document.iter(f"{W}p"))

    @cached_property
    def runs(self) -> tuple[Shown, ...]:
        """Every run that has text to see, in every part with text."""
        return tuple(run for name, root in self.stories for run in self._runs(name, root))

    @cached_property
    def bookmarks(self) -> Mapping[str, Any]:
        """The paragraph (or other parent) of each bookmark, by name."""
        starts = (b for _, root in self.stories for b in root.iter(f"{W}bookmarkStart"))
        return {value(start, "name"): start.getparent() for start in starts}

    def style_name(self, paragraph: Any) -> str:
        """Return the name of a paragraph's style, as Word shows it."""
        chain = self._chain(self._style_of(paragraph))
        return value(chain[0].find(f"{W}name")) if chain else ""

    def paragraph_property(self, paragraph: Any, name: str) -> Any:
        """Return the property of a paragraph that counts, or None."""
        chain = self._chain(self._style_of(paragraph))
        sources = (paragraph, *chain, self._default("pPr"))
        return _first(sources, "pPr", name)

    def level(self, paragraph: Any) -> int:
        """Return the level of a heading, counted from 1; 0 for a paragraph that is none."""
        outline = value(self.paragraph_property(paragraph, "outlineLvl"))
        return int(outline) + 1 if outline.isdigit() and int(outline) < 9 else 0

    def list_of(self, paragraph: Any) -> tuple[str, int]:
        """Return of what sort of list (`bullet`, `decimal`, "") a paragraph is an item, and its level."""
        numbered = self.paragraph_property(paragraph, "numPr")
        if numbered is None:
            return "", 0
        own = value(numbered.find(f"{W}numId"))
        depth = int(value(numbered.find(f"{W}ilvl")) or 0)
        numbering = self.tree("word/numbering.xml")
        for number in numbering.findall(f"{W}num"):
            if value(number, "numId") == own:
                kind = value(number.find(f"{W}abstractNumId"))
                for level in numbering.iter(f"{W}lvl"):
                    place = value(level, "ilvl"), value(level.getparent(), "abstractNumId")
                    if place == (str(depth), kind):
                        return value(level.find(f"{W}numFmt")), depth
        return "", depth

    def _style_of(self, paragraph: Any) -> str:
        chosen = value(paragraph.find(f"{W}pPr/{W}pStyle"))
        return chosen or next((i for i, s in self.styles.items() if _is_default(s)), "")

    def _chain(self, style: str) -> list[Any]:
        """Return a style and those that it is based on, nearest first."""
        found: list[Any] = []
        while style in self.styles and self.styles[style] not in found:
            found.append(self.styles[style])
            style = value(found[-1].find(f"{W}basedOn"))
        return found

    def _default(self, kind: str) -> Any:
        path = f"{W}docDefaults/{W}{kind}Default"
        found = self.tree("word/styles.xml").find(path)
        return etree.Element("absent") if found is None else found

    def _runs(self, part: str, root: Any) -> Iterator[Shown]:
        inside: dict[str, str] = {}
        for node in root.iter(f"{W}r", f"{W}bookmarkStart", f"{W}bookmarkEnd"):
            if node.tag == f"{W}bookmarkStart":
                inside[value(node, "id")] = value(node, "name")
            elif node.tag == f"{W}bookmarkEnd":
                inside.pop(value(node, "id"), None)
            elif text_of(node).strip():
                yield self._shown(node, part, frozenset(inside.values()))

    def _shown(self, run: Any, part: str, bookmarks: frozenset[str]) -> Shown:
        paragraph = next(run.iterancestors(f"{W}p"))
        style = self._style_of(paragraph)
        above, below = self._chain(value(run.find(f"{W}rPr/{W}rStyle"))), self._chain(style)
        sources = (run, *above, *below, self._default("rPr"))
        words = text_of(run)
        rtl = on(_first(sources, "rPr", "rtl"))
        cursive = rtl or on(_first(sources, "rPr", "cs"))
        east = not cursive and _EAST_ASIAN.search(words) is not None
        slot, font = ("bidi", "cs") if cursive else ("eastAsia", "eastAsia") if east else ("val", "ascii")
        size = value(_first(sources, "rPr", "szCs" if cursive else "sz"))
        color = value(_first(sources, "rPr", "color"))
        ground = value(_first((run,), "rPr", "shd"), "fill")
        return Shown(
            text=words,
            part=part,
            style=style,
            paragraph=paragraph,
            complex=cursive,
            rtl=rtl,
            size=int(size if size.isdigit() else _UNSAID) / 2,
            bolds=(_toggled(run, above, below, "b"), _toggled(run, above, below, "bCs")),
            language=_attribute(sources, "lang", slot),
            family=_attribute(sources, "rFonts", font),
            color=color if re.fullmatch("[0-9A-Fa-f]{6}", color) else _INK,
            background=ground if _is_color(ground) else self._background(paragraph),
            decoration=tuple(_decoration(run, above, below, sources)),
            bookmarks=bookmarks,
        )

    def _background(self, paragraph: Any) -> str:
        cell = next(paragraph.iterancestors(f"{W}tc"), None)
        fills = (
            value(self.paragraph_property(paragraph, "shd"), "fill"),
            "" if cell is None else value(cell.find(f"{W}tcPr/{W}shd"), "fill"),
        )
        return next((fill for fill in fills if _is_color(fill)), "FFFFFF")


_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _is_color(fill: str) -> bool:
    return re.fullmatch("[0-9A-Fa-f]{6}", fill) is not None


def _is_default(style: Any) -> bool:
    return (value(style, "type"), value(style, "default")) == ("paragraph", "1")


def _first(sources: tuple[Any, ...], kind: str, name: str) -> Any:
    """Return the nearest definition of a property."""
    found = (source.find(f"{W}{kind}/{W}{name}") for source in sources)
    return next((node for node in found if node is not None), None)


def _attribute(sources: tuple[Any, ...], name: str, slot: str) -> str:
    """Return the nearest value of one slot of a property: each is inherited by itself."""
    found = (value(source.find(f"{W}rPr/{W}{name}"), slot) for source in sources)
    return next((given for given in found if given), "")


def _toggled(run: Any, above: list[Any], below: list[Any], name: str) -> bool:
    """Say whether a toggle property is on: styles of two sorts that both set it cancel out (17.7.3)."""
    direct = run.find(f"{W}rPr/{W}{name}")
    if direct is not None:
        return on(direct)
    return on(_first(tuple(above), "rPr", name)) != on(_first(tuple(below), "rPr", name))


def _decoration(run: Any, above: list[Any], below: list[Any], sources: tuple[Any, ...]) -> Iterator[str]:
    yield from dict.fromkeys(word for name, word in _TOGGLES.items() if _toggled(run, above, below, name))
    if on(_first(sources, "rPr", "u")):
        yield "underlined"
    if value(_first(sources, "rPr", "vertAlign")) in ("superscript", "subscript"):
        yield "raised or lowered, and so smaller"
