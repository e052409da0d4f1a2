"""What every format says before the leaflet begins: the notices and the version line."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document import State, TranslatedDocument
from pipeline.interface import LABELS, fill


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
    """
    own, source = translated.language.tag, translated.source_language.tag
    match translated.status:
        case State.SIGNED:
            return ()
        case State.SOURCE:
            return (_notice(translated, own, "source", dict(translated.labels)),)
        case _:
            english = {name: label.text for name, label in LABELS.items()}
            return (
                _notice(translated, own, "draft", dict(translated.labels)),
                _notice(translated, source, "draft", english),
            )


def _notice(translated: TranslatedDocument, language: str, kind: str, labels: dict[str, str]) -> Notice:
    text = labels[f"{kind}-notice"]
    missing = translated.count(State.UNTRANSLATED) + translated.count(State.FUZZY)
    if missing:
        digits = str(missing)
        own = language == translated.language.tag
        count = translated.language.localize_digits(digits) if own else digits
        text += " " + fill(labels["untranslated-notice"], count=count)
    return Notice(language, labels[f"{kind}-title"], text)


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
