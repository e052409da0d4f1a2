"""The passport: the record that goes with a rendition, inside it and beside it.

It says what a file was made from, how far its translation has come, which rules were run before it
was made, and what only a person can still answer. It knows no clock: the same inputs give the same
bytes. A file cannot hold its own verdict; what is found in the finished file stands beside it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from pipeline.config import Query
from pipeline.diagnostics import Outcome
from pipeline.document import State, TranslatedDocument, plain_text, segments
from pipeline.editions import Target

# The name space of the passport in every format, and the name of the property that holds the record.
NAMESPACE = "urn:uuid:0e6c4a52-6f0f-4a35-9d0b-3b6a7a4f8c11#"
PREFIX = "handout"
PROPERTY = "passport"

UNKNOWN = "unknown"

_GENERAL = (
    ("clinician", "Has a clinician reviewed the text?", "45 CFR 92.201(c)(3)"),
    ("alternatives", "Do the alternative texts say what the pictures show?", "WCAG 2.2 SC 1.1.1"),
    ("order", "Does the reading order make sense?", "WCAG 2.2 SC 1.3.2"),
    ("headings", "Do headings and labels describe what follows them?", "WCAG 2.2 SC 2.4.6"),
    ("readers", "Have readers like those it is for read it and understood it?", "WCAG 2.2 SC 3.1.5"),
)
_BY_FORMAT: Mapping[str, tuple[tuple[str, str, str], ...]] = MappingProxyType(
    {
        "pdf": (
            (
                "tags",
                "Do the tags say what the content is? No program can prove PDF/UA.",
                "Matterhorn 01-006",
            ),
            ("tag-order", "Are the tags in the order in which the page is read?", "Matterhorn 09-001"),
            ("print", "Is a printed copy as large and as clear as the screen shows it?", "UKAAF G003"),
        ),
        "epub": (
            ("conformance", "Has a person evaluated the book?", "EPUB Accessibility 1.1, 2.4"),
            ("listening", "Does the book make sense when it is listened to?", "EPUB Accessibility 1.1, 3.2"),
        ),
        "docx": (("word", "Does Word show and speak the document as it should?", "EN 301 549, clause 10"),),
        "html": (("keyboard", "Can a screen reader's user find everything?", "WCAG 2.2 SC 2.4.1, 2.4.3"),),
        "txt": (("listening", "Does the text make sense when it is listened to?", "WCAG 2.2 SC 1.3.2"),),
    }
)


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What only a person can answer; `source` is the clause that asks it."""

    id: str
    question: str
    source: str


class RuleVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule said before the rendition was made: `pass`, `skip`, `info`, `warn`, `fail`, `error`."""

    rule: str
    verdict: str


class Passport(msgspec.Struct, frozen=True, kw_only=True):
    """What a rendition was made from, and how it stands.

    `source` is the digest of the source's segments that the handout shows, `catalog` that of their
    translations ("" in the source's own language). `segments` counts segments by state. `queries` are
    medical questions that nobody has answered, with the segment that asks them. `organisation` is the id
    of the one that provides this copy, `overlay` the digest of its details; the rest does not depend on them.
    """

    source: str
    catalog: str
    language: str
    handout: str
    edition: str
    format: str
    paper: str
    standard: str
    variant: str
    title: str
    version: str
    issued: date
    review: date
    authors: tuple[str, ...]
    reviewers: tuple[str, ...]
    status: str
    segments: dict[str, int]
    queries: tuple[tuple[str, str], ...]
    rules: tuple[RuleVerdict, ...]
    questions: tuple[Question, ...]
    program: str
    program_digest: str
    organisation: str = ""
    overlay: str = ""


def digest(texts: Mapping[str, str], names: Iterable[str]) -> str:
    """Return the SHA-256 of the segments `names`, in their order: each id with its text, in NFC."""
    made = hashlib.sha256()
    for name in dict.fromkeys(names):
        text = unicodedata.normalize("NFC", texts.get(name, ""))
        made.update(f"{name}\0{text}\0".encode())
    return made.hexdigest()


def questions(format: str) -> tuple[Question, ...]:
    """Return the questions about a file of a format that no program can answer."""
    rows = (*_GENERAL, *_BY_FORMAT[format])
    return tuple(Question(id=name, question=text, source=clause) for name, text, clause in rows)


def passport(
    translated: TranslatedDocument,
    target: Target,
    *,
    source: Mapping[str, str],
    translation: Mapping[str, str] | None,
    queries: Iterable[Query],
    outcomes: Iterable[Outcome],
    program: tuple[str, str],
) -> Passport:
    """Return the passport of a target.

    `source` and `translation` map segment ids to texts, `translation` is None in the source's own
    language. `program` is the version and the digest of the program.
    """
    document = translated.document
    states = {segment.id: segment.state for segment in segments(document)}
    # In an order of its own: a language sorts its glossary as its dictionaries do.
    names = sorted(states)
    return Passport(
        source=digest(source, names),
        catalog="" if translation is None else digest(translation, names),
        language=target.language,
        handout=target.handout,
        edition=target.edition,
        format=target.format,
        paper=target.paper,
        standard=target.standard,
        variant=target.variant,
        title=plain_text(document.front.title.children),
        version=document.version,
        issued=document.revision,
        review=document.review,
        authors=document.authors or (UNKNOWN,),
        reviewers=document.reviewers or (UNKNOWN,),
        status=translated.status.value,
        segments={s.value: n for s in State if (n := sum(state is s for state in states.values()))},
        queries=tuple((q.id, q.segment) for q in queries if q.segment in states),
        rules=tuple(RuleVerdict(rule=o.code, verdict=o.verdict.name.lower()) for o in outcomes),
        questions=questions(target.format),
        program=program[0],
        program_digest=program[1],
    )


def provided(record: Passport, *, organisation: str, overlay: str) -> Passport:
    """Return the passport of a copy that an organization provides."""
    return msgspec.structs.replace(record, organisation=organisation, overlay=overlay)


def to_json(record: Passport) -> str:
    """Return the passport as JSON on one line, without a character that ends an HTML or XML element."""
    return _escaped(msgspec.json.encode(record).decode())


def _escaped(text: str) -> str:
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def linked_data(record: Passport) -> str:
    """Return the passport as JSON-LD in the words of schema.org, safe inside an HTML `script` element."""
    page = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": record.title,
        "inLanguage": record.language,
        "version": record.version,
        "dateModified": record.issued.isoformat(),
        "creativeWorkStatus": record.status,
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": f"{NAMESPACE}{PROPERTY}",
            "value": to_json(record),
        },
    }
    return _escaped(msgspec.json.encode(page).decode())


def from_json(text: str | bytes) -> Passport | None:
    """Return the passport that a JSON text holds, or None if it holds none."""
    try:
        return msgspec.json.decode(text, type=Passport)
    except (msgspec.DecodeError, UnicodeError):
        return None
