"""The Word renderer: read back with zipfile and lxml, never with the library that wrote it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import fonts, interface
from pipeline.document import (
    Abbreviation,
    Block,
    BlockQuote,
    BulletList,
    Definition,
    DefinitionList,
    Document,
    Drawing,
    Emphasis,
    EndNote,
    EndNotes,
    Figure,
    Front,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    ListItem,
    Note,
    NoteKind,
    NoteReference,
    OrderedList,
    Paragraph,
    Role,
    Row,
    Section,
    Segment,
    Span,
    State,
    Strong,
    Table,
    Term,
    Text,
    ThematicBreak,
    TranslatedDocument,
    Value,
    plain_text,
    segments,
)
from pipeline.editions import EDITIONS, PAPERS, Layout, lay_out
from pipeline.languages import language
from pipeline.renderers.docx import render
from pipeline.renderers.docx.measures import font_facts
from pipeline.renderers.docx.ooxml import bookmark_name
from pipeline.renderers.docx.runs import Piece, pieces, plain_voice
from pipeline.renderers.package import repack, write_zip

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DC = "{http://purl.org/dc/elements/1.1/}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# Prepared fonts are kept from one run to the next: they depend on nothing but the font packages.
FONTS = Path(tempfile.gettempdir()) / "handout-test-fonts"

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200" width="300" height="200">'
    '<rect width="300" height="200" fill="#EAF3F8"/>'
    '<text id="cell-label" x="150" y="100" data-width="280" data-lines="2">cell</text></svg>'
)

WORDS = {
    "en": {
        "title": "Dense bones",
        "plain": "About 8 to 40 children, see HSCT.",
        "bold": "rare",
        "cell": "cell",
        "long": "Autosomal recessive",
    },
    "ar": {
        "title": "عظام كثيفة",
        "plain": "نحو 8 إلى ٤٠ طفلًا، انظر HSCT (زرع).",
        "bold": "نادرة",
        "cell": "خلية",
        "long": "وراثة جسدية متنحية",
    },
}


def seg(
    name: str, *children: Inline | str, role: Role = Role.PARAGRAPH, state: State = State.DRAFT
) -> Segment:
    return Segment(name, role, tuple(Text(c) if isinstance(c, str) else c for c in children), state=state)


def par(name: str, *children: Inline | str, state: State = State.DRAFT) -> Paragraph:
    return Paragraph(seg(name, *children, state=state))


def item(name: str, *children: Inline | str) -> ListItem:
    return ListItem((par(name, *children),))


def sample(tag: str = "en") -> TranslatedDocument:
    """Return a document with every node, in a language with its own words."""
    w = WORDS[tag]
    drawing = Drawing("figures/cell.svg", SVG, 300, 200, (seg("cell-label", w["cell"], role=Role.LABEL),))
    figure = Figure(
        "renewal",
        (
            Image(drawing, seg("renewal-alt", w["long"], role=Role.ALTERNATIVE)),
            Image(drawing, seg("renewal-alt-2", w["plain"], role=Role.ALTERNATIVE)),
        ),
        seg("renewal-caption", w["title"]),
        (par("renewal-long", w["plain"]),),
    )
    table = Table(
        "types",
        seg("types-caption", w["title"]),
        Row((seg("types-h-a", w["bold"]), seg("types-h-b", w["cell"]))),
        (
            Row((seg("types-a1", w["long"]), seg("types-b1", Abbreviation("aro", "ARO", w["long"])))),
            Row((seg("types-a2", w["cell"]), seg("types-b2", w["bold"]))),
        ),
    )
    inner = BulletList((item("nested-a", w["cell"]), item("nested-b", w["bold"])))
    text: tuple[Inline | str, ...] = (
        w["plain"],
        " ",
        Strong((Text(w["bold"]),)),
        " ",
        Emphasis((Text(w["cell"]),)),
        LineBreak(),
        Link("https://example.org/?a=1&b=2", (Text(w["title"]),)),
        " ",
        Link("#types", (Text(w["cell"]),)),
        " ",
        Term("gene", (Text(w["cell"]),)),
        " ",
        Span("la", (Text("osteosclerosis fragilis"),)),
        " ",
        Value("issued", "1.0"),
    )
    blocks = (
        Note(
            "key",
            NoteKind.KEY_FACTS,
            head("key-heading", w["title"], 2),
            (BulletList((item("key-1", w["plain"]),)),),
        ),
        Section(
            head("what", w["title"], 2),
            (
                par("what-all", *text),
                par("what-note", w["cell"], NoteReference("q1")),
                par("what-list", w["plain"]),
                BulletList((item("list-a", w["cell"]), ListItem((par("list-b", w["bold"]), inner)))),
                OrderedList((item("first", w["cell"]), item("second", w["bold"])), start=3),
                table,
                Section(head("sub", w["bold"], 3), (figure, BlockQuote((par("quoted", w["plain"]),)))),
                ThematicBreak(),
            ),
        ),
        Note("help", NoteKind.GET_HELP, None, (par("help-1", w["plain"]), par("help-2", w["cell"]))),
        Note(
            "editors", NoteKind.EDITORS_NOTE, head("editors-h", w["bold"], 2), (par("editors-1", w["plain"]),)
        ),
        DefinitionList(
            (Definition(seg("term-gene", w["cell"]), (par("term-gene-def", w["plain"]),), "gene"),),
            glossary=True,
        ),
        EndNotes((EndNote("q1", seg("q1-text", w["plain"])),)),
        Note(
            "contact", NoteKind.CONTACT, head("contact-h", w["title"], 2), (par("contact-name", w["cell"]),)
        ),
        par("left", Span("en", (Text("Not yet translated (English)."),)), state=State.UNTRANSLATED),
    )
    front = Front(
        seg("title", w["title"], role=Role.TITLE),
        seg("subtitle", w["plain"], role=Role.SUBTITLE),
        seg("summary", w["plain"] * 12, role=Role.SUMMARY),
    )
    issued, review = date(2026, 11, 23), date(2028, 11, 23)
    document = Document("sample", language(tag), front, blocks, issued, review, "1.0", authors=("A. Writer",))
    return TranslatedDocument(document, interface.english(), language("en"))


def head(name: str, words: str, level: int) -> Heading:
    return Heading(level, seg(name, words, role=Role.HEADING))


def layout(translated: TranslatedDocument, edition: str = "clear") -> Layout:
    words = " ".join(plain_text(s.children) for s in segments(translated.document))
    faces = fonts.typefaces(translated.language, words, cache_folder=FONTS)
    return lay_out(EDITIONS[edition], PAPERS["a4"], language=translated.language, faces=faces, sample=words)


@cache
def made(tag: str = "en", edition: str = "clear") -> bytes:
    translated = sample(tag)
    return render(translated, layout(translated, edition)).data


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def stories(data: bytes) -> Iterator[etree._Element]:
    """Yield the parts that hold text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if n == "word/document.xml" or n.startswith("word/footer")]
    yield from (part(data, name) for name in names)


