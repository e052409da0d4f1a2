"""The styles of a leaflet: a small set of our own, measured out for an edition and a language.

Everything that a paragraph looks like is in its style, so that an ordinary Word user can change or
add text and stay in the edition: no run is smaller than the body text, and complex scripts get
their own size and weight (`w:szCs`, `w:bCs`), without which large print fails them in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.editions import Layout
from pipeline.renderers.docx.measures import ACCENT, INK, PRIMARY, body_pt, borders, shade, spacing
from pipeline.renderers.docx.ooxml import Attributes, Element, element, properties, twips
from pipeline.renderers.docx.runs import ACCENTED, EMPHASIS, LABEL, LINK, STRONG, TERM, language_slots
from pipeline.renderers.docx.stylesheet import Style, paragraph_styles, style_id


def styles(layout: Layout) -> Element:
    """Return the `w:styles` part for `layout`."""
    return element(
        "w:styles",
        _defaults(layout),
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
        *_character_styles(layout),
        *_table_styles(layout),
    )


def _defaults(layout: Layout) -> Element:
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
            language_slots(own),
        ),
    )
    paragraph = properties("w:pPr", (element("w:widowControl"), element("w:suppressAutoHyphens")))
    return element("w:docDefaults", element("w:rPrDefault", run), element("w:pPrDefault", paragraph))


def _paragraph_style(style: Style, layout: Layout) -> Element:
    rtl = layout.language.rtl
    size = style.size or body_pt(layout)
    made = element(
        "w:style",
        type="paragraph",
        default=1 if style.name == "Normal" else None,
        styleId=style_id(style.name),
    )
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
        element("w:pBdr", element("w:bottom", val="single", sz=24, space=8, color=style.rule))
        if style.rule
        else None,
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


def _character_styles(layout: Layout) -> Iterator[Element]:
    yield element(
        "w:style", element("w:name", val="Default Paragraph Font"), element("w:uiPriority", val=1),
        type="character", default=1, styleId="DefaultParagraphFont",
    )  # fmt: skip
    # Emphasis is bold, links are bold and colored: nothing is italic or underlined (UKAAF G003, RNIB),
    # unless the edition is bent to ACB, which underlines for emphasis and for nothing else.
    for style, color in (
        (LINK, PRIMARY),
        (TERM, ""),
        (STRONG, ""),
        (EMPHASIS, ""),
        (LABEL, ""),
        (ACCENTED, ACCENT),
    ):
        lined = layout.edition.underlines and style in (STRONG, EMPHASIS)
        bold = style != TERM and not lined
        run = properties(
            "w:rPr",
            (
                element("w:b") if bold else None,
                element("w:bCs") if bold else None,
                element("w:color", val=color) if color else None,
                element("w:u", val="single") if lined else None,
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
    rule: Attributes = {"val": "single", "sz": 6, "space": 0, "color": PRIMARY}
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
                element(
                    "w:tblCellMar",
                    element("w:top", w=pad, type="dxa"),
                    element("w:bottom", w=pad, type="dxa"),
                ),
            ),
        ),
        type="table",
        styleId="LeafletTable",
    )
