"""Inlines as runs and links."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import IO, Any, Protocol, assert_never

from docx.opc.constants import RELATIONSHIP_TYPE

from pipeline.document import (
    Abbreviation,
    Definition,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Paragraph,
    Span,
    Strong,
    Term,
    Text,
    TranslatedDocument,
    Value,
    note_numbers,
    plain_text,
    walk,
)
from pipeline.editions import Layout
from pipeline.interface import fill
from pipeline.languages import language
from pipeline.renderers.docx.measures import Look
from pipeline.renderers.docx.ooxml import Element, bookmark_name, clean, element
from pipeline.renderers.docx.runs import EMPHASIS, LINK, STRONG, TERM, Piece, Voice, plain_voice, run, runs

# Word cuts a longer tooltip off.
_TOOLTIP_LENGTH = 250

_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"


@dataclass(slots=True)
class Counters:
    """Numbers that Word wants to be unique in a file, and the notes called so far."""

    bookmark: int = 0
    picture: int = 0
    called: set[str] = field(default_factory=set)


class Part(Protocol):
    """What text is related to: the document of a package, or what stands in for one."""

    def relate_to(self, target: str, reltype: str, is_external: bool = False) -> str:
        """Return the id of the relationship to `target`."""

    def get_or_add_image(self, image_descriptor: IO[bytes]) -> tuple[str, Any]:
        """Return the id of the relationship to a picture, and the picture."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a leaflet is written with: its words, its measures, and the package that it goes into.

    `lists` is the root of the part that defines lists, `style` is the style of paragraphs here, `look`
    the box that we are in, `depth` the number of lists that we are in.
    """

    translated: TranslatedDocument
    layout: Layout
    part: Part
    lists: Element
    voice: Voice
    numbers: dict[str, int]
    explanations: dict[str, Definition]
    counters: Counters = field(default_factory=Counters)
    style: str = "Body Text"
    look: Look | None = None
    depth: int = 0

    @property
    def rtl(self) -> bool:
        """Whether the document runs from right to left."""
        return self.layout.language.rtl


def begin(translated: TranslatedDocument, layout: Layout, *, part: Part, lists: Element) -> Word:
    """Return what `translated` is written with, from its first word on."""
    document, source = translated.document, translated.source_language
    latin = source if source.script == "Latn" else language("en")
    return Word(
        translated=translated,
        layout=layout,
        part=part,
        lists=lists,
        voice=replace(plain_voice(translated.language, latin), underlines=layout.edition.underlines),
        numbers=note_numbers(document),
        explanations={n.entry: n for n in walk(document) if isinstance(n, Definition) and n.entry},
    )


def inlines(nodes: Inlines, voice: Voice, to: Word) -> list[Element]:
    """Return the runs and links of `nodes`."""
    return [made for node in nodes for made in inline(node, voice, to)]


def inline(node: Inline, voice: Voice, to: Word) -> list[Element]:
    """Return the runs and links of one inline."""
    match node:
        case Value(text=text, direction=own) if own and (own == "rtl") != to.rtl:
            return _isolated(text, voice)
        case Text(text) | Value(text=text) | Abbreviation(text=text):
            # Word has no element for abbreviations; the text explains each where it first stands.
            return runs(text, voice)
        case Strong(children):
            return inlines(children, _styled(voice, STRONG), to)
        case Emphasis(children):
            return inlines(children, _styled(voice, EMPHASIS), to)
        case Span(tag, children):
            return _span(tag, children, voice, to)
        case Link(children=children) | Term(children=children) if voice.linked:
            return inlines(children, voice, to)
        case Link(target, children):
            return [_link(target, children, voice, to)]
        case Term(name, children):
            linked = replace(voice, style=voice.style or TERM, linked=True)
            tip = _explanation(name, to) or plain_text(children)
            return [hyperlink(inlines(children, linked, to), anchor=f"term-{name}", tip=tip)]
        case NoteReference(name):
            return _call(name, voice, to)
        case LineBreak():
            return [element("w:r", element("w:br"))]
        case _:
            assert_never(node)


def hyperlink(shown: list[Element], *, tip: str, anchor: str = "", relation: str = "") -> Element:
    """Return a link around `shown`: to a segment or block of the leaflet, or to a related address."""
    return element(
        "w:hyperlink",
        *shown,
        r_id=relation or None,
        anchor=bookmark_name(anchor) if anchor else None,
        tooltip=_shorten(tip),
        history=1,
    )


def bookmark(anchor: str, around: list[Element], to: Word) -> list[Element]:
    """Return `around` between the start and the end of the bookmark for `anchor`."""
    to.counters.bookmark += 1
    number = to.counters.bookmark
    start = element("w:bookmarkStart", id=number, name=bookmark_name(anchor))
    return [start, *around, element("w:bookmarkEnd", id=number)]


def note_call(name: str) -> str:
    """Return the anchor of the place that calls a note; it cannot be a segment id."""
    return f"_call_{name}"


def note_anchor(name: str) -> str:
    """Return the anchor of a note; it cannot be a segment id."""
    return f"_note_{name}"


def note_label(name: str, to: Word) -> tuple[str, str]:
    """Return how a note is called in the text, and how it is called aloud: `[1]`, `Note 1`."""
    number = to.layout.language.localize_digits(str(to.numbers[name]))
    return f"[{number}]", fill(to.translated.labels["note"], number=number)


def _styled(voice: Voice, style: str) -> Voice:
    """Return `voice` in a bold style; a link's style, bold too, stays."""
    return voice if voice.style == LINK else replace(voice, style=style)