def value(parent: etree._Element | None, path: str) -> str | None:
    found = None if parent is None else parent.find(path.replace("w:", W))
    return None if found is None else found.get(f"{W}val", "1")


def shown(node: etree._Element) -> str:
    return "".join(t.text or "" for t in node.iter(f"{W}t"))


def bookmarked(body: etree._Element, name: str) -> str:
    """Return the text between the start and the end of a bookmark."""
    start = next(b for b in body.iter(f"{W}bookmarkStart") if b.get(f"{W}name") == name)
    words = ""
    for node in start.itersiblings():
        if node.tag == f"{W}bookmarkEnd" and node.get(f"{W}id") == start.get(f"{W}id"):
            return words
        words += shown(node)
    raise AssertionError(f"bookmark {name} has no end")


class Styles:
    """The style sheet of a file, with inheritance."""

    def __init__(self, data: bytes) -> None:
        self.root = part(data, "word/styles.xml")
        self.by_id = {s.get(f"{W}styleId"): s for s in self.root.iter(f"{W}style")}

    def chain(self, name: str | None) -> Iterator[etree._Element]:
        while name is not None:
            style = self.by_id[name]
            yield style
            name = value(style, "w:basedOn")

    def effective(self, run: etree._Element, prop: str) -> str | None:
        paragraph = next(run.iterancestors(f"{W}p"))
        places = [run.find(f"{W}rPr")]
        for name in (value(run, "w:rPr/w:rStyle"), value(paragraph, "w:pPr/w:pStyle") or "Normal"):
            places.extend(s.find(f"{W}rPr") for s in self.chain(name))
        places.append(self.root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        return next((v for p in places if (v := value(p, f"w:{prop}")) is not None), None)


CASES = [(tag, edition) for tag in ("en", "ar") for edition in ("clear", "large", "giant")]
every_case = pytest.mark.parametrize(("tag", "edition"), CASES)


# --- Sizes, weight, look ------------------------------------------------------------------------


@every_case
def test_no_text_is_smaller_than_the_body(tag: str, edition: str) -> None:
    data, body = made(tag, edition), layout(sample(tag), edition).body_pt
    styles = Styles(data)
    for story in stories(data):
        for run in story.iter(f"{W}r"):
            sizes = {styles.effective(run, "sz"), styles.effective(run, "szCs")}
            assert len(sizes) == 1, "complex scripts must be as large as Latin ones"
            assert int(sizes.pop() or 0) / 2 >= body


def test_headings_have_the_sizes_of_the_edition() -> None:
    plan, styles = layout(sample(), "large"), Styles(made("en", "large"))
    for level, name in enumerate(("Title", "Heading1", "Heading2", "Heading3"), start=1):
        assert int(value(styles.by_id[name], "w:rPr/w:sz") or 0) / 2 == plan.heading_pt(level)


@every_case
def test_bold_is_bold_in_complex_scripts_and_nothing_is_italic_or_underlined(tag: str, edition: str) -> None:
    data = made(tag, edition)
    for root in (*stories(data), part(data, "word/styles.xml"), part(data, "word/numbering.xml")):
        for properties in root.iter(f"{W}rPr"):
            assert (properties.find(f"{W}b") is None) == (properties.find(f"{W}bCs") is None)
        for banned in ("i", "iCs", "u", "caps", "smallCaps", "vertAlign", "vanish"):
            assert root.find(f".//{W}{banned}") is None
        assert not {"both", "distribute", "left", "right"} & {value(j, ".") for j in root.iter(f"{W}jc")}


def test_emphasis_inside_a_bold_paragraph_stays_bold() -> None:
    # Bold of a character style and bold of a paragraph style cancel each other out (toggle properties).
    translated = with_blocks(
        Section(Heading(2, seg("h", "A ", Strong((Text("b"),)), Link("#h", (Text("c"),)))), ())
    )
    for run in part(render(translated, layout(translated)).data).iter(f"{W}r"):
        if value(run, "w:rPr/w:rStyle") in {"Strong", "Hyperlink"}:
            assert value(run, "w:rPr/w:b") == "1"


def test_lines_and_paragraphs_keep_their_distance() -> None:
    plan, styles = layout(sample()), Styles(made())
    spacing = styles.by_id["Normal"].find(f"{W}pPr/{W}spacing")
    assert spacing is not None
    line = int(spacing.get(f"{W}line", "0")) / 20
    assert line / (
        int(value(styles.root, "w:docDefaults/w:rPrDefault/w:rPr/w:sz") or 0) / 2
    ) == pytest.approx(plan.edition.pitch, abs=0.01)
    assert int(spacing.get(f"{W}after", "0")) / 20 >= line - 0.05


@every_case
def test_the_page_is_that_of_the_edition(tag: str, edition: str) -> None:
    plan = layout(sample(tag), edition)
    section = part(made(tag, edition)).find(f".//{W}sectPr")
    assert section is not None
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert size is not None
    assert margins is not None
    assert (int(size.get(f"{W}w", 0)), int(size.get(f"{W}h", 0))) == (11906, 16838)
    assert int(margins.get(f"{W}left", 0)) / 20 == pytest.approx(plan.side_margin_pt, abs=0.05)
    assert int(margins.get(f"{W}top", 0)) * 25.4 / 1440 >= plan.edition.margin_mm - 0.02
    assert (section.find(f"{W}bidi") is not None) == (tag == "ar")


# --- Direction and language ---------------------------------------------------------------------


@every_case
def test_every_run_has_a_language_in_all_slots(tag: str, edition: str) -> None:
    own = language(tag).regional
    for story in stories(made(tag, edition)):
        for run in story.iter(f"{W}r"):
            if not shown(run):
                continue
            slots = run.find(f"{W}rPr/{W}lang")
            assert slots is not None
            tags = {slots.get(f"{W}{slot}") for slot in ("val", "eastAsia", "bidi")}
            assert len(tags) == 1
            assert tags <= {own, "en-US", "la-VA"}
            if any("\u0600" <= c <= "\u06ff" for c in shown(run)):
                assert tags == {own}
                assert value(run, "w:rPr/w:rtl") == "1"


def test_arabic_runs_from_right_to_left_everywhere() -> None:
    data = made("ar")
    for paragraph in part(data).iter(f"{W}p"):
        own = paragraph.find(f"{W}pPr/{W}rPr/{W}lang")
        assert own is not None
        assert (value(paragraph, "w:pPr/w:bidi") == "1") == (own.get(f"{W}bidi") == "ar-EG")
    for style in Styles(data).by_id.values():
        if style.get(f"{W}type") == "paragraph":
            assert value(style, "w:pPr/w:bidi") == "1"
    for table in part(data).iter(f"{W}tbl"):
        assert table.find(f"{W}tblPr/{W}bidiVisual") is not None


def test_the_rule_of_a_box_stands_at_the_start() -> None:
    for tag, side in (("en", "left"), ("ar", "right")):
        edges = Styles(made(tag)).by_id["KeyFacts"].find(f"{W}pPr/{W}pBdr")
        assert edges is not None
        thickest = max(edges, key=lambda e: int(e.get(f"{W}sz", "0")))
        assert etree.QName(thickest).localname == side


def test_latin_words_and_numbers_are_isolated_in_arabic() -> None:
    voice = plain_voice(language("ar"), language("en"))
    found = [(p.text, p.language.tag, p.rtl) for p in pieces("نحو 250,000 طفل (HSCT, MIOP)، ٤٠.", voice)]
    assert found == [
        ("نحو ", "ar", True),
        ("250,000", "ar", False),
        (" طفل (", "ar", True),
        ("HSCT, MIOP", "en", False),
        (")، ٤٠.", "ar", True),
    ]


@given(st.text(), st.sampled_from(["en", "ar", "ru", "hi", "ja", "he", "fa"]))
def test_pieces_lose_nothing(words: str, tag: str) -> None:
    found: list[Piece] = list(pieces(words, plain_voice(language(tag), language("en"))))
    assert "".join(p.text for p in found) == words
    assert all(p.text for p in found)


def test_a_sentence_in_the_other_direction_keeps_its_full_stop() -> None:
    assert bookmarked(part(made("ar")), "left") == "Not yet translated (English).\u200e"
    assert bookmarked(part(made("en")), "left") == "Not yet translated (English)."


# --- Structure ----------------------------------------------------------------------------------


@every_case
def test_every_segment_is_there_in_order_behind_a_bookmark(tag: str, edition: str) -> None:
    translated = sample(tag)
    body = part(made(tag, edition))
    order = [b.get(f"{W}name") for b in body.iter(f"{W}bookmarkStart")]
    assert len(order) == len(set(order))
    hidden = {Role.LABEL, Role.SUMMARY}
    wanted = [s for s in segments(translated.document) if s.role not in hidden]
    names = [bookmark_name(s.id) for s in wanted]
    assert [name for name in order if name in set(names)] == names
    for segment, name in zip(wanted, names, strict=True):
        words = bookmarked(body, name).removesuffix("\u200e")
        if segment.role is Role.ALTERNATIVE:
            assert words == ""
        elif edition == "clear" and segment.id not in {"what-all", "what-note", "q1-text"}:
            assert words == plain_text(segment.children)


def test_links_lead_somewhere_and_say_where() -> None:
    data = made()
    body = part(data)
    names = {b.get(f"{W}name") for b in body.iter(f"{W}bookmarkStart")}
    targets = {r.get("Id"): r.get("Target") for r in part(data, "word/_rels/document.xml.rels")}
    links = list(body.iter(f"{W}hyperlink"))
    assert len(links) > 8
    for link in links:
        assert shown(link).strip()
        assert link.get(f"{W}tooltip")
        anchor, relation = link.get(f"{W}anchor"), link.get(f"{R}id")
        assert (anchor in names) if anchor else relation in targets
    assert "https://example.org/?a=1&b=2" in targets.values()
    for block in ("types", "renewal", "key", "help", "_note_q1", "_call_q1"):
        assert block in names


def test_headings_are_headings_without_a_gap() -> None:
    styles, levels = Styles(made()), []
    for paragraph in part(made()).iter(f"{W}p"):
        for style in styles.chain(value(paragraph, "w:pPr/w:pStyle")):
            level = value(style, "w:pPr/w:outlineLvl")
            if level is not None:
                levels.append(int(level))
                break
    assert levels == [0, 0, 0, 1, 0, 0]


def test_a_table_has_a_header_row_and_a_description() -> None:
    table = part(made()).find(f".//{W}tbl")
    assert table is not None
    first, *rest = table.findall(f"{W}tr")
    assert first.find(f"{W}trPr/{W}tblHeader") is not None
    assert all(r.find(f"{W}trPr/{W}tblHeader") is None for r in rest)
    assert all(r.find(f"{W}trPr/{W}cantSplit") is not None for r in (first, *rest))
    assert value(table, "w:tblPr/w:tblCaption") == WORDS["en"]["title"]
    assert value(table, "w:tblPr/w:tblDescription")
    widths = [int(c.get(f"{W}w", "0")) for c in table.iter(f"{W}gridCol")]
    assert sum(widths) / 20 == pytest.approx(layout(sample()).measure_pt, abs=0.2)


def test_a_table_that_does_not_fit_becomes_lists_with_all_its_words() -> None:
    columns = tuple(f"c{n}" for n in range(5))
    long = "incomprehensibilities"
    translated = with_blocks(
        Table(
            "wide",
            seg("wide-caption", "Wide"),
            Row(tuple(seg(f"h-{c}", f"Head {c}") for c in columns)),
            (Row(tuple(seg(f"b-{c}", f"{long} {c}") for c in columns)),),
        )
    )
    body = part(render(translated, layout(translated, "giant")).data)
    assert body.find(f".//{W}tbl") is None
    assert bookmarked(body, "h_c1") == "Head c1"
    assert bookmarked(body, "b_c0") == f"{long} c0"
    assert bookmarked(body, "b_c1") == f"Head c1: {long} c1"


def test_pictures_have_alternative_text_and_stand_in_the_line() -> None:
    for edition, room in (("clear", 700), ("giant", 700)):
        body = part(made("en", edition))
        found = list(body.iter(f"{WP}docPr"))
        assert [p.get("descr") for p in found] == [WORDS["en"]["long"], WORDS["en"]["plain"]]
        assert len({p.get("id") for p in found}) == len(found)
        assert body.find(f".//{WP}anchor") is None
        assert all(int(e.get("cy", "0")) / 12700 < room for e in body.iter(f"{WP}extent"))
    pictures = [p for p in part(made()).iter(f"{W}p") if value(p, "w:pPr/w:pStyle") == "Picture"]
    stacked = [p for p in part(made("en", "giant")).iter(f"{W}p") if value(p, "w:pPr/w:pStyle") == "Picture"]
    assert (len(pictures), len(stacked)) == (1, 2)


def test_fields_are_whole_and_nobody_is_asked_to_update_them() -> None:
    data = made()
    for story in stories(data):
        kinds = [f.get(f"{W}fldCharType") for f in story.iter(f"{W}fldChar")]
        assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") >= 1
    assert part(data, "word/settings.xml").find(f"{W}updateFields") is None
    codes = [i.text for story in stories(data) for i in story.iter(f"{W}instrText")]
    assert [c.split()[0] for c in codes if c] == ["TOC", "PAGE", "NUMPAGES"]


def test_numbered_lists_count_for_themselves() -> None:
    numbering = part(made(), "word/numbering.xml")
    body = part(made())
    items = [p for p in body.iter(f"{W}p") if value(p, "w:pPr/w:pStyle") == "ListNumber"]
    (number,) = {value(p, "w:pPr/w:numPr/w:numId") for p in items}
    own = next(n for n in numbering.iter(f"{W}num") if n.get(f"{W}numId") == number)
    assert value(own, "w:lvlOverride/w:startOverride") == "3"


def test_contents_only_when_asked_for() -> None:
    translated = sample()
    bare = replace(translated, document=replace(translated.document, contents=False))
    assert part(made()).find(f".//{W}sdt") is not None
    assert part(render(bare, layout(bare)).data).find(f".//{W}sdt") is None


# --- Schema, package, determinism ---------------------------------------------------------------

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd"
    " tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi"
    " adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection"
    " textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof"
    " snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText"
    " vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc"
    " tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders"
    " lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid"
    " printerSettings",
}


