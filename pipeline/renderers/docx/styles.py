"""The styles of a leaflet: a small set of our own, measured out for an edition and a language.

Everything that a paragraph looks like is in its style, so that an ordinary Word user can change or
add text and stay in the edition: no run is smaller than the body text, and complex scripts get
their own size and weight (`w:szCs`, `w:bCs`), without which large print fails them in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.editions import Layout
from pipeline.languages import Language
from pipeline.renderers.docx.measures import (
    ACCENT,
    BOX_INDENT,
    HEADING_PITCH,
    INK,
    LOOKS,
    NOTICE,
    PRIMARY,
    WHITE,
    Look,
    body_pt,
    borders,
    list_indent_pt,
    shade,
    size_pt,
    spacing,
)
from pipeline.renderers.docx.numbering import BOXED_BULLETS, BULLETS, NUMBERS
from pipeline.renderers.docx.ooxml import Element, element, properties, twips
from pipeline.renderers.docx.runs import ACCENTED, EMPHASIS, LINK, STRONG, TERM, language_slots



@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A paragraph style. `size` is in pt, `before` and `after` are in lines, indents in pt.

    `next` is the style of the paragraph that an editor begins after it; "" means the same. A style
    for pictures has lines as tall as what stands in them.
    """

    name: str
    based: str = "Normal"
    next: str = ""
    size: float = 0.0
    bold: bool = False
    color: str = ""
    pitch: float = 0.0
    pictures: bool = False
    before: float = 0.0
    after: float = 1.0
    start: float = 0.0
    end: float = 0.0
    hanging: float = 0.0
    together: bool = False
    outline: int | None = None
    numbering: int | None = None
    look: Look | None = None
    rule: str = ""
    toward_end: bool = False


def style_id(name: str) -> str:
    """Return the id of the style `name`: `Heading1` for `heading 1`, `TOC1` for `toc 1`."""
    return "".join(
        word.upper() if word == "toc" else word[:1].upper() + word[1:] for word in name.split()
    )


def styles(layout: Layout, latin: Language) -> Element:
    """Return the `w:styles` part for `layout`; `latin` is the language of Latin words."""
    return element(
        "w:styles",
        _defaults(layout, latin),
        # Of Word's own styles, only those that we define are offered.
        element(
            "w:latentStyles",
            defLockedState=0,
            defUIPriority=99,
            defSemiHidden=1,
            defUnhideWhenUsed=1,
            defQFormat=0,
            count=376,
        ),
        *(_paragraph_style(style, layout) for style in paragraph_styles(layout)),
        *_character_styles(),
        *_table_styles(layout),
    )


def paragraph_styles(layout: Layout) -> Iterator[Style]:
    """Yield the paragraph styles, each behind the one that it is based on."""
    body, hang = body_pt(layout), list_indent_pt(layout)
    yield Style(name="Normal", based="", size=body, color=INK)
    yield Style(name="Body Text")
    yield Style(
        name="Title", next="Subtitle", size=size_pt(layout.heading_pt(1)), bold=True, color=PRIMARY,
        pitch=HEADING_PITCH, after=0.4, together=True, outline=0,
    )  # fmt: skip
    yield Style(
        name="Subtitle", next="Version Line", size=size_pt(layout.heading_pt(3)), pitch=HEADING_PITCH, after=0.5
    )
    yield Style(name="Version Line", next="Body Text", rule=ACCENT)
    for level, (before, after) in enumerate(((1.5, 0.6), (1.2, 0.4), (1.0, 0.4), (1.0, 0.4)), start=1):
        yield Style(
            name=f"heading {level}", next="Body Text", size=size_pt(layout.heading_pt(level + 1)), bold=True,
            color=PRIMARY, pitch=HEADING_PITCH, before=before, after=after, together=True, outline=level - 1,
        )  # fmt: skip
    yield Style(name="List Bullet", after=0.3, start=hang, hanging=hang, numbering=BULLETS)
    yield Style(name="List Number", after=0.3, start=hang, hanging=hang, numbering=NUMBERS)
    yield Style(name="List Continue", after=0.3, start=hang)
    yield Style(name="Glossary Term", next="Definition", bold=True, color=PRIMARY, after=0, together=True)
    yield Style(name="Definition", next="Glossary Term", after=0.6)
    yield Style(name="Block Text", start=hang)
    yield Style(name="Figure", next="caption", pictures=True, after=0.4, together=True)
    yield Style(name="caption", next="Body Text", bold=True, color=PRIMARY, after=0.4, together=True)
    yield Style(name="Description Title", next="Description", bold=True, after=0, together=True)
    yield Style(name="Description", after=0.5)
    yield Style(name="Table Text", pitch=HEADING_PITCH, after=0)
    yield Style(name="Table Head", based="Table Text", bold=True, color=WHITE, pitch=HEADING_PITCH, after=0, together=True)
    yield Style(name="Table Row Head", based="Table Text", bold=True, pitch=HEADING_PITCH, after=0)
    yield Style(name="Stacked Columns", bold=True, color=PRIMARY, after=0, together=True)
    yield Style(name="Stacked Row", next="Stacked Cell", bold=True, before=0.6, after=0, together=True)
    yield Style(name="Stacked Cell", after=0, start=hang)
    yield Style(name="Note Text", after=0.6)
    yield Style(name="Separator", rule=PRIMARY)
    yield Style(name="TOC Heading", next="toc 1", size=size_pt(layout.heading_pt(2)), bold=True, color=PRIMARY,
                pitch=HEADING_PITCH, after=0.6, together=True)  # fmt: skip
    for level in (1, 2, 3):
        yield Style(name=f"toc {level}", after=0.15, start=hang * (level - 1))
    yield Style(name="footer", bold=True, after=0, toward_end=True)
    for look in (NOTICE, *LOOKS.values()):
        yield from _box_styles(look, hang)


