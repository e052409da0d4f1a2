"""The tags of a PDF: one element for each HTML element, read from the finished file by pikepdf."""

from __future__ import annotations

import importlib
import inspect
import io
import re
from functools import cache
from typing import Any

import pikepdf
import pytest
from pages_made import set_page
from rendered import CASES, TAGS, layout, made, translated

from pipeline.checks.structure import Node, Structure, outline_of, read_structure
from pipeline.diagnostics import RenderError
from pipeline.document import Abbreviation, Paragraph, walk
from pipeline.editions import EDITIONS
from pipeline.renderers import FORMATS, Companions
from pipeline.renderers.pdf import tagging

every_case = pytest.mark.parametrize(("tag", "edition"), CASES)


@cache
def structure(tag: str, edition: str = "clear") -> Structure:
    return read_structure(made(tag, edition, "pdf").data)


@cache
def second() -> Structure:
    """The file of PDF 2.0."""
    return read_structure(FORMATS["pdf"](translated("en"), layout("en"), Companions(variant="ua-2")).data)


def all_of(role: str, found: Structure) -> list[Node]:
    return [node for node in found.root.walk() if node.role == role]


# What is patched ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", tagging.PATCHED)
def test_what_is_replaced_is_there(name: str) -> None:
    where, _, last = name.rpartition(".")
    # What of each name is ours, as a source file: `wraps` and `contextmanager` hide it otherwise.
    try:
        holder: Any = importlib.import_module(where)
    except ModuleNotFoundError:
        module, _, kind = where.rpartition(".")
        holder = getattr(importlib.import_module(module), kind)
    replaced = getattr(holder, last)
    sources = {replaced.__code__.co_filename, inspect.unwrap(replaced).__code__.co_filename}
    assert any("tagging" in source for source in sources), "it is ours now"


# The gates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", TAGS)
def test_the_structure_is_the_same_in_every_edition(tag: str) -> None:
    first, *others = (outline_of(structure(tag, edition)) for edition in EDITIONS)
    assert len(first) > 150
    for other in others:
        assert other == first


def test_a_structure_that_differs_is_seen() -> None:
    assert outline_of(structure("en")) != outline_of(structure("de"))


def test_a_text_that_is_not_laid_out_is_named() -> None:
    with pytest.raises(RenderError, match="“Gone with the wind” is not on the pages"):
        set_page("<p>Here</p><p class='x'>Gone with the wind</p>", ".x { display: none }")


def test_a_text_that_is_laid_out_but_not_painted_is_named() -> None:
    with pytest.raises(RenderError, match="“Unseen” is not on the pages"):
        set_page("<p>Here</p><p class='x'>Unseen</p>", ".x { visibility: hidden }")


def test_documents_share_no_state() -> None:
    one, other = set_page("<p>One</p>"), set_page("<p>Other</p><p>More</p>")
    assert set_page("<p>One</p>") == one
    assert len(all_of("P", read_structure(other))) == 2


# One element for one element -----------------------------------------------------------------


def test_an_element_across_pages_is_one() -> None:
    data = set_page(f"<p>{'A long text. ' * 900}</p>", "@page { size: 300pt 300pt; margin: 20pt }")
    assert len(pikepdf.open(io.BytesIO(data)).pages) > 3
    found = read_structure(data)
    assert len(all_of("P", found)) == 1
    assert "".join(found.root.words.split()) == "Alongtext." * 900


def test_a_repeated_head_of_a_table_and_running_feet_are_artifacts() -> None:
    rows = "".join(f"<tr><th scope='row'>{n}</th><td>cell</td></tr>" for n in range(80))
    head = "<thead><tr><th scope='col'>Number</th><th scope='col'>What</th></tr></thead>"
    data = set_page(
        f"<table><caption>Name</caption>{head}<tbody>{rows}</tbody></table>",
        "@page { size: 300pt 300pt; margin: 40pt; @bottom-right { content: 'Page ' counter(page) } }",
    )
    found = read_structure(data)
    assert len(found.pages) > 3
    assert len(all_of("Table", found)) == len(all_of("THead", found)) == 1
    assert found.root.words.count("Number") == 1
    assert "Page" not in found.root.words
    content = b"".join(bytes(page.Contents.read_bytes()) for page in found.document.pages)
    assert content.count(b"/Subtype /Footer") == len(found.pages)
    assert content.count(b"/Subtype /Header") >= 2 * (len(found.pages) - 1)


