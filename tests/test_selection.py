"""Handouts: what a selection keeps, leaves out, and what becomes of what points at it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from projects_made import HANDOUTS, write_project

from pipeline import interface
from pipeline.diagnostics import SourceError, UsageError
from pipeline.document import (
    Abbreviation,
    Definition,
    Document,
    EndNote,
    Figure,
    Handout,
    Link,
    Note,
    NoteReference,
    Section,
    Table,
    Term,
    TranslatedDocument,
    note_numbers,
    plain_text,
    segments,
    walk,
)
from pipeline.reader import open_project, read
from pipeline.selection import select
from pipeline.translation import translate

COMPLETE = Path(__file__).parent / "projects" / "complete"


@cache
def complete() -> TranslatedDocument:
    document = read(open_project(COMPLETE))
    return translate(document, document.language, catalog=None, labels=interface.english())


def chosen(include: str = "", exclude: str = "") -> Document:
    """Return the handout that takes and leaves these blocks."""
    document = complete().document
    handout = Handout("x", document.front, True, tuple(include.split()), tuple(exclude.split()))
    return select(replace(complete(), document=replace(document, handouts=(handout,))), "x").document


def ids(document: Document) -> list[str]:
    return [s.id for block in document.blocks for s in segments(block)]


def words(document: Document, name: str) -> str:
    return next(plain_text(s.children) for s in segments(document) if s.id == name)


# --- Include and exclude ------------------------------------------------------------------------


def test_without_include_a_handout_takes_everything_that_something_calls() -> None:
    everything = {s.id for block in complete().document.blocks for s in segments(block)}
    assert everything - set(ids(chosen())) == {"term-leaf", "term-leaf-def"}


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        ("opening", "opening"),
        ("key", "key-heading key-hot key-kettle"),
        ("key-hot", "key-heading key-hot"),
        ("help", "help-call"),
        ("lists-water", "inlines lists lists-water"),
        ("lists-black", "inlines lists lists-leaves lists-black lists-bag lists-tin"),
        ("lists-tin", "inlines lists lists-leaves lists-black lists-tin"),
        ("lists-lid", "inlines lists lists-fourth lists-lid"),
        ("lists-steep", "inlines lists lists-second lists-steep lists-steep-means"),
        ("shown-quote-item", "shown shown-quote-item"),
        ("opening between", "opening between"),
        ("sources", None),
    ],
)
def test_include_takes_a_block_with_the_headings_above_it(include: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(UsageError, match="empty"):
            chosen(include)
        return
    made = chosen(include)
    assert ids(made) == expected.split()


def test_a_whole_figure_and_a_whole_table_can_be_taken() -> None:
    made = ids(chosen("sorts vessels"))
    assert "sorts-black-remark" in made
    assert "vessels-long-kettle" in made
    assert "shown-between" not in made


@pytest.mark.parametrize(
    ("exclude", "lost"),
    [
        ("lists-green", "lists-green"),
        ("lists-black", "lists-black lists-bag lists-tin"),
        ("lists-lid", "lists-lid"),
        ("lists-steep", "lists-steep lists-steep-means"),
        ("lists-strain-means", "lists-strain-means"),
        ("lists-sieve", "lists-sieve"),
        ("help-headed-cool", "help-headed-cool"),
        ("contact-name", "contact-name"),
        ("shown-quote", "shown-quote"),
        ("editor", "editor-heading editor-text"),
        ("key-hot key-kettle", "key-heading key-hot key-kettle"),
        ("help-call", "help-call"),
    ],
)
def test_exclude_leaves_out_a_block_and_what_is_in_it(exclude: str, lost: str) -> None:
    before, after = ids(chosen()), ids(chosen(exclude=exclude))
    assert [name for name in before if name not in after] == lost.split()
    assert after == [name for name in before if name in after]


def test_exclude_wins() -> None:
    made = ids(chosen("lists lists-second", "lists-second lists-green"))
    assert "lists-water" in made
    assert not {"lists-second", "lists-green", "lists-steep"} & set(made)
    with pytest.raises(UsageError, match="empty"):
        chosen("opening", "opening")


def test_every_id_that_the_settings_may_name_has_an_effect(tmp_path: Path) -> None:
    """What a selection names is either left out or refused: it is never passed over in silence."""
    shutil.copytree(COMPLETE / "source", tmp_path / "source")
    settings = tmp_path / "source" / "handouts.toml"
    text = settings.read_text("utf-8")
    everything = ids(chosen())
    blocks = {n.id for n in walk(complete().document) if isinstance(n, Section | Table | Figure | Note)}
    refused = set()
    for name in {*everything, *blocks, "title", "summary", "abbr-who", "handout-part-title", "nowhere"}:
        settings.write_text(f'{text}\n[[handout]]\nid = "x"\nexclude = ["{name}"]\n', "utf-8")
        if ids(chosen(exclude=name)) != everything:
            read(open_project(tmp_path))
            continue
        with pytest.raises(SourceError, match="S015"):
            read(open_project(tmp_path))
        refused.add(name)
    assert {"nowhere", "title", "vessels-caption", "sorts-green", "key-heading"} <= refused
    assert not {"key", "sorts", "vessels", "lists", "lists-green", "opening", "term-kettle"} & refused


def test_an_unknown_handout_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        select(complete(), "none")
    assert "complete, part" in str(caught.value)


def test_a_handout_in_the_settings_is_selected_by_its_name() -> None:
    made = select(complete(), "part").document
    assert plain_text(made.front.title.children) == "A part of it"
    assert not made.contents
    assert made.handouts == ()
    assert "lists-water" in ids(made)
    assert not {"opening", "lists-steep"} & set(ids(made))


# --- Titles -------------------------------------------------------------------------------------


def test_what_a_handout_does_not_say_it_takes_from_the_source(tmp_path: Path) -> None:
    own = 'title = "Own"\n[[handout]]\nid = "second"\nsubtitle = "For you"\nsummary = "About it."\n'
    document = read(open_project(write_project(tmp_path, handouts=HANDOUTS + own)))
    fronts = {
        h.id: [(s.id, plain_text(s.children)) for s in (h.front.title, h.front.subtitle, h.front.summary)]
        for h in document.handouts
    }
    assert fronts == {
        "leaflet": [
            ("handout-leaflet-title", "Own"),
            ("subtitle", "For a test"),
            ("summary", "What the test is about."),
        ],
        "second": [
            ("title", "A leaflet"),
            ("handout-second-subtitle", "For you"),
            ("handout-second-summary", "About it."),
        ],
    }


# --- What points at what is left out ------------------------------------------------------------


def test_the_glossary_keeps_what_is_called_and_what_that_calls() -> None:
    def entries(document: Document) -> set[str]:
        return {n.entry for n in walk(document) if isinstance(n, Definition) and n.entry}

    assert entries(chosen()) == {"kettle", "blend"}
    assert entries(chosen(exclude="inlines-all")) == {"kettle"}
    assert entries(chosen("inlines-all care")) == {"kettle", "blend"}
    assert entries(chosen(exclude="inlines-all key-kettle")) == set()
    assert "care" in ids(chosen(exclude="inlines-all key-kettle")), "its heading has other text"


def test_a_term_without_its_entry_becomes_words() -> None:
    made = chosen(exclude="care")
    assert not [n for n in walk(made) if isinstance(n, Term)]
    assert words(made, "key-kettle") == "It is made in a kettle."


def test_notes_that_nothing_calls_are_left_out_with_their_heading() -> None:
    made = chosen(exclude="inlines-notes")
    assert not [n for n in walk(made) if isinstance(n, EndNote)]
    assert "sources" not in ids(made)


def test_calls_of_notes_that_are_left_out_vanish() -> None:
    made = chosen(exclude="sources")
    assert not [n for n in walk(made) if isinstance(n, NoteReference)]
    assert words(made, "inlines-notes") == "A first note and a second one, then the first again."


def test_a_note_that_only_a_lost_note_called_is_lost_too(tmp_path: Path) -> None:
    body = (
        "\n## One {#one}\n\nText. {#text}\n\nCall[^a]. {#call}\n\n## Notes {#notes}\n\n::: notes\n:::\n\n"
        "[^a]: First, a [drink](term:tea)[^b]. {#a-text}\n\n[^b]: Second. {#b-text}\n"
        "\n## Words {#words}\n\n::: glossary\n:::\n"
    )
    root = write_project(tmp_path, body=body, handouts=f'{HANDOUTS}exclude = ["call"]\n')
    document = read(open_project(root))
    made = select(
        translate(document, document.language, catalog=None, labels={"unknown": "", "untranslated": ""}),
        "leaflet",
    )
    assert ids(made.document) == ["one", "text"]
    assert note_numbers(made.document) == {}


def test_a_link_whose_target_is_left_out_becomes_its_words() -> None:
    made = chosen(exclude="lists sorts")
    assert {n.target for n in walk(made) if isinstance(n, Link)} == {
        "https://example.org/tea?a=1&b=2",
        "mailto:tea@example.org",
    }
    assert words(made, "inlines-all") == words(complete().document, "inlines-all")
    kept = {n.target for n in walk(chosen()) if isinstance(n, Link)}
    assert {"#lists", "#sorts"} <= kept


def test_only_the_full_forms_in_use_are_kept() -> None:
    made = chosen("sorts")
    assert [s.id for s in made.expansions] == ["abbr-who"]
    assert {n.id for n in walk(made) if isinstance(n, Abbreviation)} == {"who"}
