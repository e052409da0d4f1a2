"""A catalog brought up to date with the messages of today.

Entries are matched by segment id first, whatever happened to the text: an id is written in the
source and never reused, so it finds the translation of a sentence that was rewritten from end to
end, where matching by similarity finds none. Only what is left then is matched by its text: equal
texts first, then, among translations that no segment uses any more, similar ones.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from pipeline.catalogs.model import Catalog, Entry, Message
from pipeline.catalogs.template import by_context, fresh_entry

# How alike two texts are at least, of 100, for one's translation to be worth a translator's look.
_ALIKE = 70.0


@dataclass(frozen=True, slots=True)
class Update:
    """The catalog brought up to date, and its entries by what happened to them.

    `kept`: same segment, same text. `changed`: same segment, new text; a translation stays, fuzzy.
    `new`: unknown segment, untranslated. `moved`: unknown segment whose text was translated elsewhere
    in the catalog; that translation, fuzzy. `similar`: unknown segment whose text resembles one that no
    segment uses any more; its translation, fuzzy. `revived`: was obsolete, is in use again. `obsolete`:
    was in use, no longer is, and holds somebody's work.
    """

    catalog: Catalog
    kept: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    new: tuple[Entry, ...]
    moved: tuple[Entry, ...]
    similar: tuple[Entry, ...]
    revived: tuple[Entry, ...]
    obsolete: tuple[Entry, ...]


def update(catalog: Catalog, messages: Iterable[Message]) -> Update:
    """Return `catalog` with an entry for each of `messages`, in their order; then the obsolete entries.

    No translation and no translator's comment is dropped: entries without a message become obsolete.
    Raises `TranslationError` for messages without an id or text, or with an id used twice.
    """
    wanted = by_context(messages)
    by_segment: defaultdict[str | None, list[Entry]] = defaultdict(list)
    by_text: dict[str, Entry] = {}
    for entry in sorted(catalog.entries, key=lambda e: e.obsolete):
        by_segment[entry.context].append(entry)
        if entry.translation and not entry.fuzzy:
            by_text.setdefault(entry.id, entry)
    used: set[tuple[str | None, str]] = set()
    names = ("kept", "changed", "new", "moved", "similar", "revived")
    groups: dict[str, list[Entry]] = {name: [] for name in names}
    current: list[Entry] = []
    orphans = _Orphans(e for e in catalog.entries if e.context not in wanted)
    for message in wanted.values():
        old = _match(by_segment.get(message.context, ()), message.id)
        if old is not None:
            used.add((old.context, old.id))
            group = "revived" if old.obsolete else "kept" if old.id == message.id else "changed"
            entry = _carried(old, message)
        elif (twin := by_text.get(message.id)) is not None:
            group, entry = "moved", _borrowed(twin, message)
        elif (like := orphans.take_like(message.id)) is not None:
            group, entry = "similar", _borrowed(like, message)
        else:
            group, entry = "new", fresh_entry(message)
        groups[group].append(entry)
        current.append(entry)
    left = [e for e in catalog.entries if (e.context, e.id) not in used]
    old_obsolete = [e for e in left if e.obsolete]
    new_obsolete = [
        dataclasses.replace(e, obsolete=True)
        for e in left
        if not e.obsolete and (e.translation or e.translator_comments)
    ]
    return Update(
        dataclasses.replace(catalog, entries=(*current, *old_obsolete, *new_obsolete)),
        obsolete=tuple(new_obsolete),
        **{name: tuple(entries) for name, entries in groups.items()},
    )


class _Orphans:
    """The translations that no segment uses, by text; each is offered to one segment at most."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._left: dict[str, Entry] = {}
        for entry in entries:
            if entry.translation and not entry.fuzzy:
                self._left.setdefault(entry.id, entry)

    def take_like(self, text: str) -> Entry | None:
        """Return the entry whose text resembles `text` most, and offer it no more; None if none does."""
        found = process.extractOne(text, self._left.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return self._left.pop(found[0]) if found else None


def _match(candidates: Iterable[Entry], text: str) -> Entry | None:
    """Return a segment's entry: the one of this very text, else one in use, else the last obsolete one.

    An obsolete entry of this text comes first when the source went back to an older wording.
    """
    found = list(candidates)
    exact = next((e for e in found if e.id == text), None)
    in_use = next((e for e in found if not e.obsolete), None)
    return exact or in_use or (found[-1] if found else None)


def _carried(old: Entry, message: Message) -> Entry:
    """Return the entry of the same segment, with the message's text and notes."""
    fresh = fresh_entry(message)
    entry = dataclasses.replace(
        old,
        id=message.id,
        extracted_comments=fresh.extracted_comments,
        references=fresh.references,
        obsolete=False,
    )
    if old.id == message.id:
        return entry
    # What a fuzzy translation was made for is its previous text, not the wording that came between.
    made_for = old.previous_id if old.fuzzy and old.previous_id is not None else old.id
    same = not old.translation or made_for == message.id
    return dataclasses.replace(
        entry,
        fuzzy=bool(old.translation),
        previous_context=None if same else old.previous_context,
        previous_id=None if same else made_for,
    )


def _borrowed(twin: Entry, message: Message) -> Entry:
    """Return a new entry with the translation of the same text elsewhere; only a person knows if it fits."""
    return dataclasses.replace(
        fresh_entry(message),
        translation=twin.translation,
        fuzzy=True,
        translator_comments=twin.translator_comments,
        previous_context=twin.context,
        previous_id=twin.id,
    )
