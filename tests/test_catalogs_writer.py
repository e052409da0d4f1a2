"""The PO writer: what is written reads back equal, and gettext accepts it."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogs import Catalog, Entry, Message, format_catalog, new, parse, read, template
from pipeline.catalogs.model import complete_headers
from pipeline.diagnostics import TranslationError

CORPUS = Path(__file__).parent / "po"
NAME = PurePath("leaflet.po")
UTF8 = ("Content-Type", "text/plain; charset=UTF-8")
MSGFMT = shutil.which("msgfmt")
needs_gettext = pytest.mark.skipif(
    MSGFMT is None and not os.environ.get("CI"), reason="gettext is not installed"
)  # on CI its absence is a failure


def readable(path: Path) -> bool:
    try:
        read(path)
    except TranslationError:
        return False
    return True


def msgfmt(text: str) -> subprocess.CompletedProcess[bytes]:
    assert MSGFMT
    with tempfile.TemporaryDirectory() as folder:
        command = [MSGFMT, "-c", "-o", f"{folder}/out.mo", "-"]
        return subprocess.run(command, input=text.encode(), capture_output=True, check=False)


# Any catalog ------------------------------------------------------------------

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\x04")
ODD = st.sampled_from(
    ['"', "\\", "\n", "#", "~", "|", "\t", "\r", "\v", "\x7f", "\u2028", "\u0085", " ", "é", "\\n"]
)
TEXT = st.lists(ODD | LETTERS, min_size=1, max_size=12).map("".join)
LINE = st.text(LETTERS.filter(lambda c: c not in "\n\r"), max_size=12).filter(lambda t: not t.endswith("\\"))
FLAG = st.sampled_from(["c-format", "no-wrap", "range: 0..9", "x"])
LINES = st.lists(LINE, max_size=3).map(tuple)
VALUE = st.text(LETTERS.filter(lambda c: c != "\n"), max_size=12).map(lambda t: t.strip(" \t"))


@st.composite
def entries(draw: st.DrawFn, *, context: str | None) -> Entry:
    previous = draw(st.none() | TEXT)
    return Entry(
        context,
        draw(TEXT),
        draw(st.just("") | TEXT),
        fuzzy=draw(st.booleans()),
        flags=tuple(draw(st.lists(FLAG, unique=True, max_size=2))),
        translator_comments=draw(LINES),
        extracted_comments=draw(LINES),
        references=draw(LINES),
        previous_context=draw(st.none() | TEXT) if previous is not None else None,
        previous_id=previous,
        obsolete=draw(st.booleans()),
    )


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    contexts = draw(st.lists(TEXT, unique=True, max_size=4))
    fields = draw(st.dictionaries(st.sampled_from(["Language", "X-Thing", "Plural-Forms"]), VALUE))
    return Catalog(
        entries=tuple(draw(entries(context=c)) for c in (*contexts, *draw(st.sampled_from([(), (None,)])))),
        headers=(*fields.items(), UTF8),
        header_comments=draw(LINES),
        header_extracted_comments=draw(LINES),
        header_references=draw(LINES),
        header_flags=draw(st.sampled_from([(), ("fuzzy",), ("fuzzy", "x"), ("x",)])),
        footer=draw(st.sampled_from([(), ("# the end",), ("#", "#. a", "#: b", "#, c")])),
    )


@settings(max_examples=200, deadline=None)
@given(catalog=catalogs())
def test_what_is_written_reads_back_equal(catalog: Catalog) -> None:
    assert parse(format_catalog(catalog).encode(), NAME) == catalog


@needs_gettext
@settings(max_examples=100, deadline=None)
@given(catalog=catalogs())
def test_msgfmt_accepts_what_is_written(catalog: Catalog) -> None:
    # Formats and line ends at both sides of a text are the content's business, so they are made equal.
    sound = tuple(
        dataclasses.replace(
            e, translation=e.translation and f"x{e.id}" if e.id[0] != "\n" else e.id, flags=()
        )
        for e in catalog.entries
    )
    # A plural formula is the header's business.
    headers = tuple(h for h in catalog.headers if h[0] != "Plural-Forms")
    written = format_catalog(dataclasses.replace(catalog, entries=sound, headers=headers))
    run = msgfmt(written)
    assert run.returncode == 0, run.stderr.decode()


@pytest.mark.parametrize("path", sorted(p for p in CORPUS.glob("*.po") if readable(p)), ids=lambda p: p.stem)
def test_corpus_is_written_as_it_was_read(path: Path) -> None:
    catalog = read(path)
    written = format_catalog(catalog)
    again = parse(written.encode(), path)
    assert again == dataclasses.replace(catalog, headers=complete_headers(catalog.headers))
    assert format_catalog(again) == written


# Layout -----------------------------------------------------------------------

FAITHFUL = """\
# Leaflet, German.
#. for translators
#, fuzzy
msgid ""
msgstr ""
"Project-Id-Version: leaflet 1.0\\n"
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"X-Poedit-Basepath: .\\n"

# said by the translator
#
#   indented
#. heading
#: source/leaflet.md
#, fuzzy, c-format, range: 0..9
#| msgctxt "old"
#| msgid "A long sentence that other writers would fold at eighty columns, which makes noise in every diff."
msgctxt "a"
msgid "one\\n"
msgstr "eins\\n"

