"""Provenance: the passport of a target, from the project as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline import __version__
from pipeline.document import TranslatedDocument
from pipeline.editions import Target
from pipeline.passport import Passport, passport
from pipeline.translation import extract
from pipeline.workspace import edition_of, facts_of, outcomes_of


def passport_of(root: Path, target: Target, chosen: TranslatedDocument, *, program_digest: str) -> Passport:
    """Return the passport of a target. Raises `TranslationError`."""
    source, translation = _texts(root, target.language)
    return passport(
        chosen,
        target,
        source=source,
        translation=translation,
        queries=facts_of(root).query,
        outcomes=outcomes_of(root, target.language),
        program=(__version__, program_digest),
    )


def _texts(root: Path, tag: str) -> tuple[Mapping[str, str], Mapping[str, str] | None]:
    """Return the text of each segment in the source, and in a language if that is another one."""
    document, catalog = edition_of(root, tag)
    messages = extract(document)
    if catalog is None:
        return {m.context: m.id for m in messages}, None
    # What is fuzzy, or was translated from other words, is not shown.
    good = {
        m.context: entry.translation
        for m in messages
        if (entry := catalog.get(m.context)) and not entry.fuzzy and entry.id == m.id
    }
    return {m.context: m.id for m in messages}, good