@every_case
def test_properties_are_in_the_order_of_the_schema(tag: str, edition: str) -> None:
    data = made(tag, edition)
    for root in (*stories(data), part(data, "word/styles.xml"), part(data, "word/numbering.xml")):
        for name, order in ORDER.items():
            ranks = {child: rank for rank, child in enumerate(order.split())}
            for properties in root.iter(f"{W}{name}"):
                found = [ranks[etree.QName(child).localname] for child in properties]
                assert found == sorted(set(found))


def test_the_package_has_no_leftovers_of_a_template() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        names = archive.namelist()
        assert names[:2] == ["[Content_Types].xml", "_rels/.rels"]
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert sum(n.endswith(".odttf") for n in names) == 2
    settings_part = part(made(), "word/settings.xml")
    modes = {c.get(f"{W}name"): c.get(f"{W}val") for c in settings_part.iter(f"{W}compatSetting")}
    assert modes["compatibilityMode"] == "15"
    assert value(settings_part, "w:autoHyphenation") in {"0", "false"}


def test_fonts_are_embedded_whole() -> None:
    face = layout(sample()).faces[0]
    table = part(made(), "word/fontTable.xml")
    key = table.find(f".//{W}embedRegular").get(f"{W}fontKey")  # type: ignore[union-attr]
    assert key is not None
    mask = bytes.fromhex(key.strip("{}").replace("-", ""))[::-1]
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        data = archive.read("word/fonts/font1.odttf")
    plain = bytes(b ^ mask[i % 16] for i, b in enumerate(data[:32])) + data[32:]
    assert plain == face.regular.read_bytes()
    assert font_facts(face.regular).embeddable


