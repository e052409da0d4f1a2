"""Checks: what must hold of the source, of a translation, of an artefact.

Checks never import renderers: they open an artefact with other libraries than those which wrote it,
so that a renderer's fault cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.catalogs import Catalog
from pipeline.checks import limits, translation
from pipeline.checks.registry import RULES, Finding, Rule, check
from pipeline.config import Facts
from pipeline.diagnostics import Diagnostic
from pipeline.document import Document, TranslatedDocument
from pipeline.editions import Layout, Rendition, Target

__all__ = [
    "RULES",
    "Finding",
    "Rule",
    "check",
    "check_artefact",
    "check_rendition",
    "check_source",
    "check_translation",
    "every_rule",
]


def every_rule() -> Mapping[str, Rule]:
    """Return all rules by code, also those whose modules have not been needed yet."""
    from pipeline.checks import artefact, facts, reading  # noqa: F401, PLC0415

    return RULES


def check_source(document: Document, facts: Facts) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the source: hard to read, or a fact that no segment carries."""
    from pipeline.checks import facts as brief  # noqa: PLC0415
    from pipeline.checks import reading  # noqa: PLC0415

    return (
        *reading.grade(document),
        *reading.sentence_length(document),
        *reading.paragraph_length(document),
        *brief.mapped(document, facts),
        *brief.open_queries(document, facts),
    )


def check_translation(
    source: Document, translated: TranslatedDocument, *, catalog: Catalog
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the translation of `source`, with places in its catalog."""
    return translation.numbers(source, translated, catalog)


def check_rendition(
    translated: TranslatedDocument, target: Target, rendition: Rendition, source: Document
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a rendition that a build has just made: the checks that no build may skip.

    A lost word is the worst fault that a leaflet can have, and no one sees it who does not look for it.
    """
    from pipeline.checks.artefact import check_words  # noqa: PLC0415

    return (
        *limits.pages(target, rendition, source),
        *check_words(translated, target.format, rendition.data),
    )


def check_artefact(
    translated: TranslatedDocument, target: Target, layout: Layout, data: bytes
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a finished file: words that are lost, and the measures of a print.

    `translated` is the handout that the file shows, `layout` the measures that it was made for.
    """
    # The libraries that read artefacts take a second to load, which a build with nothing to do is spared.
    from pipeline.checks.artefact import check_file  # noqa: PLC0415

    return check_file(translated, target.format, layout, data)
