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
from pipeline.passport import Passport


@dataclass(frozen=True, slots=True)
class Companions:
    """What goes with a rendition: its translations, its other formats, the printed pages, its variant.

    `translations` are (language tag, address); `formats` are (format, edition, address); addresses
    are relative to the rendition. `pages` maps segment ids to the pages of the PDF that an e-book's
    page list follows. `variant` is the target's: `ua-2` of PDF, "" for what is made without asking.
    `passport` is the record that every format but plain text carries inside.
    """

    translations: tuple[tuple[str, str], ...] = ()
    formats: tuple[tuple[str, str, str], ...] = ()
    pages: Mapping[str, int] = field(default_factory=dict)
    variant: str = ""
    passport: Passport | None = None


Renderer: TypeAlias = Callable[[TranslatedDocument, Layout, Companions], Rendition]

# The page of an organization alone, its layout and the passport of its copy → the copy, or None where only
# the whole can be made.
Graft: TypeAlias = Callable[[TranslatedDocument, Layout, Passport], bytes | None]


def _pdf(translated: TranslatedDocument, layout: Layout, companions: Companions) -> Rendition:
    from pipeline.renderers import pdf

    return pdf.render(translated, layout, variant=companions.variant, passport=companions.passport)


def _docx(translated: TranslatedDocument, layout: Layout, companions: Companions) -> Rendition:
    from pipeline.renderers import docx

    return docx.render(translated, layout, passport=companions.passport)


def _epub(translated: TranslatedDocument, layout: Layout, companions: Companions) -> Rendition:
    from pipeline.renderers import epub

    return epub.render(translated, layout, pages=companions.pages, passport=companions.passport)


def _html(translated: TranslatedDocument, layout: Layout, companions: Companions) -> Rendition:
    from pipeline.renderers import html

    return html.render(
        translated,
        layout,
        translations=companions.translations,
        formats=companions.formats,
        passport=companions.passport,
    )


def _txt(translated: TranslatedDocument, _: Layout, __: Companions) -> Rendition:
    from pipeline.renderers import text

    return text.render(translated)


def graft_page(
    stencil: bytes,
    page: TranslatedDocument,
    layout: Layout,
    *,
    number: int,
    passports: tuple[Passport, Passport],
) -> bytes | None:
    """Return a finished PDF with its last page, the page `number`, replaced by that of `page`.

    `passports` are the stencil's and the copy's. Returns None if the new page does not fit one sheet:
    then the whole must be laid out. Raises `RenderError`.
    """
    from pipeline.renderers.pdf import grafting

    made = grafting.page_alone(page, layout, number=number)
    return None if made is None else grafting.graft(stencil, made, before=passports[0], after=passports[1])


def graft_for(
    format: str, stencil: bytes, page: TranslatedDocument, *, number: int, passport: Passport
) -> Graft | None:
    """Return what makes copies of a finished rendition, or None for a format that is written anew each time.

    Of the stencil, `page` is the last page alone, `number` its number, `passport` the one inside. Raises
    `RenderError` if there is no such page.
    """
    match format:
        case "pdf":

            def graft(page: TranslatedDocument, layout: Layout, own: Passport) -> bytes | None:
                return graft_page(stencil, page, layout, number=number, passports=(passport, own))

        case "docx":
            from pipeline.renderers.docx import grafting

            stand = grafting.stand_of(stencil, page)

            def graft(page: TranslatedDocument, layout: Layout, own: Passport) -> bytes | None:
                return grafting.graft(stand, page, layout, passport=own)

        case _:
            return None
    return graft


FORMATS: Mapping[str, Renderer] = MappingProxyType(
    {"pdf": _pdf, "docx": _docx, "epub": _epub, "html": _html, "txt": _txt}
)