def _span(tag: str, children: Inlines, voice: Voice, to: Word) -> list[Element]:
    """Return the runs of words in another language.

    Punctuation at the ends of words that run against the paragraph needs a mark of their direction
    beside it: not every program goes by that of the run.
    """
    own = replace(voice, language=language(tag))
    made, words = inlines(children, own, to), plain_text(children)
    if own.language.rtl == voice.language.rtl or not words:
        return made
    mark = _RIGHT_TO_LEFT_MARK if own.language.rtl else _LEFT_TO_RIGHT_MARK
    before = [] if words[0].isalpha() else runs(mark, own)
    after = [] if words[-1].isalpha() else runs(mark, own)
    return [*before, *made, *after]


def _isolated(text: str, voice: Voice) -> list[Element]:
    """Return a value that runs against the paragraph as one run of its own direction.

    A mark of that direction on either side holds its ends, as for `_span`: Word has no isolate that
    every program knows.
    """
    rtl = not voice.page_rtl
    mark = _RIGHT_TO_LEFT_MARK if rtl else _LEFT_TO_RIGHT_MARK
    latin = any(c.isalpha() and c.isascii() for c in text)
    return run(Piece(f"{mark}{text}{mark}", voice.latin if latin else voice.language, rtl=rtl), voice)


def _link(target: str, children: Inlines, voice: Voice, to: Word) -> Element:
    shown = inlines(children, replace(voice, style=LINK, linked=True), to)
    if target.startswith("#"):
        return hyperlink(shown, anchor=target[1:], tip=plain_text(children))
    relation = to.part.relate_to(clean(target), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return hyperlink(shown, relation=relation, tip=target)


def _call(name: str, voice: Voice, to: Word) -> list[Element]:
    mark, spoken = note_label(name, to)
    first = name not in to.counters.called
    to.counters.called.add(name)
    own = replace(to.voice, style=LINK, linked=True)
    if voice.linked:
        return runs(mark, own)
    made = [hyperlink(runs(mark, own), anchor=note_anchor(name), tip=spoken)]
    return bookmark(note_call(name), made, to) if first else made


def _explanation(name: str, to: Word) -> str:
    """Return what the glossary says of a term, for those who point at it."""
    entry = to.explanations.get(name)
    if entry is None:
        return ""
    said = (plain_text(b.text.children) for b in entry.blocks if isinstance(b, Paragraph))
    return f"{plain_text(entry.term.children)}: {' '.join(said)}"


def _shorten(words: str) -> str:
    return words if len(words) <= _TOOLTIP_LENGTH else f"{words[: _TOOLTIP_LENGTH - 1]}…"
