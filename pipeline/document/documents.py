"""Whole documents: the source, what a handout selects, what a translation makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.document.blocks import Blocks
from pipeline.document.inlines import Node, NoteReference, Segment, State
from pipeline.document.walking import segments, walk
from pipeline.languages import Language


@dataclass(frozen=True, slots=True)
class Front(Node):
    """The front matter of a handout: what stands on the cover and in the metadata."""

    title: Segment
    subtitle: Segment
    summary: Segment


@dataclass(frozen=True, slots=True)
class Handout(Node):
    """A published selection of the source: the ids of the blocks that it takes and leaves out.

    An empty `include` takes everything. `contents` asks for a table of contents. `max_pages` maps
    `format/edition/paper` to the number of pages that the handout must fit on.
    """

    id: str
    front: Front
    contents: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document(Node):
    """A leaflet in one language: the whole source, or the selection that a handout publishes.

    `revision` is the source's date of issue: the clock of every artefact. `review` is the date by
    which the text must be looked at again. `expansions` holds the abbreviations' full forms;
    `handouts` what may be selected. `contents` asks renderers for a table of contents.
    """

    slug: str
    language: Language
    front: Front
    blocks: Blocks
    revision: date
    review: date
    version: str
    licence: str = ""
    authors: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    expansions: tuple[Segment, ...] = ()
    handouts: tuple[Handout, ...] = ()
    contents: bool = True


@dataclass(frozen=True, slots=True)
class TranslatedDocument:
    """A document in a reader's language, with what is known of its translation.

    `labels` are the interface's words ("Contents", "Page") in that language, by message id.
    Segments that fell back to the source language hold a `Span` in that language, so that a
    screen reader pronounces them right; their `state` says why. `superseded` says that this follows an
    edition of the source that has been changed since.
    """

    document: Document
    labels: Mapping[str, str]
    source_language: Language
    superseded: bool = False

    @property
    def language(self) -> Language:
        """The language that readers asked for."""
        return self.document.language

    @property
    def status(self) -> State:
        """The state of the whole: that of its least advanced segment."""
        order = (State.UNTRANSLATED, State.FUZZY, State.DRAFT, State.SOURCE, State.SIGNED)
        return min((s.state for s in segments(self.document)), key=order.index, default=State.SOURCE)

    def count(self, state: State) -> int:
        """Return how many segments are in `state`."""
        return sum(s.state is state for s in segments(self.document))


def note_numbers(document: Document) -> dict[str, int]:
    """Return the number of each note, in the order in which the text first calls it."""
    called = dict.fromkeys(n.id for n in walk(document) if isinstance(n, NoteReference))
    return {note: number for number, note in enumerate(called, start=1)}
