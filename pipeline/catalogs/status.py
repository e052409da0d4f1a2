"""How far a translation is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.catalogs.model import Catalog, Message
from pipeline.catalogs.template import by_context


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of messages: `total` = `translated` + `fuzzy` + `untranslated` + `stale`.

    `stale` have a translation whose msgid is not the message's text any more. `obsolete` counts the
    catalog's entries that no message uses.
    """

    total: int
    translated: int
    fuzzy: int
    untranslated: int
    stale: int
    obsolete: int


def status(catalog: Catalog, messages: Iterable[Message]) -> Status:
    """Count what is translated of `messages`. Raises `TranslationError` if they share an id."""
    wanted = by_context(messages)
    translated = fuzzy = untranslated = stale = 0
    for message in wanted.values():
        entry = catalog.get(message.context)
        if entry is None or not entry.translation:
            untranslated += 1
        elif entry.id != message.id:
            stale += 1
        elif entry.fuzzy:
            fuzzy += 1
        else:
            translated += 1
    unused = sum(e.obsolete or e.context not in wanted for e in catalog.entries)
    return Status(len(wanted), translated, fuzzy, untranslated, stale, unused)
