"""What an e-book says of itself: how it can be read, what it conforms to, which book it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from pipeline.checks.book import DC, Book
from pipeline.checks.registry import Finding
from pipeline.checks.registry import check as rule
from pipeline.checks.subject import Subject

_EPUB = "EPUB 3.3"
_A11Y = "EPUB Accessibility 1.1"
_RENDERER = "Report this as a fault of the program."

_FEATURES = frozenset(
    "structuralNavigation tableOfContents alternativeText readingOrder displayTransformability".split()
)


@rule("B010", source=f"{_A11Y}, 2.2; W3C Schema.org Accessibility Properties", suggestion=_RENDERER)
def discoverable(subject: Subject, book: Book) -> Iterator[Finding]:
    """The metadata say how the book can be read, what it has, what is a hazard, and sum it up.

    Libraries and shops show them, and filter by them: who needs large print finds it by `largePrint`.
    """
    features = set(book.metas("schema:accessibilityFeature"))
    for name in ("accessMode", "accessModeSufficient", "accessibilityHazard", "accessibilitySummary"):
        if not any(book.metas(f"schema:{name}")):
            yield Finding(f"schema:{name} is missing")
    if missing := _FEATURES - features:
        yield Finding(f"schema:accessibilityFeature lacks {', '.join(sorted(missing))}")
    if ("largePrint" in features) != subject.layout.edition.stacked:
        yield Finding("largePrint is said of an ordinary edition, or not of a large one")


@rule("B011", source=f"{_A11Y}, 2.3", suggestion="Claim it after a recorded review by a person.")
def unclaimed(book: Book) -> Iterator[Finding]:
    """The book claims no conformance and no certificate.

    A claim without a person's review misleads those who rely on it. Nothing here records such a review yet.
    """
    for name in ("dcterms:conformsTo", "a11y:certifiedBy"):
        if claims := book.metas(name):
            yield Finding(f"{name} says “{claims[0]}”")


@rule("B012", source=f"{_EPUB}, 5.5.3.1.1 and 5.5.6", suggestion=_RENDERER)
def identified(subject: Subject, book: Book) -> Iterator[Finding]:
    """The identifier is one that a corrected book keeps; the date of change is the source's.

    A new identifier for each correction would make a new book of each: readers keep the old one and
    lose their place.
    """
    found = [(n.get("id"), n.text or "") for n in book.package.iter(f"{DC}identifier")]
    named = [text for name, text in found if name == book.package.get("unique-identifier")]
    if len(named) != 1 or not _is_named(named[0]):
        yield Finding(f"the identifier is {named}, not one UUID made from the name (version 5)")
    revision = f"{subject.translated.document.revision.isoformat()}T00:00:00Z"
    if book.metas("dcterms:modified") != [revision]:
        yield Finding(f"the date of change is {book.metas('dcterms:modified')}, not {revision}")


def _is_named(identifier: str) -> bool:
    try:
        return (
            identifier.startswith("urn:uuid:")
            and uuid.UUID(identifier.removeprefix("urn:uuid:")).version == 5
        )
    except ValueError:
        return False
