"""Checks: what must hold of the source, of a translation, of an artefact.

Checks never import renderers: they open an artefact with other libraries than those which wrote it,
so that a renderer's fault cannot hide itself.
"""

from __future__ import annotations

from pipeline.catalogs import Catalog
from pipeline.checks import limits, translation
from pipeline.checks.registry import RULES, Finding, Rule, check
from pipeline.diagnostics import Diagnostic
from pipeline.document import Document, TranslatedDocument
from pipeline.editions import Layout, Rendition, Target

__all__ = ["RULES", "Finding", "Rule", "check", "check_rendition", "check_translation"]


def check_translation(
    source: Document, translated: TranslatedDocument, *, catalog: Catalog
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the translation of `source`, with places in its catalog."""
    return translation.numbers(source, translated, catalog)


def check_rendition(target: Target, rendition: Rendition, source: Document) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a rendition that a build has just made: the checks that cost little."""
    return limits.pages(target, rendition, source)
