"""Checks: what must hold of the source, of a translation, of an artefact.

Checks never import renderers: they open an artefact with other libraries than those which wrote it,
so that a renderer's fault cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pipeline.checks import catalog, limits
from pipeline.checks.assessed import Assessment, Breach, ClauseResult, Verdict
from pipeline.checks.catalog import Book, open_book
from pipeline.checks.registry import RULES, Finding, Rule, check
from pipeline.checks.subject import Baseline, Subject
from pipeline.config import Facts
from pipeline.diagnostics import Outcome
from pipeline.document import Document, TranslatedDocument
from pipeline.editions import Rendition, Target

__all__ = [
    "RULES",
    "Assessment",
    "Baseline",
    "Book",
    "Breach",
    "ClauseResult",
    "Finding",
    "Rule",
    "Subject",
    "Verdict",
    "assess_standards",
    "baseline",
    "check",
    "check_artefact",
    "check_copy",
    "check_parity",
    "check_rendition",
    "check_source",
    "check_translation",
    "every_rule",
    "open_book",
]


def every_rule() -> Mapping[str, Rule]:
    """Return all rules by code, also those whose modules have not been needed yet."""
    from pipeline.checks import artefact, copies, facts, parity, reading, validators  # noqa: PLC0415

    artefact.load_suites()
    del copies, facts, parity, reading, validators
    return RULES


def check_source(document: Document, facts: Facts) -> tuple[Outcome, ...]:
    """Return what the rules say of the source: is it easy to read, does it carry every fact."""
    from pipeline.checks import facts as brief  # noqa: PLC0415
    from pipeline.checks import reading  # noqa: PLC0415

    return (
        reading.grade(document),
        reading.sentence_length(document),
        reading.paragraph_length(document),
        brief.mapped(document, facts),
        brief.open_queries(document, facts),
    )


def check_translation(book: Book) -> tuple[Outcome, ...]:
    """Return what the rules say of the translations of a catalog, with places in it."""
    return catalog.check(book)


def check_rendition(
    translated: TranslatedDocument, target: Target, rendition: Rendition, source: Document
) -> tuple[Outcome, ...]:
    """Return what the rules say of a rendition just made: the checks that no build may skip.

    A lost word is the worst fault that a leaflet can have, and no one sees it who does not look for it.
    """
    from pipeline.checks.artefact import check_words  # noqa: PLC0415

    return (
        limits.pages(target, rendition, source, translated),
        *check_words(translated, target.format, rendition.data),
    )


def baseline(data: bytes, format: str, page: TranslatedDocument) -> Baseline:
    """Return what all copies of a stencil have in common; `page` is its last page alone.

    Raises `UnreadableError` if there is no such page in it.
    """
    from pipeline.checks import copies  # noqa: PLC0415

    return copies.baseline(data, format, page)


def check_copy(common: Baseline, page: TranslatedDocument, data: bytes, format: str) -> tuple[Outcome, ...]:
    """Return what the rules say of an organization's copy; `page` is the organization's page alone."""
    from pipeline.checks import copies  # noqa: PLC0415

    return copies.check_copy(common, page, data, format)


def check_artefact(subject: Subject) -> tuple[Outcome, ...]:
    """Return what every rule for its format says of a finished file."""
    # The libraries that read artefacts take a second to load, which a build with nothing to do is spared.
    from pipeline.checks.artefact import check_file  # noqa: PLC0415

    return check_file(subject)


def check_parity(subjects: Iterable[Subject]) -> tuple[Outcome, ...]:
    """Return whether all copies of each handout in each language say the same."""
    from pipeline.checks import parity  # noqa: PLC0415

    return parity.check_parity(subjects)


def assess_standards(
    subject: Subject, *, exempt: Mapping[str, str] = MappingProxyType({})
) -> tuple[Assessment, ...]:
    """Return what each large-print standard says of a PDF, clause by clause.

    `subject.data` is the PDF: of our own making, or what another program made of a DOCX. `exempt` names
    measures that say nothing of it, with the reason; see `print_size.assess`. Other formats have no pages
    of their own and get no assessment. Raises `UnreadableError`.
    """
    if not subject.data.startswith(b"%PDF-"):
        return ()
    from pipeline.checks.pages import read_sheets  # noqa: PLC0415
    from pipeline.checks.print_size import assess, print_of  # noqa: PLC0415

    sheets = read_sheets(subject.data)
    return assess(print_of(subject.translated, subject.layout, sheets), exempt=exempt)
