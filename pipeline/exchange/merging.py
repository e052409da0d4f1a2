"""Translations that come back, put into the catalog that they were taken from."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.catalogs import Catalog, Entry
from pipeline.catalogs.tags import tags_of


@dataclass(frozen=True, slots=True)
class Incoming:
    """A translation from another file. `place` is where it stands there: `row 12`, `unit key-what`.

    `fuzzy` says whether it still needs work; None leaves that as it is in the catalog.
    """

    place: str
    segment: str
    source: str
    translation: str
    fuzzy: bool | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A translation that was not taken, and why."""

    place: str
    segment: str
    reason: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The catalog with the translations that were taken; `changed` maps their segments to their places."""

    catalog: Catalog
    changed: dict[str, str]
    refused: tuple[Refusal, ...]


def merge(catalog: Catalog, incoming: Iterable[Incoming]) -> Merged:
    """Return `catalog` with each translation that is of a segment in use, of its text, with its tags.

    What is empty or equal to what is there changes nothing; a translation is never emptied by an import.
    """
    taken: dict[str, Entry] = {}
    changed: dict[str, str] = {}
    refused: list[Refusal] = []
    seen: dict[str, str] = {}
    for item in incoming:
        entry = catalog.get(item.segment)
        reason = _reason(item, entry, seen.get(item.segment))
        seen.setdefault(item.segment, item.place)
        if reason or entry is None:
            refused.append(Refusal(item.place, item.segment, reason))
            continue
        new = _merged(entry, item)
        if new != entry:
            taken[item.segment], changed[item.segment] = new, item.place
    entries = tuple(e if e.obsolete or e.context not in taken else taken[e.context] for e in catalog.entries)
    return Merged(dataclasses.replace(catalog, entries=entries), changed, tuple(refused))


def _reason(item: Incoming, entry: Entry | None, before: str | None) -> str:
    """Return why a translation cannot be taken, or ""."""
    if entry is None:
        return "there is no such segment in the catalog"
    if before is not None:
        return f"the segment stands in {before} already"
    if _normal(item.source) != _normal(entry.id):
        return "the source text is not that of the catalog: it has changed since, or was edited"
    if not item.translation.strip():
        return ""
    wanted, found = tags_of(entry.id), tags_of(item.translation)
    missing, added = wanted - found, found - wanted
    if missing:
        return f"the tag {next(iter(missing))} is missing"
    if added:
        return f"the tag {next(iter(added))} is not in the source"
    return ""


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _merged(entry: Entry, item: Incoming) -> Entry:
    if not item.translation.strip():
        return entry
    fuzzy = entry.fuzzy if item.fuzzy is None else item.fuzzy
    if (item.translation, fuzzy) == (entry.translation, entry.fuzzy):
        return entry
    return dataclasses.replace(
        entry,
        translation=item.translation,
        fuzzy=fuzzy,
        previous_context=entry.previous_context if fuzzy else None,
        previous_id=entry.previous_id if fuzzy else None,
    )
