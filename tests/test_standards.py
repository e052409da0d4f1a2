"""Large-print standards: what is built to one meets it, and every clause fails on a print damaged for it."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import pikepdf
import pytest
import test_checks_artefacts as artefacts

from pipeline import checks, interface
from pipeline.checks import Verdict
from pipeline.checks.pages import read_sheets
from pipeline.diagnostics import UsageError, findings
from pipeline.document import Node, TranslatedDocument, plain_text, segments, transform
from pipeline.editions import EDITIONS, PAPERS, Layout, Target, edition_for, lay_out
from pipeline.fonts import typefaces
from pipeline.languages import language
from pipeline.plan import Wishes, targets
from pipeline.reader import open_project, read
from pipeline.renderers import FORMATS, Companions, pdf
from pipeline.renderers.pdf.stylesheet import stylesheets
from pipeline.selection import select
from pipeline.standards import HUMAN, STANDARDS, Clause, clauses
from pipeline.translation import translate

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")

# A small document with what the standards differ in: emphasis, and notes, and a contents.
SMALL = (
    (
        artefacts.SMALL.replace("under her eyes", "**under her eyes**", 1)
        .replace("Rinse under running water.", "Rinse under running water[^tap].")
        .replace("## How to do it", "## How to do it all", 1)
    )
    + """
## Notes {#notes-head}

::: notes
:::

