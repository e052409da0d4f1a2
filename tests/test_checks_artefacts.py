"""The checks of finished files: clean on what we make, and every rule on a file damaged for it.

Files are made by the renderers and damaged through their stylesheet, their measures or their bytes;
a static file would soon show an older renderer's work.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import catalogs, checks, interface
from pipeline.checks.alignment import align
from pipeline.checks.extraction import alternatives, extract, normalize, tokens, unturned
from pipeline.checks.pages import UnreadableError, read_sheets
from pipeline.checks.pieces import Piece, pieces
from pipeline.checks.print_size import Measures, measure, print_of
from pipeline.checks.words import ARABIC_PDF_SHARE, compare, share
from pipeline.diagnostics import Diagnostic, Severity, findings
from pipeline.document import (
    Node,
    Paragraph,
    Role,
    Section,
    TranslatedDocument,
    plain_text,
    segments,
    transform,
)
from pipeline.editions import EDITIONS, MM_PER_PT, PAPERS, Layout, Target, lay_out
from pipeline.fonts import letter_height, typefaces
from pipeline.languages import language
from pipeline.reader import open_project, read
from pipeline.renderers import FORMATS, Companions, pdf
from pipeline.renderers.pdf.stylesheet import stylesheets
from pipeline.selection import select
from pipeline.translation import translate, translate_interface

# WeasyPrint leaves the color profile that it embeds open.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")

ROOT = Path(__file__).parent.parent

# Prepared fonts are kept from one run to the next: they depend on nothing but the font packages.
FONTS = Path(tempfile.gettempdir()) / "handout-test-fonts"

FILLER = (
    "The nurse shows you how the dressing is changed, and you may try it under her eyes until you feel "
    "sure. Nobody expects you to know it at once, and you can ask again on any day. "
)
SMALL = f"""+++
slug = "dressing"
language = "en"
title = "Changing a dressing"
subtitle = "For families"
summary = "How to change a dressing."
version = "1.0"
issued = 2026-05-04
review = 2027-05-04
licence = "CC0 1.0"
+++

## Why it matters {{#why}}

