"""All that can be checked on a finished file, whoever made it and whenever."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from pipeline.checks.extraction import alternatives, extract
from pipeline.checks.fact_lock import locked
from pipeline.checks.hygiene import check_second_reader, clean, raw
from pipeline.checks.pages import UnreadableError
from pipeline.checks.subject import Subject
from pipeline.checks.words import compare, described, readable, words
from pipeline.diagnostics import Outcome
from pipeline.document import TranslatedDocument

# format → the modules whose `check(subject)` holds the rules for that format alone. They are named
# here and loaded when a file of their format comes.
SUITES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pdf": ("pipeline.checks.print_size", "pipeline.checks.tags"),
        "docx": ("pipeline.checks.word",),
        "epub": ("pipeline.checks.ebook",),
        "html": ("pipeline.checks.web",),
    }
)


def load_suites() -> None:
    """Load every suite, so that all rules are known."""
    for names in SUITES.values():
        for name in names:
            import_module(name)


def check_words(translated: TranslatedDocument, format: str, data: bytes) -> tuple[Outcome, ...]:
    """Return whether a file can be read and holds the words and alternative texts of its document."""
    try:
        text, pictures = extract(data, format), alternatives(data, format)
    except UnreadableError as fault:
        return (readable(fault, format),)
    found = compare(translated, text, format)
    return (
        readable(None, format),
        words(translated, found, format),
        described(translated, pictures, format),
        locked(translated, found, text, format),
        clean(translated, raw(data, format, text), format),
    )


def check_file(subject: Subject) -> tuple[Outcome, ...]:
    """Return what every rule says of a file: those for all formats, and those for its own."""
    common = check_words(subject.translated, subject.format, subject.data)
    if common[0].diagnostics:
        return common
    if subject.format == "pdf":
        common += (check_second_reader(subject),)
    suites = (import_module(name).check for name in SUITES.get(subject.format, ()))
    return (*common, *(outcome for suite in suites for outcome in suite(subject)))