msgid ""
"two\\n"
"\\n"
"li\\tnes\\001"
msgstr "say \\"zwei\\" \\\\ \u2028"

# kept
#, fuzzy
#~| msgid "was"
#~ msgctxt "z"
#~ msgid ""
#~ "gone\\n"
#~ "away"
#~ msgstr "fort"

# the end
"""


def test_layout_is_faithful_to_the_last_byte() -> None:
    assert format_catalog(parse(FAITHFUL.encode(), NAME)) == FAITHFUL


@needs_gettext
def test_layout_is_that_of_gettext() -> None:
    text = FAITHFUL.partition("# kept")[0].replace("\\001", "")
    run = subprocess.run(["msgcat", "--no-wrap", "-"], input=text.encode(), capture_output=True, check=True)
    assert run.stdout.decode() == text.rstrip("\n") + "\n"


@pytest.mark.parametrize(
    "catalog",
    [
        Catalog(headers=(("X", "a\nY: b"),)),
        Catalog(headers=(("X: y", "a"),)),
        Catalog(headers=(("X\n", "a"),)),
        Catalog(headers=(("Language", "a"), ("language", "b"))),
        Catalog(headers=(("X", "a\0"),)),
        Catalog(footer=("# a\nmsgid",)),
        Catalog(header_comments=("a\nmsgid",)),
        Catalog(header_flags=("a b",)),
        Catalog(entries=(Entry("a", ""),)),
        Catalog(entries=(Entry("", "a"),)),
        Catalog(entries=(Entry("a", "a\x04"),)),
        Catalog(entries=(Entry("a", "a", "\0"),)),
        Catalog(entries=(Entry("a", "a", "\ud800"),)),
        Catalog(entries=(Entry("a", "a", previous_context="b"),)),
        Catalog(entries=(Entry("a", "a", flags=("a,b",)),)),
        Catalog(entries=(Entry("a", "a", flags=("fuzzy",)),)),
        Catalog(entries=(Entry("a", "a", flags=("Fuzzy",)),)),
        Catalog(entries=(Entry("a", "a", translator_comments=('x\nmsgid "b"',)),)),
        Catalog(entries=(Entry("a", "a", extracted_comments=("x\r",)),)),
        Catalog(entries=(Entry("a", "a", references=("C:\\",)),)),
    ],
)
def test_what_po_cannot_hold_is_refused(catalog: Catalog) -> None:
    with pytest.raises(TranslationError, match="C060"):
        format_catalog(catalog)


# Templates and new catalogs ---------------------------------------------------

MESSAGES = (
    Message("title", "One <em>text</em>", ("title",), ("source/leaflet.md",)),
    Message("b", "Two", ('a note\nmsgid "x"', " ", "C:\\"), ()),
)
WHEN = datetime(2026, 3, 1, 10, 5, tzinfo=timezone(timedelta(hours=1)))


def test_template_is_the_same_every_time_and_holds_no_date() -> None:
    pot = template(MESSAGES, project="leaflet 1.0")
    assert "POT-Creation-Date" not in dict(pot.headers)
    assert format_catalog(pot) == format_catalog(template(iter(MESSAGES), project="leaflet 1.0"))
    assert [(e.context, e.id, e.translation) for e in pot.entries] == [
        ("title", "One <em>text</em>", ""),
        ("b", "Two", ""),
    ]


def test_notes_cannot_begin_a_line_of_the_file() -> None:
    pot = template(MESSAGES, project="leaflet 1.0", comments=("a\nb",))
    assert pot.entries[1].extracted_comments == ('a note msgid "x"', "C:\\ .")
    assert pot.header_comments == ("a b",)
    assert parse(format_catalog(pot).encode(), NAME) == pot


def test_template_with_a_date() -> None:
    assert template((), project="x", created=WHEN).header("POT-Creation-Date") == "2026-03-01 10:05+0100"


@pytest.mark.parametrize(
    "messages",
    [(Message("a", "x"), Message("a", "y")), (Message("", "x"),), (Message("a", ""),)],
)
def test_messages_must_be_told_apart(messages: tuple[Message, ...]) -> None:
    with pytest.raises(TranslationError, match="C061"):
        template(messages, project="x")


def test_new_catalog() -> None:
    pot = template(MESSAGES, project="leaflet 1.0")
    catalog = new(
        pot, "pt-BR", revised=WHEN.astimezone(UTC).replace(tzinfo=None), translator="A <a@example.org>"
    )
    assert catalog.language == "pt-BR"
    assert catalog.header("PO-Revision-Date") == "2026-03-01 09:05+0000"
    assert catalog.header("X-Generator") == "handout"
    assert catalog.entries == pot.entries
    assert [name for name, _ in catalog.headers] == [*dict(pot.headers), "X-Generator"]
    assert parse(format_catalog(catalog).encode(), NAME) == catalog


@needs_gettext
def test_msgfmt_has_nothing_to_say_of_a_new_catalog() -> None:
    pot = template(MESSAGES, project="leaflet 1.0")
    run = msgfmt(format_catalog(new(pot, "sv", revised=WHEN, translator="A <a@example.org>")))
    assert (run.returncode, run.stderr) == (0, b"")
    assert msgfmt(format_catalog(pot)).returncode == 0
