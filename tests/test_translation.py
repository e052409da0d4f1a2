"""Translating: states, values, glossary, the interface's words, pseudo-locales."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from pipeline import interface
from pipeline.catalogs import Catalog, Entry, Message
from pipeline.diagnostics import TranslationError
from pipeline.document import (
    Abbreviation,
    Definition,
    Document,
    Node,
    Segment,
    Span,
    State,
    Text,
    TranslatedDocument,
    Value,
    plain_text,
    segments,
    walk,
)
from pipeline.languages import language
from pipeline.reader import open_project, read
from pipeline.translation import (
    extract,
    extract_interface,
    message_text,
    pseudo,
    translate,
    translate_interface,
)

COMPLETE = Path(__file__).parent / "projects" / "complete"
OPENING = "This paragraph stands before every heading."

# --- Translating a document ---------------------------------------------------------------------


@cache
def complete() -> Document:
    return read(open_project(COMPLETE))


def entries(changes: dict[str, Entry]) -> Catalog:
    """Return a catalog that repeats the source, but for `changes`."""
    same = {m.context: Entry(m.context, m.id, m.id) for m in extract(complete())}
    return Catalog(entries=tuple((same | changes).values()), path=Path("translations/de.po"))


def into(tag: str, changes: dict[str, Entry] | None = None) -> TranslatedDocument:
    return translate(complete(), language(tag), catalog=entries(changes or {}), labels=interface.english())


def segment(translated: TranslatedDocument, name: str) -> Segment:
    return next(s for s in segments(translated.document) if s.id == name)


def test_each_segment_is_one_message_in_the_order_of_the_document() -> None:
    messages = extract(complete())
    assert [m.context for m in messages] == list(dict.fromkeys(s.id for s in segments(complete())))
    assert all(m.comments and m.references for m in messages)
    files = {m.context: m.references for m in messages}
    assert files["key-hot"] == ("source/complete.md",)
    assert files["title"] == ("source/complete.md",)
    assert files["term-kettle"] == ("source/glossary.toml",)
    assert files["abbr-who"] == ("source/glossary.toml",)
    assert files["cup-label-tea"] == ("source/figures/cup.svg",)
    assert files["handout-part-title"] == ("source/handouts.toml",)


def test_a_translation_that_repeats_the_source_changes_nothing_but_the_state() -> None:
    made = into("en")
    assert {s.state for s in segments(made.document)} == {State.DRAFT}
    source = translate(complete(), complete().language, catalog=None, labels=interface.english())
    assert [s.children for s in segments(made.document)] == [s.children for s in segments(source.document)]
    assert source.status is State.SOURCE
    assert made.status is State.DRAFT


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (Entry("opening", OPENING), State.UNTRANSLATED),
        (Entry("opening", OPENING, "X", fuzzy=True), State.FUZZY),
        (Entry("opening", "This paragraph stood before.", "X"), State.FUZZY),
        (
            Entry("opening", OPENING, "X", obsolete=True),
            State.UNTRANSLATED,
        ),
    ],
    ids=["none", "fuzzy", "stale", "obsolete"],
)
def test_a_segment_without_a_good_translation_stays_in_its_language(entry: Entry, state: State) -> None:
    made = into("de", {"opening": entry})
    found = segment(made, "opening")
    assert found.state is state
    assert found.children == (Text("[Not yet translated] "), Span("en", (Text(OPENING),)))
    assert made.status is state
    assert made.count(state) == 1


def test_a_label_without_a_translation_stays_plain_text() -> None:
    found = segment(into("de", {"pot-label": Entry("pot-label", "Kettle on the stove")}), "pot-label")
    assert (found.state, found.children) == (State.UNTRANSLATED, (Text("Kettle on the stove"),))


def test_wrong_tags_are_all_told_with_file_and_line() -> None:
    wrong = {
        name: Entry(name, message_text(segment(into("de"), name).children), "lost", line=line)
        for line, name in ((7, "key-hot"), (9, "key-kettle"))
    }
    with pytest.raises(TranslationError) as caught:
        into("de", wrong)
    told = [(d.code, str(d.location), d.message.split(":")[0]) for d in caught.value.diagnostics]
    assert told == [
        ("T001", "translations/de.po:7", "“key-hot”"),
        ("T001", "translations/de.po:9", "“key-kettle”"),
    ]


VALUES = {
    "en": ("March 14, 2026", "1.2", "not yet known"),
    "de": ("14. März 2026", "1.2", "noch nicht bekannt"),
    "ar": ("١٤ مارس ٢٠٢٦", "١.٢", "غير معروف بعد"),
}


@pytest.mark.parametrize("tag", VALUES)
def test_values_are_filled_in_the_way_of_the_language(tag: str) -> None:
    issued, version, unknown = VALUES[tag]
    labels = interface.english() | {"unknown": unknown}
    made = translate(complete(), language(tag), catalog=entries({}), labels=labels)
    values = {n.name: n.text for n in walk(made.document) if isinstance(n, Value)}
    assert values["issued"] == issued
    assert values["version"] == version
    assert values["reviewers"] == unknown
    assert values["authors"] == "Ada Writer, Ben Author"
    assert values["licence"] == "CC0 1.0"


def glossary(translated: TranslatedDocument) -> list[str]:
    entries = (n for n in walk(translated.document) if isinstance(n, Definition) and n.entry)
    return [plain_text(d.term.children) for d in entries]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", ["blend", "kettle", "leaf"]),
        ("sv", ["zon", "åska", "ö"]),
        ("de", ["Blatt", "Kessel", "Mischung"]),
        ("ar", ["البذور", "تمر", "الشاي"]),
    ],
)
def test_the_glossary_is_in_the_order_of_the_language(tag: str, words: list[str]) -> None:
    names = {"kettle": words[2], "blend": words[0], "leaf": words[1]}
    changes = {f"term-{n}": Entry(f"term-{n}", n, word) for n, word in names.items()}
    assert glossary(into(tag, changes)) == words


def test_the_full_form_of_an_abbreviation_is_translated_and_the_abbreviation_is_not() -> None:
    entry = Entry("abbr-who", "World Health Organization", "Weltgesundheitsorganisation")
    made = into("de", {"abbr-who": entry})
    found = {(n.text, n.expansion) for n in walk(made.document) if isinstance(n, Abbreviation)}
    assert found == {("WHO", "Weltgesundheitsorganisation"), ("R&D", "research and development")}


# --- The interface's words ----------------------------------------------------------------------


def labels(context: str, translation: str, *, fuzzy: bool = False, old: str = "") -> dict[str, str]:
    entry = Entry(context, old or interface.LABELS[context].text, translation, fuzzy=fuzzy)
    return translate_interface(Catalog(entries=(entry,), path=Path("interface.po")))


def test_labels_are_translated_and_the_rest_stays_english() -> None:
    made = labels("contents", "Inhalt")
    assert made == interface.english() | {"contents": "Inhalt"}
    assert translate_interface(None) == interface.english()


def test_a_label_that_is_fuzzy_or_stale_stays_english() -> None:
    assert labels("contents", "Inhalt", fuzzy=True) == interface.english()
    assert labels("contents", "Inhalt", old="Table of contents") == interface.english()


@pytest.mark.parametrize("wrong", ["Seite", "Seite {number}", "Seite {number} von {total} {page}"])
def test_a_label_with_other_placeholders_is_refused(wrong: str) -> None:
    with pytest.raises(TranslationError, match="T002"):
        labels("page", wrong)


def test_placeholders_are_filled_once() -> None:
    assert interface.fill("{number} {total} {x}", number="{total}", total="2") == "{total} 2 {x}"


# --- Pseudo-locales -----------------------------------------------------------------------------


def pseudo_document(tag: str) -> TranslatedDocument:
    made = pseudo(extract(complete()), tag)
    labels = translate_interface(pseudo(extract_interface(), tag))
    return translate(complete(), language(tag), catalog=made, labels=labels)


def tags(node: Node) -> list[str]:
    return re.findall(r"<[^>]*>", message_text(node.children)) if isinstance(node, Segment) else []


def test_accented_english_is_longer_and_keeps_what_must_stay() -> None:
    made = {s.id: s for s in segments(pseudo_document("en-XA").document)}
    for source in segments(complete()):
        own = made[source.id]
        before, after = plain_text(source.children), plain_text(own.children)
        assert len(after) >= 1.3 * len(before), source.id
        assert tags(own) == tags(source)
        kept = [(n.id, n.text) for n in walk(source) if isinstance(n, Abbreviation)]
        assert [(n.id, n.text) for n in walk(own) if isinstance(n, Abbreviation)] == kept
        if any(c in "aeiou" for c in before):
            assert not before.isascii() or not after.isascii()


def test_long_texts_grow_too() -> None:
    text = "word " * 300
    made = pseudo([Message("long", text)], "en-XA").entries[0].translation
    assert len(made) >= 1.3 * len(text)


def test_mirrored_english_runs_from_right_to_left_in_its_own_words() -> None:
    made = pseudo_document("ar-XB")
    assert made.language.rtl
    assert made.language.direction == "rtl"
    own = {s.id: plain_text(s.children).replace("\u200f", "") for s in segments(made.document)}
    source = translate(complete(), complete().language, catalog=None, labels=interface.english()).document
    assert own == {s.id: plain_text(s.children) for s in segments(source)}


@pytest.mark.parametrize("tag", ["en-XA", "ar-XB"])
def test_pseudo_labels_keep_their_placeholders(tag: str) -> None:
    made = pseudo_document(tag).labels
    for name, text in interface.english().items():
        assert interface.placeholders(made[name]) == interface.placeholders(text)
        assert made[name] != text