# Each structure -------------------------------------------------------------------------------


@every_case
def test_the_contents_are_entries_with_references(tag: str, edition: str) -> None:
    (contents,) = all_of("TOC", structure(tag, edition))
    assert {kid.role for kid in contents.kids} == {"TOCI"}
    for entry in contents.kids:
        (reference,) = entry.kids
        assert reference.role == "Reference"
        assert [kid.role for kid in reference.kids] == ["Link", "Link"]
        assert re.search(r"\d", reference.kids[1].words), "the page"


@every_case
def test_lists_hold_items_of_a_mark_and_a_body(tag: str, edition: str) -> None:
    found = all_of("L", structure(tag, edition))
    kinds = [str(node.attribute("/ListNumbering")) for node in found]
    assert {"/Disc", "/Decimal"} <= set(kinds)
    for item in (kid for node in found for kid in node.kids):
        assert item.role == "LI"
        assert [kid.role for kid in item.kids] in (["Lbl", "LBody"], ["Lbl", "LBody", "LBody"])
        assert item.kids[0].words, "each has its mark"


@every_case
def test_both_paragraphs_of_an_item_are_in_its_body(tag: str, edition: str) -> None:
    bodies = all_of("LBody", structure(tag, edition))
    assert any([kid.role for kid in body.kids] == ["P", "P"] for body in bodies)


def test_terms_and_what_they_mean_are_items() -> None:
    found = read_structure(set_page("<dl><dt>Cup</dt><dd>Holds tea</dd><dt>Pot</dt><dd>Makes it</dd></dl>"))
    (entries,) = all_of("L", found)
    assert [[(k.role, k.words) for k in item.kids] for item in entries.kids] == [
        [("Lbl", "Cup"), ("LBody", "Holds tea")],
        [("Lbl", "Pot"), ("LBody", "Makes it")],
    ]


@every_case
def test_endnotes_are_notes_with_ids(tag: str, edition: str) -> None:
    notes = all_of("Note", structure(tag, edition))
    assert len({note.say("/ID") for note in notes}) == len(notes) == 2
    assert all([kid.role for kid in note.kids] == ["Lbl", "P"] for note in notes)
    calls = [n for n in all_of("Reference", structure(tag, edition)) if len(n.kids) == 1]
    assert len(calls) == 3


@every_case
def test_the_heads_of_a_table_have_scope_and_a_place_in_the_tree_of_ids(tag: str, edition: str) -> None:
    found = structure(tag, edition)
    heads = all_of("TH", found)
    assert [str(head.attribute("/Scope")) for head in heads] == ["/Column"] * 3 + ["/Row"] * 2
    names = [str(name) for name in list(found.root.entries.IDTree.Names)[::2]]
    assert names == sorted(names)
    assert {head.say("/ID") for head in heads} < set(names)


@every_case
def test_a_figure_says_what_it_is_and_where_and_holds_its_labels(tag: str, edition: str) -> None:
    found = structure(tag, edition)
    for figure in all_of("Figure", found):
        left, bottom, right, top = map(float, figure.attribute("/BBox"))
        frame = [float(n) for n in found.document.pages[figure.page - 1].MediaBox]
        assert frame[0] < left < right < frame[2]
        assert frame[1] < bottom < top < frame[3]
        assert right - left > 200
        assert figure.say("/Alt")
        assert any(kid.words for kid in figure.kids), "its labels"


def test_the_bounds_of_a_figure_count_from_the_lower_left_in_points() -> None:
    page = "<div role='img' aria-label='A box' style='width: 80pt; height: 40pt'><p>In</p></div>"
    css = "@page { size: 300pt 500pt; margin: 50pt } body, p { margin: 0 }"
    found = read_structure(set_page(page, css))
    (figure,) = all_of("Figure", found)
    assert [float(n) for n in figure.attribute("/BBox")] == [50, 410, 130, 450]


@every_case
def test_a_link_is_called_by_words_on_each_of_its_lines(tag: str, edition: str) -> None:
    for link in all_of("Link", structure(tag, edition)):
        assert link.annotations
        assert all(any(c.isalnum() for c in str(a.Contents)) for a in link.annotations)


def test_a_link_is_one_area_whatever_is_in_it() -> None:
    data = set_page("<p>Go <a href='https://x.example'>to <strong>this <em>very</em></strong> one</a></p>")
    found = read_structure(data)
    (link,) = all_of("Link", found)
    assert [str(a.Contents) for a in link.annotations] == ["to this very one"]
    assert len(found.document.pages[0].Annots) == 1


