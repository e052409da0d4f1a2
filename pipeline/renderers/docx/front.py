"""What stands before the text and around it: title, notices, contents, the foot of each page."""

from __future__ import annotations

import copy
from dataclasses import replace

from pipeline.document import plain_text
from pipeline.editions import MM_PER_PT, Layout
from pipeline.interface import fill
from pipeline.languages import language
from pipeline.renderers.content import toc_entries
from pipeline.renderers.docx.blocks import box
from pipeline.renderers.docx.inlines import Word, hyperlink, inlines
from pipeline.renderers.docx.measures import SECOND_NOTICE, borders, line_pt, shade
from pipeline.renderers.docx.ooxml import Element, element, field, properties, twips
from pipeline.renderers.docx.paragraphs import amend, gap, paragraph, segment
from pipeline.renderers.docx.runs import Piece, mark_properties, run_properties, runs
from pipeline.renderers.front import Notice, notices, version_line

# No page numbers: Word would count other pages than the printed edition has. No \u, which would
# take in the title. Levels 1 and 2 are the document's levels 2 and 3.
_CONTENTS = r'TOC \o "1-2" \h \z \n'


def cover(to: Word) -> list[Element]:
    """Return title, notices, subtitle and version, in the order of every other format."""
    front = to.translated.document.front
    return [
        segment(front.title, "Title", to),
        *warnings(to),
        segment(front.subtitle, "Subtitle", to),
        paragraph("Version Line", runs(version_line(to.translated), to.voice), to),
    ]


def warnings(to: Word) -> list[Element]:
    """Return the notices of the first page, each in its own language and direction."""
    return [made for index, item in enumerate(notices(to.translated)) for made in _notice(item, index, to)]


def _notice(item: Notice, index: int, to: Word) -> list[Element]:
    own = language(item.language)
    voice = replace(to.voice, language=own)
    title = paragraph("Notice Title", runs(item.title, voice), to)
    words = paragraph("Notice", runs(item.text, voice), to)
    for made in (title, words) if index else ():
        amend(
            made,
            element("w:bidi", val=None if own.rtl else "0") if own.rtl or to.rtl else None,
            borders(SECOND_NOTICE, rtl=own.rtl),
            shade(SECOND_NOTICE.fill),
            mark_properties(own),
        )
    return box([title, words], to)


def contents(to: Word) -> list[Element]:
    """Return the table of contents: a field that Word can update, filled with links already."""
    title = to.translated.labels["contents"]
    entries = toc_entries(to.translated.document)
    if not entries:
        return []
    plain = replace(to.voice, linked=True)
    made = []
    for head, anchor in entries:
        link = hyperlink(
            inlines(head.text.children, plain, to), anchor=anchor, tip=plain_text(head.text.children)
        )
        made.append(paragraph(f"toc {head.level - 1}", (link,), to))
    amend(made[-1], gap(to, after=1))
    *opening, closing = field(_CONTENTS, [])
    place = 1  # Behind the paragraph's properties.
    for offset, run in enumerate(opening):
        made[0].insert(place + offset, run)
    made[-1].append(closing)
    gallery = element("w:docPartGallery", val="Table of Contents")
    return [
        element(
            "w:sdt",
            element(
                "w:sdtPr",
                element("w:alias", val=title),
                element("w:docPartObj", gallery, element("w:docPartUnique")),
            ),
            element("w:sdtContent", paragraph("TOC Heading", runs(title, to.voice), to), *made),
        )
    ]


def foot(to: Word) -> Element:
    """Return the paragraph with the page number, which Word counts."""
    own = to.layout.language
    first = own.localize_digits("1")
    made: list[Element] = []
    look = run_properties(Piece("", own, own.rtl), to.voice)
    marked = fill(to.translated.labels["page"], number="\ue000", total="\ue001")
    codes = {"\ue000": "PAGE", "\ue001": "NUMPAGES"}
    words = ""
    for character in f"{marked}\ue002":
        if character not in codes and character != "\ue002":
            words += character
            continue
        made.extend(runs(words, to.voice) if words else ())
        words = ""
        if character in codes:
            shown = element("w:t")
            shown.text = first
            result = element("w:r", copy.deepcopy(look), shown)
            made.extend(field(codes[character], [result], look))
    return paragraph("footer", made, to)


def page(layout: Layout, footer: str) -> Element | None:
    """Return the properties of the section: paper, margins, direction, and the footer's relationship."""
    width, height = layout.page_pt
    top, side = twips(layout.edition.margin_mm / MM_PER_PT), twips(layout.side_margin_pt)
    line = twips(line_pt(layout))
    return properties(
        "w:sectPr",
        (
            element("w:footerReference", type="default", r_id=footer),
            element("w:pgSz", w=twips(width), h=twips(height)),
            element(
                "w:pgMar",
                top=top,
                right=side,
                bottom=top + line,
                left=side,
                header=twips(36),
                footer=top - line,
                gutter=0,
            ),
            element("w:bidi") if layout.language.rtl else None,
            element("w:rtlGutter") if layout.language.rtl else None,
        ),
    )