{FILLER}It takes long-term care and a well-known routine, and some long-standing habits help. {{#why-first}}

{FILLER * 2}{{#why-second}}

### What you need {{#need}}

- a clean dressing {{#need-dressing}}
- {FILLER}{{#need-time}}

::: table sizes
Sizes of dressings {{#sizes-caption}}

| Size {{#sizes-h-size}} | Use {{#sizes-h-use}} |
| --- | --- |
| small {{#sizes-small}} | for a finger {{#sizes-small-use}} |
| large {{#sizes-large}} | for a knee {{#sizes-large-use}} |
:::

:::: figure hands
![A hand under a tap. {{#hands-alt}}](figures/hands.svg)

Rinse under running water. {{#hands-caption}}

::: description
A hand is held under a tap from which water runs. {{#hands-long}}
:::
::::

## How to do it {{#how}}

{FILLER * 3}{{#how-first}}

{FILLER * 2}{{#how-second}}

{FILLER * 3}{{#how-third}}

### Afterwards {{#after}}

{FILLER * 2}{{#after-first}}
"""
SETTINGS = """[project]
source = "dressing.md"
[build]
languages = ["en"]
formats = {}
[[handout]]
id = "dressing"
"""


@cache
def leaflet(tag: str, handout: str = "osteopetrosis") -> tuple[TranslatedDocument, str]:
    """Return a handout of the real leaflet in a language, and the text of the whole."""
    document = read(open_project(ROOT))
    if tag == "en":
        whole = translate(document, language(tag), catalog=None, labels=interface.english())
    else:
        folder = ROOT / "translations" / tag / "LC_MESSAGES"
        labels = translate_interface(catalogs.read(folder / "interface.po"))
        catalog = catalogs.read(folder / "osteopetrosis.po")
        whole = translate(document, language(tag), catalog=catalog, labels=labels)
    return select(whole, handout), words_of(whole)


@cache
def small() -> TranslatedDocument:
    """Return a small document with every sort of line that the rules look at."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "source"
        (source / "figures").mkdir(parents=True)
        drawing = ROOT / "tests/projects/handwash/source/figures/hands.svg"
        (source / "figures" / "hands.svg").write_bytes(drawing.read_bytes())
        (source / "handouts.toml").write_text(SETTINGS, "utf-8")
        (source / "dressing.md").write_text(SMALL, "utf-8")
        document = read(open_project(Path(name)))
    return select(translate(document, language("en"), catalog=None, labels=interface.english()), "dressing")


def words_of(translated: TranslatedDocument) -> str:
    return " ".join(plain_text(segment.children) for segment in segments(translated.document))


def layout_for(translated: TranslatedDocument, edition: str, text: str = "") -> Layout:
    sample = text or words_of(translated)
    faces = typefaces(translated.language, sample, cache_folder=FONTS)
    return lay_out(EDITIONS[edition], PAPERS["a4"], language=translated.language, faces=faces, sample=sample)


@cache
def made(tag: str, format: str, edition: str) -> tuple[TranslatedDocument, Layout, bytes]:
    translated, text = leaflet(tag)
    layout = layout_for(translated, edition, text)
    return translated, layout, FORMATS[format](translated, layout, Companions()).data


@cache
def made_small(format: str, edition: str = "clear") -> bytes:
    return FORMATS[format](small(), layout_for(small(), edition), Companions()).data


def found(
    translated: TranslatedDocument,
    layout: Layout,
    data: bytes,
    format: str = "pdf",
) -> tuple[Diagnostic, ...]:
    target = Target(translated.language.tag, "it", layout.edition.name, format, layout.paper.name)
    return findings(checks.check_artefact(checks.Subject(target, translated, layout, data)))


def codes(diagnostics: tuple[Diagnostic, ...]) -> set[str]:
    return {diagnostic.code for diagnostic in diagnostics}


# What we make is clean -------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["clear", "large", "giant"])
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_leaflet_in_print_breaks_no_rule(tag: str, edition: str) -> None:
    assert [str(d) for d in found(*made(tag, "pdf", edition))] == []


@pytest.mark.parametrize(("tag", "paper"), [("en", "letter"), ("es", "a4")])
def test_a_picture_at_the_foot_of_a_page_keeps_its_caption(tag: str, paper: str) -> None:
    # Both come to lie on an edge at which a floating figure was cut off without a word.
    translated, text = leaflet(tag)
    layout = replace(layout_for(translated, "clear", text), paper=PAPERS[paper])
    assert [str(d) for d in found(translated, layout, pdf.render(translated, layout).data)] == []


@pytest.mark.parametrize("format", ["docx", "epub", "html", "txt"])
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_leaflet_in_every_other_format_breaks_no_rule(tag: str, format: str) -> None:
    translated, layout, data = made(tag, format, "clear")
    assert [str(d) for d in found(translated, layout, data, format)] == []
    assert share(translated, data, format) == 1.0


@pytest.mark.parametrize("edition", ["clear", "large", "giant"])
def test_a_small_document_breaks_no_rule(edition: str) -> None:
    assert [str(d) for d in found(small(), layout_for(small(), edition), made_small("pdf", edition))] == []


def test_the_words_of_arabic_print_come_back_whole() -> None:
    translated, _, data = made("ar", "pdf", "clear")
    comparison = compare(translated, extract(data, "pdf"), "pdf")
    assert comparison.share >= ARABIC_PDF_SHARE
    assert comparison.total > 2000


# Every rule catches its damage -----------------------------------------------------------------

Damage = Callable[[pytest.MonkeyPatch], tuple[TranslatedDocument, Layout, bytes]]


def styled(css: str, edition: str = "clear") -> Damage:
    """Return the small document printed with more CSS."""

    def render(monkeypatch: pytest.MonkeyPatch) -> tuple[TranslatedDocument, Layout, bytes]:
        monkeypatch.setattr(
            "pipeline.renderers.pdf.stylesheets", lambda t, layout: (*stylesheets(t, layout), css)
        )
        layout = layout_for(small(), edition)
        return small(), layout, pdf.render(small(), layout).data

    return render


def measured(edition: str, **changes: object) -> Damage:
    """Return the small document printed with other measures than those it is checked against."""

    def render(_: pytest.MonkeyPatch) -> tuple[TranslatedDocument, Layout, bytes]:
        layout = layout_for(small(), edition)
        other = replace(layout, **changes)  # type: ignore[arg-type]
        return small(), layout, pdf.render(small(), other).data

    return render


def reworded(old: str, new: str) -> Damage:
    """Return the small document printed with other words, or without them."""

    def render(_: pytest.MonkeyPatch) -> tuple[TranslatedDocument, Layout, bytes]:
        def change(node: Node) -> Node:
            text = getattr(node, "text", None)
            return replace(node, text=text.replace(old, new)) if isinstance(text, str) else node  # type: ignore[call-arg]

        other = replace(small(), document=transform(small().document, change))
        layout = layout_for(small(), "clear")
        return small(), layout, pdf.render(other, layout).data

    return render


def without_alternative(_: pytest.MonkeyPatch) -> tuple[TranslatedDocument, Layout, bytes]:
    with pikepdf.open(io.BytesIO(made_small("pdf"))) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure":
                del item["/Alt"]
        out = io.BytesIO()
        document.save(out)
    return small(), layout_for(small(), "clear"), out.getvalue()


def slanted(_: pytest.MonkeyPatch) -> tuple[TranslatedDocument, Layout, bytes]:
    """Return a print whose fonts say that they are italic; no italic face is ever at hand to print with."""
    with pikepdf.open(io.BytesIO(made_small("pdf"))) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                item["/ItalicAngle"] = -12
        out = io.BytesIO()
        document.save(out)
    return small(), layout_for(small(), "clear"), out.getvalue()


def torn(_: pytest.MonkeyPatch) -> tuple[TranslatedDocument, Layout, bytes]:
    return small(), layout_for(small(), "clear"), made_small("pdf")[:200]


def broken_before(section: str) -> Damage:
    """Return the print whose page breaks between a heading and its text."""
    return styled(f"#{section} > h2 + * {{ break-before: page; }} h2 {{ break-after: auto !important; }}")


def small_note(_: pytest.MonkeyPatch) -> tuple[TranslatedDocument, Layout, bytes]:
    """Return the leaflet, which has notes, with the notes in small print."""
    translated, text = leaflet("en")
    layout = layout_for(translated, "clear", text)
    with pytest.MonkeyPatch.context() as patch:
        css = "ol.notes { font-size: 10pt; }"
        patch.setattr("pipeline.renderers.pdf.stylesheets", lambda t, made: (*stylesheets(t, made), css))
        return translated, layout, pdf.render(translated, layout).data


CASES: dict[str, Damage] = {
    "R001": reworded("under her eyes", "under eyes"),
    "R002": torn,
    "R003": without_alternative,
    "P001": measured("large", body_pt=17.0),
    "P002": measured("large", body_pt=18.1),
    "P003": styled("figcaption { font-size: 11pt; }"),
    "P004": styled("h3 { font-size: 12pt !important; }"),
    "P005": styled("p, li { line-height: 1.15; }"),
    "P006": measured("clear", measure_pt=490.0),
    "P007": styled("p { margin: 0 !important; }"),
    "P008": styled("p { text-indent: 12pt; }"),
    "P009": styled("p { text-align: justify; }"),
    "P010": styled("p { hyphens: auto; hyphenate-character: '-'; width: 300pt; }"),
    "P011": slanted,
    "P012": styled("figcaption { text-decoration: underline; }"),
    "P013": styled("body { columns: 2; }"),
    "P014": styled("@page { margin-left: 12mm; }"),
    "P015": measured("clear", paper=PAPERS["letter"]),
    "P016": styled("@page :left { @bottom-left { font-weight: 400; } }"),
    "P017": styled("p { color: #888; }"),
    "P018": broken_before("how"),
    "P019": styled("p { orphans: 1; widows: 1; } #how-first { break-before: page; height: 670pt; }"),
    "P020": reworded("Nobody expects you", "NOBODY EXPECTS YOU"),
    "P021": styled("figcaption::after { content: ' ........ '; }"),
    "P022": styled("h2 { background: linear-gradient(90deg, #fff, #bbb); }"),
    "P023": small_note,
}


@pytest.mark.parametrize("code", CASES)
def test_every_rule_catches_its_damage(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code in codes(found(*CASES[code](monkeypatch)))


def test_every_rule_on_artefacts_has_a_damaged_file() -> None:
    # R02x are limits that a project sets itself; they are tested with the build.
    named = {code for code in checks.every_rule() if re.fullmatch(r"P\d{3}|R00\d", code)}
    assert named == set(CASES)


MORE: list[tuple[str, str]] = [
    ("P009", "p { text-align: center; }"),
    ("P009", "p { text-align: right; }"),
    ("P009", "h2 { text-align: center; }"),
    ("P011", "figcaption { transform: skewX(-12deg); }"),
    ("P016", "@page :left { @bottom-left { content: none; } }"),
    ("P016", "@page :left { @bottom-left { font-size: 10pt; } }"),
    ("P017", "figcaption { color: #14171A; background: #0A3A5C; }"),
    ("P014", "table { margin-left: -60pt !important; }"),
]


@pytest.mark.parametrize(("code", "css"), MORE)
def test_other_forms_of_the_same_damage(code: str, css: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code in codes(found(*styled(css)(monkeypatch)))


def test_a_hyphen_that_a_word_has_may_end_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    translated, layout, data = styled("#why-first { width: 250pt; }")(monkeypatch)
    printed = print_of(translated, layout, read_sheets(data))
    assert [line.text for lines in printed.lines for line in lines if line.text.endswith("-")]
    assert "P010" not in codes(found(translated, layout, data))


def test_the_page_number_of_right_to_left_print_stands_at_the_other_corner() -> None:
    translated, layout, data = made("ar", "pdf", "clear")
    turned = replace(translated, document=replace(translated.document, language=language("en")))
    assert "P016" in codes(found(turned, replace(layout, language=language("en")), data))


# Words ----------------------------------------------------------------------------------------


def test_the_first_lost_segment_and_word_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (finding,) = [d for d in found(*CASES["R001"](monkeypatch)) if d.code == "R001"]
    assert "“her” in “why-first”" in finding.message
    assert finding.severity is Severity.FAIL
    assert finding.location is not None


@pytest.mark.parametrize("format", ["pdf", "docx", "epub", "html", "txt"])
def test_a_dropped_paragraph_is_found_in_every_format(format: str) -> None:
    def drop(node: Node) -> Node:
        if not isinstance(node, Section):
            return node
        kept = (b for b in node.blocks if not (isinstance(b, Paragraph) and b.text.id == "how-second"))
        return replace(node, blocks=tuple(kept))

    shorter = replace(small(), document=transform(small().document, drop))
    layout = layout_for(small(), "clear")
    data = FORMATS[format](shorter, layout, Companions()).data
    (finding,) = [d for d in found(small(), layout, data, format) if d.code == "R001"]
    assert "how-second" in finding.message
    assert share(small(), data, format) < 1.0


def test_a_dropped_paragraph_is_found_in_arabic_print() -> None:
    translated, layout, _ = made("ar", "pdf", "clear")

    def drop(node: Node) -> Node:
        if not isinstance(node, Section):
            return node
        kept = (b for b in node.blocks if not (isinstance(b, Paragraph) and b.text.id == "what-rare"))
        return replace(node, blocks=tuple(kept))

    shorter = replace(translated, document=transform(translated.document, drop))
    data = pdf.render(shorter, layout).data
    (finding,) = [d for d in found(translated, layout, data) if d.code == "R001"]
    assert "what-rare" in finding.message


def test_two_paragraphs_that_changed_places_are_found() -> None:
    def swap(node: Node) -> Node:
        if isinstance(node, Section) and node.id == "why":
            first, second, *rest = node.blocks
            return replace(node, blocks=(second, first, *rest))
        return node

    swapped = replace(small(), document=transform(small().document, swap))
    data = FORMATS["html"](swapped, layout_for(small(), "clear"), Companions()).data
    assert "R001" in codes(found(small(), layout_for(small(), "clear"), data, "html"))


def test_a_heading_that_stands_in_the_contents_alone_is_lost() -> None:
    sheets = read_sheets(made_small("pdf"))
    text = "\n".join(sheet.text for sheet in sheets)
    head, _, tail = text.rpartition("What you need")
    lost = [m for m in compare(small(), head + tail, "pdf").matches if m.lost]
    assert [m.piece.id for m in lost] == ["need"]


def test_lam_alef_turned_round_is_told_from_a_lost_word() -> None:
    translated, _, data = made("ar", "pdf", "clear")
    text = extract(data, "pdf")
    turned = compare(translated, text.replace("لا", "ال"), "pdf")
    assert turned.turned > 50
    assert turned.found == compare(translated, text, "pdf").found
    assert turned.share < ARABIC_PDF_SHARE


def test_unturned_makes_one_word_of_both_orders() -> None:
    assert unturned("االضطرابات") == unturned("الاضطرابات")
    assert unturned("كتاب") != unturned("كتب")


def test_normalize_resolves_arabic_presentation_forms_alone() -> None:
    assert normalize("\ufefb ² ½ soft\u00adhyphen \u200fb\u2069\n c") == "لا ² ½ softhyphen b c"


def test_tokens_of_scripts_without_spaces_are_single_letters() -> None:
    assert tokens("long-term (2.5) 骨の病気") == ["long", "term", "2", "5", *"骨の病気"]


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30), st.data())
def test_one_lost_word_is_always_noticed(words: list[str], data: st.DataObject) -> None:
    parts = [tuple(words[i : i + 4]) for i in range(0, len(words), 4)]
    wanted = [Piece(str(i), Role.PARAGRAPH, part, " ".join(part)) for i, part in enumerate(parts)]
    assert all(not match.lost for match in align(wanted, words))
    gone = data.draw(st.integers(0, len(words) - 1))
    rest = words[:gone] + words[gone + 1 :]
    assert any(match.lost for match in align(wanted, rest))
    assert any(match.lost for match in align(wanted, rest, loose=True))


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=20), st.data())
def test_words_of_others_in_between_do_not_hide_those_that_are_there(
    words: list[str], data: st.DataObject
) -> None:
    wanted = [Piece("one", Role.PARAGRAPH, tuple(words), " ".join(words))]
    at = data.draw(st.integers(0, len(words)))
    (match,) = align(wanted, [*words[:at], "Page", "3", "of", "15", *words[at:]])
    assert not match.lost


def test_the_heads_of_a_table_may_stand_anywhere() -> None:
    heads = [piece for piece in pieces(small(), "pdf") if piece.anywhere]
    assert [piece.id for piece in heads] == ["sizes-h-size", "sizes-h-use"]


# Readers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["pdf", "docx", "epub", "html"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"%PDF-1.7 no more", b"\xff\xfe\x00"])
def test_what_is_no_file_of_its_format_is_said_to_be_unreadable(format: str, data: bytes) -> None:
    diagnostics = found(small(), layout_for(small(), "clear"), data, format)
    # Any bytes are some web page; what is none of the others is judged no further.
    assert codes(diagnostics) & {"R001", "R002"}
    assert format == "html" or codes(diagnostics) <= {"R001", "R002", "R003"}


def test_an_archive_without_its_parts_is_unreadable() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    with pytest.raises(UnreadableError):
        extract(out.getvalue(), "epub")
    with pytest.raises(UnreadableError):
        extract(out.getvalue(), "docx")


def test_inline_markup_parts_no_words_and_blocks_do() -> None:
    page = b"<main><p>so<b>ft</b>ly</p><p>then</p><style>p {}</style><nav>away</nav></main>"
    assert tokens(extract(page, "html")) == ["softly", "then"]


@pytest.mark.parametrize("format", ["pdf", "docx", "epub", "html", "txt"])
def test_alternative_texts_are_found(format: str) -> None:
    assert alternatives(made_small(format), format) == ("A hand under a tap.",)


# Measures -------------------------------------------------------------------------------------


def measures(tag: str, edition: str) -> Measures:
    translated, layout, data = made(tag, "pdf", edition)
    return measure(print_of(translated, layout, read_sheets(data)))


@pytest.mark.parametrize("edition", ["clear", "large", "giant"])
def test_the_ink_of_the_page_agrees_with_the_font(edition: str) -> None:
    _, layout, _ = made("en", "pdf", edition)
    expected = letter_height(layout.faces[-1], "Latn") * layout.body_pt * MM_PER_PT
    assert measures("en", edition).x_height_mm == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("edition", ["clear", "large", "giant"])
def test_measures_are_those_of_the_layout(edition: str) -> None:
    _, layout, data = made("en", "pdf", edition)
    result = measures("en", edition)
    assert result.body_pt == result.smallest_pt == layout.body_pt
    assert result.pitch == pytest.approx(layout.edition.pitch, abs=0.005)
    assert result.pages == len(read_sheets(data))
    assert min(result.margins_mm) >= layout.edition.margin_mm - 0.4
    assert 0 < result.median_characters <= result.max_characters
