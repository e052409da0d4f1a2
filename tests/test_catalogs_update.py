"""Updating a catalog by segment id, and counting what is translated."""

from __future__ import annotations

import dataclasses
from pathlib import PurePath

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogs import Catalog, Entry, Message, format_catalog, parse, update

HEADERS = (("Language", "de"), ("Content-Type", "text/plain; charset=UTF-8"), ("X-Mine", "kept"))
DONE = Entry("a", "one", "eins", flags=("x",), translator_comments=("mine",), references=("old.md",))
GONE = dataclasses.replace(DONE, obsolete=True)


def catalog(*entries: Entry) -> Catalog:
    return Catalog(entries=entries, headers=HEADERS, header_comments=("who",), footer=("# end",))


def test_kept() -> None:
    result = update(catalog(DONE), [Message("a", "one", ("note",), ("new.md",))])
    expected = dataclasses.replace(DONE, extracted_comments=("note",), references=("new.md",))
    assert result.catalog == catalog(expected)
    assert result.kept == (expected,)
    assert not any((result.changed, result.new, result.moved, result.revived, result.obsolete))


def test_changed_keeps_the_translation_as_fuzzy_with_the_text_it_was_made_for() -> None:
    result = update(catalog(DONE), [Message("a", "entirely different")])
    (entry,) = result.changed
    assert (entry.id, entry.translation, entry.fuzzy) == ("entirely different", "eins", True)
    assert (entry.previous_id, entry.previous_context) == ("one", None)
    assert (entry.flags, entry.translator_comments) == (("x",), ("mine",))
    assert result.catalog.entries == (entry,)


def test_changed_twice_still_shows_the_text_it_was_made_for() -> None:
    once = update(catalog(DONE), [Message("a", "two")]).catalog
    (entry,) = update(once, [Message("a", "three")]).catalog.entries
    assert (entry.fuzzy, entry.previous_id) == (True, "one")
    (back,) = update(once, [Message("a", "one")]).catalog.entries
    assert (back.fuzzy, back.previous_id) == (True, None)  # a person may have begun to change it


def test_changed_after_a_translator_finished_it_shows_the_new_text() -> None:
    finished = dataclasses.replace(DONE, fuzzy=False, previous_id="zero")
    (entry,) = update(catalog(finished), [Message("a", "two")]).catalog.entries
    assert entry.previous_id == "one"


def test_changed_without_a_translation_has_nothing_to_doubt() -> None:
    result = update(catalog(Entry("a", "one", translator_comments=("?",))), [Message("a", "two")])
    assert result.catalog.entries == (Entry("a", "two", translator_comments=("?",)),)


def test_new_in_the_order_of_the_messages() -> None:
    result = update(catalog(DONE), [Message("c", "three"), Message("a", "one"), Message("b", "two")])
    assert [e.context for e in result.catalog.entries] == ["c", "a", "b"]
    assert result.new == (Entry("c", "three"), Entry("b", "two"))


def test_moved_text_is_offered_as_fuzzy_and_the_old_entry_stays() -> None:
    result = update(catalog(DONE), [Message("b", "one")])
    (entry,) = result.moved
    assert (entry.context, entry.translation, entry.fuzzy) == ("b", "eins", True)
    assert (entry.previous_context, entry.previous_id) == ("a", "one")
    assert result.catalog.entries == (entry, GONE)


def test_similar_text_is_taken_from_translations_without_a_segment_alone() -> None:
    old = Entry("gone", "Bones break easily in children.", "Knochen brechen leicht.")
    kept = Entry("kept", "Bones break easily in adults.", "Erwachsene.")
    wanted = [
        Message("kept", kept.id),
        Message("b", "Bones break easily in many children."),
        Message("c", "Rest."),
    ]
    result = update(catalog(old, kept), wanted)
    (entry,) = result.similar
    assert (entry.context, entry.translation, entry.fuzzy) == ("b", "Knochen brechen leicht.", True)
    assert (entry.previous_context, entry.previous_id) == ("gone", old.id)
    assert [e.context for e in result.new] == ["c"]
    assert dataclasses.replace(old, obsolete=True) in result.catalog.entries


def test_one_translation_is_offered_to_one_segment() -> None:
    old = Entry("gone", "Bones break easily in children.", "Knochen brechen leicht.")
    wanted = [
        Message("a", "Bones break easily in all children."),
        Message("b", "Bones break easily in the child."),
    ]
    result = update(catalog(old), wanted)
    assert (len(result.similar), len(result.new)) == (1, 1)