def _box_styles(look: Look, hang: float) -> Iterator[Style]:
    yield Style(name=look.style, after=0.6, start=BOX_INDENT, end=BOX_INDENT, look=look)
    yield Style(
        name=f"{look.style} Title", based=look.style, next=look.style, bold=True, color=look.rule, after=0,
        start=BOX_INDENT, end=BOX_INDENT, together=True, look=look,
    )  # fmt: skip
    yield Style(
        name=f"{look.style} List", based=look.style, after=0.3, start=BOX_INDENT + hang, end=BOX_INDENT,
        hanging=hang, numbering=BOXED_BULLETS, look=look,
    )  # fmt: skip


def _defaults(layout: Layout, latin: Language) -> Element:
    own = layout.language
    size = round(body_pt(layout) * 2)
    first, last = layout.faces[0].family, layout.faces[-1].family
    run = properties(
        "w:rPr",
        (
            element("w:rFonts", ascii=first, hAnsi=first, eastAsia=last, cs=last),
            element("w:color", val=INK),
            element("w:sz", val=size),
            element("w:szCs", val=size),
            element(
                "w:lang",
                val=(latin if own.rtl or own.east_asian else own).regional,
                eastAsia=own.regional,
                bidi=own.regional,
            )
            if not own.pseudo
            else language_slots(own),
        ),
    )
    paragraph = properties("w:pPr", (element("w:widowControl"), element("w:suppressAutoHyphens")))
    return element("w:docDefaults", element("w:rPrDefault", run), element("w:pPrDefault", paragraph))


def _paragraph_style(style: Style, layout: Layout) -> Element:
    rtl = layout.language.rtl
    size = style.size or body_pt(layout)
    made = element("w:style", type="paragraph", default=1 if style.name == "Normal" else None, styleId=style_id(style.name))
    following = style_id(style.next) if style.next else None
    run = (
        element("w:b") if style.bold else None,
        element("w:bCs") if style.bold else None,
        element("w:color", val=style.color) if style.color else None,
        element("w:sz", val=round(size * 2)) if style.size else None,
        element("w:szCs", val=round(size * 2)) if style.size else None,
    )
    paragraph = (
        element("w:keepNext") if style.together else None,
        element("w:keepLines") if style.together else None,
        _numbering(style),
        borders(style.look, rtl=rtl) if style.look else None,
        element("w:pBdr", element("w:bottom", val="single", sz=24, space=8, color=style.rule)) if style.rule else None,
        shade(style.look.fill) if style.look else None,
        element("w:bidi") if rtl else None,
        spacing(
            layout,
            size,
            None if style.pictures else style.pitch or layout.edition.pitch,
            before=style.before,
            after=style.after,
        ),
        element("w:ind", left=twips(style.start), right=twips(style.end), hanging=twips(style.hanging))
        if style.start or style.end
        else None,
        element("w:jc", val="end") if style.toward_end else None,
        element("w:outlineLvl", val=style.outline) if style.outline is not None else None,
    )
    made.extend(
        child
        for child in (
            element("w:name", val=style.name),
            element("w:basedOn", val=style_id(style.based)) if style.based else None,
            element("w:next", val=following) if following else None,
            element("w:uiPriority", val=1),
            element("w:qFormat"),
            properties("w:pPr", paragraph),
            properties("w:rPr", run),
        )
        if child is not None
    )
    return made


def _numbering(style: Style) -> Element | None:
    if style.numbering is None:
        return None
    return element("w:numPr", element("w:numId", val=style.numbering))


def _character_styles() -> Iterator[Element]:
    yield element(
        "w:style", element("w:name", val="Default Paragraph Font"), element("w:uiPriority", val=1),
        type="character", default=1, styleId="DefaultParagraphFont",
    )  # fmt: skip
    # Emphasis is bold, links are bold and colored: nothing is italic or underlined (UKAAF G003, RNIB).
    for style, color in ((LINK, PRIMARY), (TERM, ""), (STRONG, ""), (EMPHASIS, ""), (ACCENTED, ACCENT)):
        bold = style != TERM
        run = properties(
            "w:rPr",
            (
                element("w:b") if bold else None,
                element("w:bCs") if bold else None,
                element("w:color", val=color) if color else None,
            ),
        )
        yield element(
            "w:style",
            element("w:name", val="Glossary Link" if style == TERM else style),
            element("w:basedOn", val="DefaultParagraphFont"),
            element("w:uiPriority", val=2),
            element("w:qFormat"),
            run,
            type="character",
            styleId=style,
        )


def _table_styles(layout: Layout) -> Iterator[Element]:
    yield element(
        "w:style",
        element("w:name", val="Normal Table"),
        element("w:uiPriority", val=99),
        element("w:semiHidden"),
        element("w:unhideWhenUsed"),
        properties("w:tblPr", (element("w:tblInd", w=0, type="dxa"),)),
        type="table",
        default=1,
        styleId="TableNormal",
    )
    rule = {"val": "single", "sz": 6, "space": 0, "color": PRIMARY}
    pad = twips(0.25 * body_pt(layout))
    yield element(
        "w:style",
        element("w:name", val="Leaflet Table"),
        element("w:basedOn", val="TableNormal"),
        element("w:uiPriority", val=3),
        element("w:qFormat"),
        properties(
            "w:tblPr",
            (
                element(
                    "w:tblBorders",
                    element("w:top", **rule),
                    element("w:bottom", **rule),
                    element("w:insideH", **rule),
                ),
                element("w:tblCellMar", element("w:top", w=pad, type="dxa"), element("w:bottom", w=pad, type="dxa")),
            ),
        ),
        type="table",
        styleId="LeafletTable",
    )
