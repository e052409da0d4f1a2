"""What every format says before the leaflet begins: the notices and the version line."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document import State, TranslatedDocument
from pipeline.interface import english, fill
from pipeline.languages import language


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning on the first page, in one language (BCP 47)."""

    language: str
    title: str
    text: str


def notices(translated: TranslatedDocument) -> tuple[Notice, ...]:
    """Return the notices that a reader must see: none once everything is signed off.

    A draft translation warns in its own language and in the source's, so that a clinician who does
    not read it knows what is being handed over (45 CFR 92.201: critical text needs human review).
    A language that is kept on an edition which the source has left says so, in both languages too.
    """
    own, labels = translated.language.tag, dict(translated.labels)
    both = ((own, labels), (translated.source_language.tag, english()))
    match translated.status:
        case State.SIGNED:
            found: tuple[Notice, ...] = ()
        case State.SOURCE:
            found = (_notice(translated, own, "source", labels),)
        case _:
            found = tuple(_notice(translated, tag, "draft", words) for tag, words in both)
    if translated.superseded:
        found += tuple(_edition_notice(translated, tag, words) for tag, words in both)
    return found


def _edition_notice(translated: TranslatedDocument, tag: str, labels: dict[str, str]) -> Notice:
    issued = language(tag).date(translated.document.revision)
    return Notice(tag, labels["edition-title"], fill(labels["edition-notice"], date=issued))


def _notice(translated: TranslatedDocument, tag: str, kind: str, labels: dict[str, str]) -> Notice:
    text = labels[f"{kind}-notice"]
    missing = translated.count(State.UNTRANSLATED) + translated.count(State.FUZZY)
    if missing:
        digits = str(missing)
        own = tag == translated.language.tag
        count = translated.language.localize_digits(digits) if own else digits
        text += " " + fill(labels["untranslated-notice"], count=count)
    return Notice(tag, labels[f"{kind}-title"], text)


def version_line(translated: TranslatedDocument) -> str:
    """Return the line that says which version this is, of what date."""
    document, language = translated.document, translated.language
    return fill(
        translated.labels["version"],
        version=language.localize_digits(document.version),
        date=language.date(document.revision),
    )


def status_label(translated: TranslatedDocument) -> str:
    """Return the translation status in the reader's language."""
    names = {State.SOURCE: "source", State.DRAFT: "draft", State.SIGNED: "signed"}
    return translated.labels[f"status-{names.get(translated.status, 'incomplete')}"]
