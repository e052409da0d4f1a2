"""Formats: a translated document and a layout → the bytes of one rendition.

Renderers are pure: no clock, no chance, no network, nothing written. Each format's libraries load
only when it is used, so that `--help` and a build with nothing to do stay fast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from pipeline.document import TranslatedDocument
from pipeline.editions import Layout, Rendition


@dataclass(frozen=True, slots=True)
class Companions:
    """What goes with a rendition: its translations, its other formats, the printed pages, its variant.

    `translations` are (language tag, address); `formats` are (format, edition, address); addresses
    are relative to the rendition. `pages` maps segment ids to the pages of the PDF that an e-book's
    page list follows. `variant` is the target's: `ua-2` of PDF, "" for what is made without asking.
    """

    translations: tuple[tuple[str, str], ...] = ()
    formats: tuple[tuple[str, str, str], ...] = ()
    pages: Mapping[str, int] = field(default_factory=dict)
    variant: str = ""


Renderer: TypeAlias = Callable[[TranslatedDocument, Layout, Companions], Rendition]


def _pdf(translated: TranslatedDocument, layout: Layout, companions: Companions) -> Rendition:
    from pipeline.renderers import pdf

    return pdf.render(translated, layout, variant=companions.variant)


def _docx(translated: TranslatedDocument, layout: Layout, _: Companions) -> Rendition:
    from pipeline.renderers import docx

    return docx.render(translated, layout)


def _epub(translated: TranslatedDocument, layout: Layout, companions: Companions) -> Rendition:
    from pipeline.renderers import epub

    return epub.render(translated, layout, pages=companions.pages)


def _html(translated: TranslatedDocument, layout: Layout, companions: Companions) -> Rendition:
    from pipeline.renderers import html

    return html.render(translated, layout, translations=companions.translations, formats=companions.formats)


def _txt(translated: TranslatedDocument, _: Layout, __: Companions) -> Rendition:
    from pipeline.renderers import text

    return text.render(translated)


FORMATS: Mapping[str, Renderer] = MappingProxyType(
    {"pdf": _pdf, "docx": _docx, "epub": _epub, "html": _html, "txt": _txt}
)