def test_metadata_says_what_the_leaflet_is_and_never_the_time() -> None:
    core = part(made("ar"), "docProps/core.xml")
    assert core.findtext(f"{DC}title") == WORDS["ar"]["title"]
    assert core.findtext(f"{DC}language") == "ar"
    assert core.findtext(f"{DC}creator") == "A. Writer"
    assert core.findtext(f"{DC}subject") == WORDS["ar"]["plain"] * 12
    times = [e.text for e in core if etree.QName(e).localname in {"created", "modified"}]
    assert times == ["2026-11-23T00:00:00Z"] * 2


def test_same_leaflet_same_bytes_in_another_process() -> None:
    here = Path(__file__)
    code = (
        f"import sys; sys.path[:0] = {[str(here.parent), str(here.parent.parent)]!r}\n"
        f"import hashlib, {here.stem} as t; print(hashlib.sha256(t.made('ar')).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_zip_is_the_same_in_any_order_of_writing() -> None:
    one = write_zip([("b", b"2"), ("_rels/.rels", b""), ("[Content_Types].xml", b"x"), ("a", b"1")])
    two = write_zip([("a", b"1"), ("[Content_Types].xml", b"x"), ("b", b"2"), ("_rels/.rels", b"")])
    assert repack(one) == repack(two)
    with zipfile.ZipFile(io.BytesIO(repack(one))) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "_rels/.rels", "a", "b"]