[^tap]: The water is as warm as the hand, and it never runs hot. {#tap-text}
"""
)


@cache
def small() -> TranslatedDocument:
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "source"
        (source / "figures").mkdir(parents=True)
        drawing = artefacts.ROOT / "tests/projects/handwash/source/figures/hands.svg"
        (source / "figures" / "hands.svg").write_bytes(drawing.read_bytes())
        (source / "handouts.toml").write_text(artefacts.SETTINGS, "utf-8")
        (source / "dressing.md").write_text(SMALL, "utf-8")
        document = read(open_project(Path(name)))
    return select(translate(document, language("en"), catalog=None, labels=interface.english()), "dressing")


def layout_for(own: TranslatedDocument, edition: str, standard: str, text: str = "") -> Layout:
    sample = text or " ".join(plain_text(s.children) for s in segments(own.document))
    faces = typefaces(own.language, sample, cache_folder=artefacts.FONTS)
    bent = edition_for(edition, standard)
    return lay_out(bent, PAPERS["a4"], language=own.language, faces=faces, sample=sample)


def subject(own: TranslatedDocument, layout: Layout, data: bytes, standard: str = "") -> checks.Subject:
    name = layout.edition.name
    return checks.Subject(
        Target(own.language.tag, "it", name, "pdf", "a4", standard=standard), own, layout, data
    )


def failed(it: checks.Subject) -> set[str]:
    """Return the ids of the clauses that fail or were skipped."""
    return {
        result.id
        for assessment in checks.assess_standards(it)
        for result in assessment.of(Verdict.FAIL, Verdict.SKIP)
    }


@cache
def leaflet(tag: str, edition: str, standard: str) -> checks.Subject:
    own, text = artefacts.leaflet(tag)
    layout = layout_for(own, edition, standard, text)
    return subject(own, layout, pdf.render(own, layout).data, standard)


# What is built to a standard meets it ----------------------------------------------------------

# These bend an edition; APH and CNIB ask for nothing that the house does not do.
BENT = [("ukaaf", "large"), ("rnib", "clear"), ("rnib", "large"), *(("acb", e) for e in EDITIONS)]


@pytest.mark.parametrize(("standard", "edition"), BENT)
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_print_built_to_a_standard_meets_it(tag: str, standard: str, edition: str) -> None:
    it = leaflet(tag, edition, standard)
    assert [str(d) for d in findings(checks.check_artefact(it))] == []
    assert not {name for name in failed(it) if name.startswith(f"{standard}.")}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_house_meets_every_standard_but_acb(tag: str, edition: str) -> None:
    assert failed(leaflet(tag, edition, "")) == {"acb.pitch", "acb.leaders"}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("standard", ["aph", "cnib"])
def test_aph_and_cnib_ask_for_no_other_edition(standard: str, edition: str) -> None:
    assert edition_for(edition, standard) == EDITIONS[edition]


def test_what_is_built_to_one_standard_breaks_another() -> None:
    assert {"aph.pitch", "aph.leaders", "cnib.pitch"} <= failed(leaflet("en", "large", "acb"))
    assert {"aph.body-size", "acb.body-size", "aph.x-height"} <= failed(leaflet("en", "large", "ukaaf"))


@pytest.mark.parametrize("edition", EDITIONS)
def test_acb_underlines_what_is_emphasized_and_nothing_else(edition: str) -> None:
    layout = layout_for(small(), edition, "acb")
    it = subject(small(), layout, pdf.render(small(), layout).data, "acb")
    assert [str(d) for d in findings(checks.check_artefact(it))] == []
    assert not {name for name in failed(it) if name.startswith("acb.")}
    assert "ukaaf.underlines" in failed(it)


def test_the_dots_of_the_contents_are_no_text() -> None:
    it = leaflet("en", "large", "acb")
    text = "".join(sheet.text for sheet in read_sheets(it.data))
    assert ". . ." not in text
    assert "...." not in text


def test_acb_in_word_underlines_emphasis_and_sets_lines_closer() -> None:
    def body(standard: str) -> str:
        data = FORMATS["docx"](small(), layout_for(small(), "large", standard), Companions()).data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read("word/document.xml").decode() + archive.read("word/styles.xml").decode()

    bent, plain = body("acb"), body("")
    run = bent[: bent.index("under her eyes")].rpartition("<w:r>")[2]
    assert '<w:u w:val="single"/>' in run
    assert "<w:b/>" not in run
    assert "<w:u " not in plain
    assert bent != plain


# Every clause catches its damage ---------------------------------------------------------------

# measure → CSS that breaks it; the print is in the edition and to the standard of its clause.
CSS = {
    "smallest": "figcaption { font-size: 11pt !important; }",
    "pitch": "p, li { line-height: 1.5 !important; }",
    "line-length": "p { white-space: nowrap; }",
    "paragraph-gap": "p { margin: 0 !important; }",
    "indent": "p { text-indent: 12pt; }",
    "alignment": "p { text-align: justify; }",
    "hyphens": "p { hyphens: auto; hyphenate-character: '-'; width: 300pt; }",
    "underlines": "figcaption { text-decoration: underline; }",
    "emphasis": "p strong { font-weight: 700 !important; }",
    "italics": "figcaption { transform: skewX(-12deg); }",
    "columns": "body { columns: 2; }",
    "contrast": "p { color: #888; }",
    "pictures": "h2 { background: linear-gradient(90deg, #fff, #bbb); }",
    "headings": "h1, h2, h3 { font-size: 12pt !important; }",
    "page-number": "@page :left { @bottom-left { padding-top: 20pt !important; } }",
    "notes": "ol.notes { font-size: 10pt; }",
    "widows": "p { orphans: 1; widows: 1; } #how-first { break-before: page; height: 670pt; }",
    "headings-kept": "#how > h2 + * { break-before: page; } h2 { break-after: auto !important; }",
}
LEADERS = {
    "aph": "nav.contents a.page::before { content: ' ........ '; }",
    "acb": "nav.contents li::before { border: 0 !important; }",
}
LAYOUT = {
    "body-size": {"body_pt": 11.0},
    "x-height": {"body_pt": 11.0},
    "paper": {"paper": PAPERS["letter"]},
    "margins": {"measure_pt": 500.0},
}
MEASURED = [c for s in STANDARDS for c in clauses(s) if c.measure not in (HUMAN, "booklet")]


@pytest.mark.parametrize("clause", MEASURED, ids=lambda clause: clause.id)
def test_every_clause_catches_its_damage(clause: Clause, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = "clear" if "clear" in clause.limits else "large"
    measure, standard = clause.measure, clause.standard
    layout = layout_for(small(), edition, standard)
    sound = subject(small(), layout, pdf.render(small(), layout).data, standard)
    assert clause.id not in failed(sound)
    css = LEADERS[standard] if measure == "leaders" else CSS.get(measure, "")
    monkeypatch.setattr("pipeline.renderers.pdf.stylesheets", lambda t, made: (*stylesheets(t, made), css))
    other = replace(layout, **LAYOUT.get(measure, {}))  # type: ignore[arg-type]
    printed = shouted(small()) if measure == "capitals" else small()
    data = pdf.render(printed, other).data
    assert clause.id in failed(replace(sound, data=data))


def shouted(translated: TranslatedDocument) -> TranslatedDocument:
    """Return a document with a few words in capitals; text that a style changes is refused before."""

    def change(node: Node) -> Node:
        text = getattr(node, "text", None)
        if not isinstance(text, str):
            return node
        loud = text.replace("Nobody expects you", "NOBODY EXPECTS YOU")
        return replace(node, text=loud)  # type: ignore[call-arg]

    return replace(translated, document=transform(translated.document, change))


def test_a_breach_says_where() -> None:
    result = _result(leaflet("en", "large", ""), "acb.leaders")
    assert result.verdict is Verdict.FAIL
    assert result.breaches[0].page == 1
    assert result.breaches[0].words == "Key facts"


def test_text_over_a_picture_is_found_and_its_contrast_is_that_of_the_darkest_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    css = "h2 { background: linear-gradient(90deg, #fff, #222); }"
    monkeypatch.setattr("pipeline.renderers.pdf.stylesheets", lambda t, made: (*stylesheets(t, made), css))
    layout = layout_for(small(), "large", "")
    it = subject(small(), layout, pdf.render(small(), layout).data)
    assert {"aph.pictures", "aph.contrast", "cnib.contrast"} <= failed(it)
    assert {"P017", "P022"} <= {d.code for d in findings(checks.check_artefact(it))}


# What is no verdict is shown as such -----------------------------------------------------------


def _result(it: checks.Subject, name: str) -> checks.ClauseResult:
    return next(r for a in checks.assess_standards(it) for r in a.results if r.id == name)


def test_questions_for_people_and_printers_never_pass() -> None:
    it = leaflet("en", "large", "acb")
    assert _result(it, "aph.typeface").verdict is Verdict.HUMAN
    assert _result(it, "ukaaf.finish").verdict is Verdict.HUMAN
    booklet = _result(it, "acb.booklet")
    assert booklet.verdict is Verdict.INFO
    assert "pages" in booklet.measured


def test_a_number_of_our_own_is_called_derived() -> None:
    assert not _result(leaflet("en", "large", ""), "aph.x-height").derived
    assert _result(leaflet("ar", "large", ""), "aph.x-height").derived
    assert _result(leaflet("en", "giant", ""), "aph.body-size").derived


def test_a_clause_without_a_number_for_the_edition_does_not_apply() -> None:
    result = _result(leaflet("en", "clear", ""), "aph.x-height")
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "clear" in result.reason


def test_a_measure_that_says_nothing_of_a_file_is_left_out_with_its_reason() -> None:
    it = leaflet("en", "large", "")
    why = {"leaders": "its contents have no page numbers"}
    (acb,) = [a for a in checks.assess_standards(it, exempt=why) if a.standard == "acb"]
    (result,) = [r for r in acb.results if r.id == "acb.leaders"]
    assert (result.verdict, result.reason) == (Verdict.NOT_APPLICABLE, why["leaders"])


def test_a_pdf_without_text_is_skipped_and_meets_nothing() -> None:
    with pikepdf.new() as blank:
        blank.add_blank_page(page_size=(595, 842))
        out = io.BytesIO()
        blank.save(out)
    it = replace(leaflet("en", "large", ""), data=out.getvalue())
    assert not any(assessment.met for assessment in checks.assess_standards(it))
    assert checks.assess_standards(replace(it, data=b"PK\x03\x04")) == ()


def test_an_assessment_is_plain_data() -> None:
    made = json.loads(msgspec.json.encode(checks.assess_standards(leaflet("en", "large", ""))))
    assert [a["standard"] for a in made] == list(STANDARDS)
    assert {"id", "verdict", "measured", "breaches", "derived"} <= set(made[0]["results"][0])


# Targets ---------------------------------------------------------------------------------------


def test_a_standard_goes_into_the_name_and_to_formats_with_pages_alone() -> None:
    settings = open_project(artefacts.ROOT).settings
    made = targets(settings, Wishes(languages=("sv",), standard="acb"))
    assert {t.format for t in made} == {"pdf", "docx"}
    assert all(t.name.rpartition(".")[0].endswith("-acb") for t in made)
    assert not {t.name for t in made} & {t.name for t in targets(settings, Wishes())}


def test_a_standard_for_a_format_without_pages_is_refused() -> None:
    settings = open_project(artefacts.ROOT).settings
    with pytest.raises(UsageError, match="no pages"):
        targets(settings, Wishes(formats=("epub",), standard="acb"))
    with pytest.raises(UsageError, match="standard"):
        targets(settings, Wishes(standard="din"))
