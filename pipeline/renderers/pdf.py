"""PDF: the printed page, tagged, identified as PDF/UA-1 and PDF/A-2a in one file.

WeasyPrint lays the page out. It sees no font but the edition's own, fetches nothing but what the
document carries, and every warning that it logs fails the rendition.
"""

from __future__ import annotations

import logging
import os
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pydyf

from pipeline.diagnostics import RenderError
from pipeline.document import Image, Table, TranslatedDocument, plain_text, walk
from pipeline.editions import Layout, Rendition
from pipeline.fonts import Typeface, advance
from pipeline.interface import fill
from pipeline.renderers.content import Content, blocks, content, element, front_notices, toc_entries
from pipeline.renderers.drawing import LABEL_PITCH, LABEL_SIZE, PANEL_WIDTH, draw_shapes, place_labels
from pipeline.renderers.front import version_line

STYLES = files("pipeline.renderers") / "styles"

# The faces of the machine are invisible from here on: a missing glyph must show in our checks, not
# be filled from whatever font a hospital's server happens to have.
os.environ["FONTCONFIG_FILE"] = str(STYLES / "fonts.conf")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # "No fonts configured": that is the point.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

PRIMARY, ACCENT, INK, TINT, TINT_WARM = "#0A3A5C", "#7A2E0E", "#14171A", "#EAF3F8", "#FFF4E5"

_PANEL_GAP = 8

# In clear print a single picture leaves room beside it: its description stands there.
_BESIDE = """
.single { display: flow-root; }
.single figure { float: inline-start; margin-inline-end: 14pt; }
"""

_COUNTER_STYLES = {"latn": "decimal", "arab": "arabic-indic", "arabext": "persian", "deva": "devanagari"}

# PDF/A wants every XMP property that it does not know described in the file itself (ISO 19005-2,
# 6.6.2.3.2); the PDF/UA identifier is such a property.
_UA_IDENTIFICATION = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description>
"""


@dataclass(slots=True)
class _Resources:
    """What one page may fetch: its drawings and its fonts, by address."""

    drawings: dict[str, str] = field(default_factory=dict)
    fonts: dict[str, Path] = field(default_factory=dict)


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves the document's own resources and refuses everything else."""

    def __init__(self, resources: _Resources) -> None:
        super().__init__(allowed_protocols=())
        self._resources = resources

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the drawing or the font of this address."""
        if url in self._resources.drawings:
            body = self._resources.drawings[url].encode()
            return URLFetcherResponse(url, body, {"Content-Type": "image/svg+xml"})
        if url in self._resources.fonts:
            return URLFetcherResponse(url, self._resources.fonts[url].read_bytes(), {"Content-Type": "font/ttf"})
        raise ValueError(f"a page may not fetch {url}")


class _Complaints(logging.Handler):
    """Collects what WeasyPrint logs as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _strict() -> Iterator[None]:
    """Turn WeasyPrint's warnings into a `RenderError`."""
    logger, handler = logging.getLogger("weasyprint"), _Complaints()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
    if handler.messages:
        raise RenderError(f"the page cannot be laid out cleanly: {'; '.join(handler.messages[:5])}")


def render(translated: TranslatedDocument, layout: Layout) -> Rendition:
    """Return the PDF of `translated`, with the page of each segment. Raises `RenderError`."""
    resources = _Resources()
    html = ET.tostring(page(translated, layout, resources), encoding="unicode", method="html")
    with _strict():
        configuration = _fonts(layout.faces)
        sheets = [CSS(string=css, font_config=configuration, url_fetcher=_font_fetcher(layout.faces)) for css in _css(translated, layout)]
        laid_out = HTML(string=html, url_fetcher=_Fetcher(resources)).render(
            stylesheets=sheets, font_config=configuration, pdf_variant="pdf/a-2a"
        )
        _identify(laid_out.metadata, translated.language.tag)
        data = laid_out.write_pdf(pdf_variant="pdf/a-2a", pdf_identifier=_identifier(translated, layout), hinting=False, finisher=_settle_streams)
    page_of = {
        anchor: number for number, sheet in enumerate(laid_out.pages, start=1) for anchor in sheet.anchors
    }
    return Rendition(data, pages=len(laid_out.pages), page_of=page_of)


def page(translated: TranslatedDocument, layout: Layout, resources: _Resources) -> ET.Element:
    """Return the whole page as HTML."""
    document, language = translated.document, translated.language
    front = document.front

    def picture(image: Image) -> ET.Element:
        address = f"drawing:{image.drawing.path}"
        shapes = draw_shapes(image.drawing, language=language)
        resources.drawings[address] = ET.tostring(shapes, encoding="unicode")
        return _panel(image, address, layout)

    to = content(translated, picture)
    date = document.revision.isoformat()
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("title", plain_text(front.title.children)),
        element("meta", name="description", content=plain_text(front.summary.children)),
        element("meta", name="author", content=", ".join(document.authors)) if document.authors else None,
        element("meta", name="dcterms.created", content=date),
        element("meta", name="dcterms.modified", content=date),
    )
    cover = element(
        "header",
        element("h1", plain_text(front.title.children), id=front.title.id),
        element("p", plain_text(front.subtitle.children), class_="subtitle", id=front.subtitle.id),
        element("p", version_line(translated), class_="version"),
    )
    body = element(
        "body",
        cover,
        *front_notices(translated),
        _contents(translated, to) if document.contents else None,
        *blocks(document.blocks, to),
    )
    _fit_tables(body, translated, layout)
    return element("html", head, body, lang=language.tag, dir=language.direction)