def test_a_zip_can_store_and_refuses_doubles() -> None:
    data = write_zip([("mimetype", b"application/epub+zip")], stored=frozenset({"mimetype"}))
    assert data[38:58] == b"application/epub+zip"
    with pytest.raises(ValueError, match="twice"):
        write_zip([("a", b""), ("a", b"")])


# --- Hostile text -------------------------------------------------------------------------------


def with_blocks(*blocks: Block) -> TranslatedDocument:
    front = Front(seg("title", "T"), seg("subtitle", "S"), seg("summary", "M"))
    document = Document("x", language("en"), front, blocks, date(2026, 1, 1), date(2028, 1, 1), "1")
    return TranslatedDocument(document, interface.english(), language("en"))


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=30))
def test_text_is_only_ever_text(words: str) -> None:
    hostile = f"</w:t>&{words}]]>"
    translated = with_blocks(
        Section(
            Heading(2, seg("h", hostile)),
            (par("p", hostile, Link("https://example.org/" + words, (Text("x"),))),),
        )
    )
    plan = layout(with_blocks())
    body = part(render(translated, plan).data)
    unfit = {*map(chr, range(0x20)), "\ufffe", "\uffff"}
    kept = "".join(c for c in hostile if c not in unfit and not 0xD800 <= ord(c) < 0xE000)
    found = bookmarked(body, "h").replace(" ", "")
    assert found == kept.replace(" ", "")


def test_spaces_survive() -> None:
    translated = with_blocks(par("p", "a ", Strong((Text("b"),)), " c"))
    body = part(render(translated, layout(translated)).data)
    assert bookmarked(body, "p") == "a b c"
    assert all(
        t.get(XML_SPACE) == "preserve" for t in body.iter(f"{W}t") if (t.text or "") != (t.text or "").strip()
    )


def test_bookmark_names_fit_word() -> None:
    long = "handout-" + "a" * 60
    names = {bookmark_name(i) for i in ("a-b", "a-c", long + "x", long + "y")}
    assert len(names) == 4
    assert all(len(n) <= 40 and n.replace("_", "").isalnum() for n in names)
