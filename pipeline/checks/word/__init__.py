"""Word files: Microsoft's accessibility rules and our own, on the package itself.

A file that fits the schema may still be unreadable: of 42 faults that were put in on trial, the SDK's
validator saw 7. These rules read the XML as Word does, and never with the library that wrote it.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.checks.subject import Subject
from pipeline.checks.word import letters, objects, structure, whole
from pipeline.checks.word.package import Package
from pipeline.diagnostics import Outcome

__all__ = ["Package", "check"]

# Rules that need nothing but the file, and rules that compare it with its document and its edition.
_ALONE: tuple[Callable[[Package], Outcome], ...] = (
    whole.relationships,
    whole.modern,
    whole.unhyphenated,
    whole.unprotected,
    whole.unique_ids,
    whole.page_fields,
    objects.in_line,
    objects.controls_titled,
    structure.headings_ordered,
    structure.links_lead,
    structure.links_speak,
    structure.tables_simple,
    structure.no_blanks,
    structure.no_mock_headings,
    letters.weights,
    letters.aligned,
    letters.undecorated,
    letters.strong_ink,
)
_COMPARED: tuple[Callable[[Subject, Package], Outcome], ...] = (
    whole.title,
    whole.languages,
    whole.embedded_fonts,
    objects.alternatives,
    structure.headings_real,
    structure.contents_current,
    structure.bookmarks_kept,
    structure.tables_equal,
    structure.lists_real,
    letters.sizes,
    letters.sizes_offered,
    letters.spoken_languages,
    letters.directions,
    letters.families,
)


def check(subject: Subject) -> tuple[Outcome, ...]:
    """Return what each rule says of a Word file. Raises `UnreadableError`."""
    package = Package(subject.data)
    return (*(rule(package) for rule in _ALONE), *(rule(subject, package) for rule in _COMPARED))