def _contents(translated: TranslatedDocument, to: Content) -> ET.Element:
    entries = element("ol")
    for head, anchor in toc_entries(translated.document):
        words = element("a", plain_text(head.text.children), href=f"#{anchor}")
        number = element("a", href=f"#{anchor}", class_="page", title=plain_text(head.text.children))
        entries.append(element("li", words, "\u2003", number, class_=f"level-{head.level}"))
    return element("nav", element("h2", to.labels["contents"], id="contents"), entries, class_="contents", role="doc-toc")


def _panel(image: Image, address: str, layout: Layout) -> ET.Element:
    """Return a drawing with its labels laid over it as text.

    WeasyPrint sets text inside SVG letter by letter, neither joined nor ordered, which no Arabic
    survives; text of the page itself is shaped as it should be.
    """
    drawing = image.drawing
    unit = panel_width(layout) / drawing.width
    panel = element(
        "div",
        element("img", src=address, alt=plain_text(image.alt.children)),
        class_="panel",
        style=f"width:{drawing.width * unit:.1f}pt;height:{drawing.height * unit:.1f}pt",
    )
    for label in place_labels(drawing, language=layout.language, faces=layout.faces):
        room, pitch = drawing.width * unit, LABEL_PITCH * unit
        # The first baseline lies about 0.8 of a line below the top of its line box.
        top, left = label.y * unit - 0.8 * pitch, label.x * unit - room / 2
        style = f"left:{left:.1f}pt;top:{top:.1f}pt;width:{room:.1f}pt;font-size:{label.size * unit:.1f}pt;line-height:{pitch:.1f}pt"
        lines: list[ET.Element | str] = []
        for line in label.lines:
            lines += [element("br"), line] if lines else [line]
        panel.append(element("p", *lines, class_="label", style=style))
    return panel


def panel_width(layout: Layout) -> float:
    """Return the width in pt of one panel of a figure: its labels are never below the body size."""
    needed = PANEL_WIDTH / LABEL_SIZE * layout.body_pt
    if layout.edition.stacked:
        return min(layout.room_pt, needed)
    return needed


def _fit_tables(body: ET.Element, translated: TranslatedDocument, layout: Layout) -> None:
    """Widen each table to the room of the page; turn one whose words do not fit into records."""
    padding = 1.1 * layout.body_pt
    wide = {t.get("id"): t for t in body.iter("table")}
    for node in walk(translated.document):
        if not isinstance(node, Table) or node.id not in wide:
            continue
        needed = 0.0
        for column in zip(node.head.cells, *(row.cells for row in node.body), strict=True):
            words = (w for cell in column for w in plain_text(cell.children).split())
            needed += max(advance(w, layout.faces, bold=True) for w in words) * layout.body_pt + padding
        if needed <= layout.room_pt:
            wide[node.id].set("class", "wide")
        else:
            _stack(wide[node.id])


def _stack(table: ET.Element) -> None:
    """Turn a table, in place, into records: each row a list of its cells, each with its column's name.

    Words broken to fit narrow columns cannot be read; in giant print a list can (APH, 3.6).
    """
    caption, head, rows = table
    names = [list(cell.itertext()) for cell in head[0]]
    records = [element("p", *caption.itertext(), class_="caption", id=caption.get("id"))]
    for row in rows:
        entries = element("ul", class_="record")
        for name, cell in zip(names, row, strict=True):
            item = element("li", element("strong", *name, ": "))
            item[-1].tail = cell.text
            item.extend(list(cell))
            entries.append(item)
        records.append(entries)
    table.tag, table.attrib = "div", {"id": table.get("id", ""), "class": "records"}
    table[:] = records


def _css(translated: TranslatedDocument, layout: Layout) -> tuple[str, str]:
    """Return the stylesheets: the edition's measures, and the look that all editions share."""
    return _measures_css(translated, layout), (STYLES / "print.css").read_text("utf-8")