def test_doubtful_translations_are_not_offered_to_other_segments() -> None:
    result = update(catalog(dataclasses.replace(DONE, fuzzy=True)), [Message("b", "one")])
    assert result.new == (Entry("b", "one"),)


def test_vanished_and_revived() -> None:
    gone = update(catalog(DONE, Entry("b", "two")), [])
    assert gone.catalog.entries == (GONE,)  # nobody had worked on the other one
    assert gone.obsolete == (GONE,)
    back = update(gone.catalog, [Message("a", "one", (), ("old.md",))])
    assert back.catalog.entries == (DONE,)
    assert back.revived == (DONE,)
    (changed,) = update(gone.catalog, [Message("a", "uno")]).revived
    assert (changed.fuzzy, changed.previous_id, changed.obsolete) == (True, "one", False)


def test_a_comment_alone_is_somebodys_work_too() -> None:
    (left,) = update(catalog(Entry("b", "two", translator_comments=("why?",))), []).catalog.entries
    assert (left.obsolete, left.translator_comments) == (True, ("why?",))


def test_a_text_that_comes_back_finds_its_own_translation() -> None:
    later = Entry("a", "two", "zwei")
    result = update(catalog(later, GONE), [Message("a", "one", (), ("old.md",))])
    assert result.catalog.entries == (DONE, dataclasses.replace(later, obsolete=True))


def test_entries_without_a_segment_become_obsolete_and_lend_their_text() -> None:
    old = Entry(None, "one", "eins")
    result = update(catalog(old), [Message("a", "one")])
    assert [(e.context, e.translation, e.fuzzy, e.obsolete) for e in result.catalog.entries] == [
        ("a", "eins", True, False),
        (None, "eins", False, True),
    ]


# Properties -------------------------------------------------------------------

IDS = st.sampled_from(["a", "b", "c", "d"])
TEXTS = st.sampled_from(["one", "two", "three"])
MESSAGES = st.dictionaries(IDS, TEXTS).map(lambda found: [Message(i, t) for i, t in found.items()])


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Return a catalog as the reader would accept it, with many clashes of ids and texts."""
    keys = draw(st.lists(st.tuples(st.none() | IDS, TEXTS), unique=True, max_size=8))
    active: set[str | None] = set()
    found = []
    for number, (context, text) in enumerate(keys):
        obsolete = draw(st.booleans()) or (context in active and context is not None)
        if not obsolete:
            active.add(context)
        found.append(
            Entry(
                context,
                text,
                draw(st.sampled_from(["", f"t{number}"])),
                fuzzy=draw(st.booleans()),
                translator_comments=draw(st.sampled_from([(), (f"c{number}",)])),
                previous_id=draw(st.none() | TEXTS),
                obsolete=obsolete,
            )
        )
    return catalog(*found)


@settings(max_examples=300, deadline=None)
@given(old=catalogs(), messages=MESSAGES)
def test_update_loses_nothing_and_invents_nothing(old: Catalog, messages: list[Message]) -> None:
    result = update(old, messages)
    entries = result.catalog.entries
    in_use = [e for e in entries if not e.obsolete]
    assert [(e.context, e.id) for e in in_use] == [(m.context, m.id) for m in messages]
    assert {e.translation for e in old.entries} - {""} == {e.translation for e in entries} - {""}
    assert {c for e in old.entries for c in e.translator_comments} == {
        c for e in entries for c in e.translator_comments
    }
    assert (result.catalog.headers, result.catalog.footer) == (old.headers, old.footer)
    # A translation is free of doubt only if it was so for this segment and this very text.
    sure = {(e.context, e.id, e.translation) for e in old.entries if not e.fuzzy}
    assert {(e.context, e.id, e.translation) for e in in_use if e.translation and not e.fuzzy} <= sure
    # No two entries clash: the reader takes what the writer makes of it.
    assert parse(format_catalog(result.catalog).encode(), PurePath("x.po")) == result.catalog
    groups = (
        *(result.kept, result.changed, result.new),
        *(result.moved, result.similar, result.revived),
    )
    assert sum(map(len, groups)) == len(messages)


@settings(max_examples=200, deadline=None)
@given(old=catalogs(), messages=MESSAGES)
def test_a_second_update_changes_nothing(old: Catalog, messages: list[Message]) -> None:
    once = update(old, messages)
    twice = update(once.catalog, messages)
    assert twice.catalog == once.catalog
    assert len(twice.kept) == len(messages)
