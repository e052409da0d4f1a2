"""The fact lock and the parity of copies, on small texts; whole files are harmed in `mutations`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutations.mutating import MUTATIONS
from mutations.test_mutations import TABLES

from pipeline import checks
from pipeline.checks.alignment import align
from pipeline.checks.extraction import tokens
from pipeline.checks.fact_lock import breaches, figures, locate
from pipeline.checks.hygiene import strange
from pipeline.checks.pieces import Piece
from pipeline.document import Role

NOBODY = frozenset[str]()


def lacking(
    wanted: str, read: str, tag: str, *, fixed: tuple[str, ...] = (), exact: bool = True
) -> list[str]:
    """Return what a text lacks of the facts of a segment."""
    piece = Piece("a", Role.PARAGRAPH, tuple(tokens(wanted)), wanted, fixed=fixed)
    matches = align([piece], tokens(read), loose=not exact)
    return [missing for _, missing in breaches(matches, read, tag, exact=exact)]


@given(st.text(max_size=80))
def test_a_place_has_the_words_that_a_reader_has(text: str) -> None:
    place = locate(text)
    assert [place.text[start:end] for start, end in place.spans] == tokens(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 in every 250,000 people", ["1", "250,000"]),
        ("٨ إلى ٤٠ من ٢٥٠٬٠٠٠", ["٨", "٤٠", "٢٥٠٬٠٠٠"]),
        ("8 to 40 of 250 000", ["8", "40", "250 000"]),
        ("25 % at −3 °C, 2.5 mg", ["25 %", "−3", "2.5"]),
        ("pages 8-40", ["8", "40"]),
    ],
)
def test_figures(text: str, expected: list[str]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    ("wanted", "read", "tag"),
    [
        ("1 in 250,000", "1 in 250.000", "en"),
        ("1 in 250,000", "1 in 520,000", "en"),
        ("take 10 drops", "take 100 drops", "en"),
        ("5 % of all", "5 of all", "en"),
        ("at −3 degrees", "at 3 degrees", "en"),
        ("约25万人", "约25亿人", "zh"),
        ("8 and 8", "8 and 9", "en"),
    ],
)
def test_a_changed_figure_is_missed(wanted: str, read: str, tag: str) -> None:
    assert lacking(wanted, read, tag)
    assert not lacking(wanted, wanted, tag)


def test_words_may_move_where_readers_move_them_but_figures_must_be_whole() -> None:
    wanted, moved = "من ٨ إلى ٤٠ HSCT", "HSCT ٤٠ إلى ٨ من"
    assert not lacking(wanted, moved, "ar", fixed=("HSCT",), exact=False)
    assert lacking(wanted, moved.replace("٤٠", "٠٤"), "ar", fixed=("HSCT",), exact=False)
    assert lacking(wanted, moved.replace("HSCT", "HSTC"), "ar", fixed=("HSCT",), exact=False)


def test_the_foot_of_a_page_is_no_place_of_a_segment() -> None:
    pieces = [
        Piece(name, Role.PARAGRAPH, tuple(tokens(text)), text)
        for name, text in (("a", "Take 8 drops."), ("b", "Then rest."))
    ]
    read = "Take 9 drops. Then rest. Page 8 of 9"
    assert [p.id for p, _ in breaches(align(pieces, tokens(read)), read, "en", exact=True)] == ["a"]


@pytest.mark.parametrize(
    "text",
    ["\ufb01rst", "\ufe8d\ufedf", "a\ue000", "a\ufffd", "a\x07", "\u0085", "\ufdd0", "ةرشن طبية"],
)
def test_strange_characters(text: str) -> None:
    assert list(strange(text, NOBODY))


@pytest.mark.parametrize("text", ["نشرة طبية", "first\tline\n", "كبرى ﷽"])
def test_clean_characters(text: str) -> None:
    assert not list(strange(text, frozenset("﷽")))


def test_every_rule_on_words_has_a_harm_that_it_notices() -> None:
    rules = {code for code in checks.every_rule() if code.startswith(("R00", "R01", "R03"))}
    assert TABLES
    assert {"R001", "R011", "R012", "R013", "R030", "R034"} <= rules
    assert rules <= {code for mutation in MUTATIONS.values() for code in mutation.claims}
