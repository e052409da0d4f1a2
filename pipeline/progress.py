"""Progress: how far a translation has come, as a whole, by handout and by section; what is left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pipeline.catalogs import Catalog, Standing
from pipeline.diagnostics import Diagnostic, PipelineError
from pipeline.document import Document, Note, Section, TranslatedDocument, plain_text, segments
from pipeline.selection import select
from pipeline.translation import digests, extract_interface
from pipeline.workspace import edition_of, interface_catalog, ledger_of, load, roles_of

# Rules of thumb of the trade for careful medical text: new words, words revised, words reviewed an hour.
_WORDS_AN_HOUR = MappingProxyType({"new": 250, "revised": 500, "reviewed": 1000})


class Stage(StrEnum):
    """How far one segment is. `STALE` was signed off, for other words than today's."""

    UNTRANSLATED = "untranslated"
    FUZZY = "fuzzy"
    DRAFT = "draft"
    STALE = "stale"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Tally:
    """Segments by stage; the source words still to translate or revise; hours of work, roughly."""

    segments: Mapping[Stage, int]
    words_left: int
    hours_to_translate: float
    hours_to_review: float

    @property
    def total(self) -> int:
        """How many segments there are."""
        return sum(self.segments.values())

    @property
    def translated(self) -> int:
        """How many segments have a translation in use, signed off or not."""
        return sum(self.segments[stage] for stage in (Stage.DRAFT, Stage.STALE, Stage.SIGNED))


@dataclass(frozen=True, slots=True)
class Part:
    """A handout or a section, by its id and its title in the source's language."""

    id: str
    title: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a language is. With `faults` its files cannot be read, and nothing else is known.

    `interface` counts the product's own words, which are translated but not signed off.
    """

    tag: str
    edition: str = ""
    whole: Tally | None = None
    handouts: tuple[Part, ...] = ()
    sections: tuple[Part, ...] = ()
    interface: Tally | None = None
    faults: tuple[Diagnostic, ...] = ()


def progress_of(root: Path, tag: str) -> Progress:
    """Return how far a language of the project is. Raises `SourceError` for faults of the source alone."""
    load(root)
    try:
        document, catalog = edition_of(root, tag)
        ledger, roles = ledger_of(root, tag), roles_of(root, tag)
        interface = interface_catalog(root, tag)
    except PipelineError as error:
        return Progress(tag, faults=error.diagnostics)
    signed = digests(document, catalog)
    stages: dict[str, Stage] = {}
    for segment in segments(document):
        digest = signed.get(segment.id)
        if digest is None:
            entry = catalog.get(segment.id) if catalog else None
            stages[segment.id] = Stage.FUZZY if entry and entry.translation else Stage.UNTRANSLATED
        else:
            stages[segment.id] = _stage([ledger.standing(role, segment.id, digest) for role in roles])
    words = {s.id: len(plain_text(s.children).split()) for s in segments(document)}

    def tally(ids: Iterable[str]) -> Tally:
        return _tally({name: stages[name] for name in ids}, words, reviews=len(roles))

    return Progress(
        tag,
        ledger.edition,
        tally(stages),
        tuple(
            Part(h.id, plain_text(h.front.title.children), tally(_selected(document, h.id)))
            for h in document.handouts
        ),
        tuple(Part(name, title, tally(ids)) for name, title, ids in _sections(document)),
        _interface(interface) if catalog else None,
    )


def _interface(catalog: Catalog | None) -> Tally:
    stages = {}
    messages = extract_interface()
    for message in messages:
        entry = catalog.get(message.context) if catalog else None
        if entry is None or not entry.translation:
            stages[message.context] = Stage.UNTRANSLATED
        else:
            good = entry.id == message.id and not entry.fuzzy
            stages[message.context] = Stage.DRAFT if good else Stage.FUZZY
    return _tally(stages, {m.context: len(m.id.split()) for m in messages}, reviews=0)


def _stage(standings: list[Standing]) -> Stage:
    if standings and all(standing is Standing.SIGNED for standing in standings):
        return Stage.SIGNED
    return Stage.STALE if Standing.STALE in standings else Stage.DRAFT


def _tally(stages: Mapping[str, Stage], words: Mapping[str, int], *, reviews: int) -> Tally:
    counts = {stage: sum(at is stage for at in stages.values()) for stage in Stage}
    of = {stage: sum(words[name] for name, at in stages.items() if at is stage) for stage in Stage}
    new, revised = of[Stage.UNTRANSLATED], of[Stage.FUZZY]
    unsigned = (sum(of.values()) - of[Stage.SIGNED]) * reviews
    hours = new / _WORDS_AN_HOUR["new"] + revised / _WORDS_AN_HOUR["revised"]
    return Tally(counts, new + revised, round(hours, 1), round(unsigned / _WORDS_AN_HOUR["reviewed"], 1))


def _selected(document: Document, handout: str) -> dict[str, None]:
    """Return the ids of the segments that a handout publishes, in order."""
    from_source = TranslatedDocument(document, {}, document.language)
    return dict.fromkeys(s.id for s in segments(select(from_source, handout).document))


def _sections(document: Document) -> list[tuple[str, str, dict[str, None]]]:
    """Return each top-level part that has a heading: its id, its title, the ids of its segments."""
    found = []
    for block in document.blocks:
        match block:
            case Section(heading=heading) | Note(heading=heading) if heading is not None:
                ids = dict.fromkeys(s.id for s in segments(block))
                found.append((block.id, plain_text(heading.text.children), ids))
            case _:
                pass
    return found