def test_a_link_on_two_lines_is_one_element_of_two_areas() -> None:
    data = set_page("<p>Go <a href='https://x.example'>to this very long link</a></p>", "p { width: 90pt }")
    found = read_structure(data)
    (link,) = all_of("Link", found)
    assert len(link.annotations) > 1
    assert {str(a.Contents) for a in link.annotations} == {"to this very long link"}


@every_case
def test_foreign_words_and_abbreviations_speak(tag: str, edition: str) -> None:
    spans = all_of("Span", structure(tag, edition))
    assert "la" in {span.say("/Lang") for span in spans}
    wanted = [n.expansion for n in walk(translated(tag).document) if isinstance(n, Abbreviation)]
    assert sorted(s.say("/E") for s in spans if s.say("/E")) == sorted(wanted)


def test_stress_is_kept_and_known_to_readers_of_pdf_1_7() -> None:
    found = structure("en")
    assert all_of("Strong", found)
    assert all_of("Em", found)
    roles = found.root.entries.RoleMap
    assert (str(roles.Strong), str(roles.Em)) == ("/Span", "/Span")
    assert "/RoleMap" not in second().root.entries


def test_a_section_and_a_box_are_named_by_their_headings() -> None:
    named = [(n.say("/T"), n.kids[0].words) for n in all_of("Sect", structure("en")) if n.say("/T")]
    assert len(named) > 8
    assert all(title == words for title, words in named)


def test_a_notice_in_another_language_says_so_with_its_direction() -> None:
    notices = [n for n in structure("ar").root.walk() if n.say("/Lang") == "en" and n.role == "Sect"]
    assert [str(n.attribute("/WritingMode")) for n in notices] == ["/LrTb"]


# ActualText -----------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", TAGS)
def test_letters_that_join_or_run_from_right_to_left_have_no_actual_text(tag: str) -> None:
    for page in structure(tag).document.pages:
        assert b"/ActualText" not in page.Contents.read_bytes()


def test_script_whose_glyphs_hide_their_letters_has_actual_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging.placing, "_REORDERED", re.compile("[a-z]"))
    data = set_page("<p>some words that go on and on</p>", "p { width: 60pt }")
    document = pikepdf.open(io.BytesIO(data))
    content = pikepdf.parse_content_stream(document.pages[0])
    marks: list[Any] = [i.operands[1] for i in content if str(i.operator) == "BDC"]
    said = "".join(str(mark["/ActualText"]) for mark in marks if "/ActualText" in mark)
    assert said == "some words that go on and on", "with the blanks at which lines are broken"


# PDF 2.0 --------------------------------------------------------------------------------------


def test_the_variant_claims_its_standards() -> None:
    document = second().document
    assert document.pdf_version == "2.0"
    with document.open_metadata() as metadata:
        assert (metadata["pdfuaid:part"], metadata["pdfuaid:rev"]) == ("2", "2024")
        assert (metadata["pdfaid:part"], metadata["pdfaid:rev"]) == ("4", "2020")
        assert "pdfaid:conformance" not in metadata
    assert b"wtpdf#accessibility1.0" in document.Root.Metadata.read_bytes()


def test_the_variant_names_spaces_and_leads_to_elements() -> None:
    found = second()
    assert all("/NS" in node.entries for node in found.root.walk() if node is not found.root)
    actions = [a.A for n in all_of("Link", found) for a in n.annotations if a.A.S == "/GoTo"]
    assert actions
    assert all("/SD" in action for action in actions)
    assert len(all_of("FENote", found)) == 2
    assert all(entry.entries.Ref[0].S in ("/Sect", "/H2", "/H3") for entry in all_of("TOCI", found))
    boxes = [n for n in all_of("Aside", found) if n.say("/T") == "Get help"]
    assert len(boxes) == 1


def test_the_variant_says_the_same_words() -> None:
    assert second().root.words == structure("en").root.words


def test_every_paragraph_of_the_document_is_there() -> None:
    words = "".join(second().root.words.split())
    for node in walk(translated("en").document):
        if isinstance(node, Paragraph) and len(node.text.children) == 1:
            text = str(getattr(node.text.children[0], "text", ""))
            assert "".join(text.split()) in words