def _measures_css(translated: TranslatedDocument, layout: Layout) -> str:
    width, height = layout.page_pt
    top = layout.edition.margin_mm * 72 / 25.4
    side = layout.side_margin_pt
    sizes = "".join(f"--h{n}:{layout.heading_pt(n):g}pt;" for n in range(1, 5))
    digits = _COUNTER_STYLES[translated.language.numbering]
    foot = _page_label(translated, digits)
    corners = "".join(f"@page :{outer} {{ @bottom-{outer} {{ {foot} }} }}" for outer in ("right", "left"))
    # Two panels side by side may be wider than a line of text; they reach into the margins.
    overhang = max(0.0, 2 * panel_width(layout) + _PANEL_GAP + 4 - layout.measure_pt) / 2
    overhang_all = (layout.room_pt - layout.measure_pt) / 2
    family = ", ".join(f"'{f.family}'" for f in layout.faces)
    return f"""
{_font_faces(layout.faces)}
@page {{ size: {width:.2f}pt {height:.2f}pt; margin: {top:.2f}pt {side:.2f}pt {top + layout.pitch_pt:.2f}pt; }}
{corners}
html {{
  font-family: {family};
  --body:{layout.body_pt:g}pt; --line:{layout.pitch_pt:g}pt; {sizes}
  --ink:{INK}; --primary:{PRIMARY}; --accent:{ACCENT}; --tint:{TINT}; --tint-warm:{TINT_WARM}; --digits:{digits};
}}
table.wide {{ margin-inline: {-overhang_all:.1f}pt; width: {layout.measure_pt + 2 * overhang_all:.1f}pt; }}
.pair .panels {{ margin-inline: {0 if layout.edition.stacked else -overhang:.1f}pt; }}
{"" if layout.edition.stacked else _BESIDE}
.single figure {{ width: {panel_width(layout) + 2:.1f}pt; }}
.panel + .panel {{ {"margin-top" if layout.edition.stacked else "margin-inline-start"}: {_PANEL_GAP}pt; }}
"""


def _page_label(translated: TranslatedDocument, digits: str) -> str:
    """Return the declarations of the page number: bold, of body size, on the lower outer corner."""
    label = translated.labels["page"]
    marked = fill(label, number="\x01", total="\x02")
    parts = "".join(
        {"\x01": f" counter(page, {digits}) ", "\x02": f" counter(pages, {digits}) "}.get(c, f'"{_css_escape(c)}"')
        for c in marked
    )
    return f"content: {parts.replace(chr(34) * 2, '')}; font-weight: 700; white-space: nowrap; vertical-align: top; padding-top: 8pt;"


def _css_escape(character: str) -> str:
    """Return a character as a CSS escape: a translation must not be able to end its string."""
    return f"\\{ord(character):06X}"


def _font_faces(faces: tuple[Typeface, ...]) -> str:
    return "".join(
        f"@font-face {{ font-family: '{face.family}'; font-weight: {weight}; src: url(font:{path.name}); }}\n"
        for face in faces
        for weight, path in face.files
    )


@cache
def _fonts(faces: tuple[Typeface, ...]) -> FontConfiguration:
    """Return the configuration of these faces: one for all documents that share them."""
    return FontConfiguration()


def _font_fetcher(faces: tuple[Typeface, ...]) -> _Fetcher:
    return _Fetcher(_Resources(fonts={f"font:{path.name}": path for face in faces for _, path in face.files}))


def _settle_streams(_: Any, pdf: pydyf.PDF) -> None:
    """Lengthen by a blank each stream that would end in a line end.

    Before `endstream` stands a line end that does not count (ISO 32000-1, 7.3.8.1); validators
    cannot tell it from one that does, and call the stream's length wrong. The last byte of a
    compressed stream is a checksum, so only other content changes it.
    """
    for stream in pdf.objects:
        if not isinstance(stream, pydyf.Stream):
            continue
        while stream.compress and stream.data.removesuffix(b"\nendstream").endswith((b"\r", b"\n")):
            stream.stream[-1:] = [*stream.stream[-1:], b""] if stream.stream else [b"", b""]
            if "Length1" in stream.extra:
                stream.extra["Length1"] += 1


def _identifier(translated: TranslatedDocument, layout: Layout) -> bytes:
    name = f"{translated.document.slug}/{translated.language.tag}/{layout.edition.name}/{layout.paper.name}"
    return f"{name}/{translated.document.version}".encode()


def _identify(metadata: Any, language: str) -> None:
    """Let the metadata claim PDF/UA-1 beside PDF/A-2a, which WeasyPrint has no variant for."""
    original = metadata.generate_rdf_metadata

    def generate(variant: str, version: int, conformance: str) -> bytes:
        xml: bytes = original(variant, version, conformance)
        addition = _UA_IDENTIFICATION.format(language=language).encode()
        return xml.replace(b"</rdf:RDF>", addition + b"</rdf:RDF>")

    # PDF/A wants the metadata readable without decoding (ISO 19005-2, 6.6.2.1).
    metadata.generate_rdf_metadata = generate
    include = metadata.include_in_pdf
    metadata.include_in_pdf = partial(_include_plain, include)


def _include_plain(include: Any, pdf: Any, variant: str, version: int, conformance: str, compress: bool) -> None:
    """Write the metadata stream without compression."""
    include(pdf, variant, version, conformance, False)
