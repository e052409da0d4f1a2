"""Elements of WordprocessingML: made here, with their children in the order of the schema.

Word repairs, or refuses, a file whose property elements stand in another order than ECMA-376
gives, so every `…Pr` element is sorted by the sequences below. Text is cleaned of what XML cannot
hold, and never parsed.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from lxml import etree

Element: TypeAlias = etree._Element
Attributes: TypeAlias = Mapping[str, str | int | float | None]

# ECMA-376 part 1: CT_PPr, CT_RPr, CT_TblPr, CT_TrPr, CT_TcPr and CT_SectPr, without what we never write.
_ORDER = {
    tag: {name: rank for rank, name in enumerate(names.split())}
    for tag, names in {
        "w:pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs"
        " suppressAutoHyphens bidi spacing ind contextualSpacing jc outlineLvl rPr sectPr",
        "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps noProof color sz szCs u shd rtl cs lang",
        "w:tblPr": "tblStyle bidiVisual tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook"
        " tblCaption tblDescription",
        "w:trPr": "cantSplit tblHeader",
        "w:tcPr": "tcW tcBorders shd vAlign",
        "w:sectPr": "footerReference type pgSz pgMar pgNumType bidi rtlGutter",
    }.items()
}

# What XML 1.0 cannot hold: control characters, lone surrogates, two noncharacters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BOOKMARK_LENGTH = 40


def element(tag: str, /, *children: Element | None, **attributes: str | int | float | None) -> Element:
    """Return an element. Attributes are in the namespace `w`, but `r_id` is in `r`.

    The prefix of `r` is declared: left to lxml, it would be what other libraries of the process named it.
    """
    made = OxmlElement(
        tag, nsdecls={prefix: nsmap[prefix] for prefix in ("w", "r")} if "r_id" in attributes else None
    )
    for name, value in attributes.items():
        if value is not None:
            key = "r:id" if name == "r_id" else f"w:{name}"
            made.set(qn(key), clean(str(value)))
    made.extend(child for child in children if child is not None)
    return made


def properties(tag: str, children: Iterable[Element | None]) -> Element | None:
    """Return a `…Pr` element with its children in schema order, or None when there are none.

    Of two children with one name the later one counts, so a caller can override a style's default.
    """
    given = sort(tag, children)
    return element(tag, *given) if given else None


def sort(tag: str, children: Iterable[Element | None]) -> list[Element]:
    """Return the children of a `…Pr` element in schema order, of each name the last."""
    ranks = _ORDER[tag]
    given = {etree.QName(child).localname: child for child in children if child is not None}
    return [given[name] for name in sorted(given, key=ranks.__getitem__)]


def text(words: str) -> Element:
    """Return the content of a run: `words`, with every space of them."""
    made = OxmlElement("w:t")
    made.text = clean(words)
    made.set(qn("xml:space"), "preserve")
    return made


def clean(words: str) -> str:
    """Return `words` without the characters that XML 1.0 cannot hold; a line end becomes a space."""
    return _UNFIT.sub("", re.sub(r"[\t\n\r]+", " ", words))


def serialize(root: Element) -> bytes:
    """Return an element as the content of a part."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def twips(points: float) -> int:
    """Return a length in twentieths of a point, the unit of most measures in Word."""
    return round(points * 20)


def bookmark_name(anchor: str) -> str:
    """Return the bookmark for a segment or block id: letters, digits and `_`, at most 40 of them."""
    name = re.sub(r"\W", "_", anchor, flags=re.ASCII)
    if len(name) <= _BOOKMARK_LENGTH:
        return name
    digest = hashlib.sha256(anchor.encode()).hexdigest()[:8]
    return f"{name[: _BOOKMARK_LENGTH - 9]}_{digest}"


def field(instruction: str, shown: list[Element], run_properties: Element | None = None) -> list[Element]:
    """Return the runs of a field that shows the runs `shown` until Word computes it again."""
    begin, middle, end = (
        element("w:r", copy.deepcopy(run_properties), element("w:fldChar", fldCharType=kind))
        for kind in ("begin", "separate", "end")
    )
    code = OxmlElement("w:instrText")
    code.text = f" {instruction} "
    code.set(qn("xml:space"), "preserve")
    return [begin, element("w:r", copy.deepcopy(run_properties), code), middle, *shown, end]
