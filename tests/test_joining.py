"""Words of several boxes, from right to left: painted as one, and read in the order of the HTML."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from pages_made import set_page

from pipeline.checks.structure import read_structure
from pipeline.renderers.pdf.tagging import joining

BET, KUMKUM = "\u05d1", "\u05e7\u05d5\u05de\u05e7\u05d5\u05dd"
WAW, GENES = "\u0648", "\u0627\u0644\u062c\u064a\u0646\u0627\u062a"


def painted(body: str, lang: str, direction: str = "rtl") -> list[float]:
    """Return where each run of a page begins, in pt from the left, in the order of painting."""
    document = pikepdf.open(io.BytesIO(set_page(body, lang=lang, direction=direction)))
    found: list[float] = []
    for instruction in pikepdf.parse_content_stream(document.pages[0]):
        operands: Any = instruction.operands
        if str(instruction.operator) == "Tm":
            found.append(float(operands[4]))
    return found


@pytest.mark.parametrize(
    ("lang", "body"),
    [
        ("he", f"<p>{BET}<strong>{KUMKUM}</strong></p>"),
        ("ar", f"<p>{WAW}<em>{GENES}</em></p>"),
        # Marks belong to the letter before them.
        ("he", f"<p>{BET}\u05bc\u05b0<strong>{KUMKUM}</strong></p>"),
        # The boxes inside an element of the word go with it.
        ("he", f"<p>{BET}<strong>{KUMKUM} <em>{KUMKUM}</em></strong>{BET}</p>"),
        ("he", f"<p><strong>{BET}<em>{KUMKUM}</em></strong></p>"),
    ],
)
def test_a_word_is_painted_from_left_to_right(lang: str, body: str) -> None:
    places = painted(body, lang)
    assert len(places) > 1
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("lang", "body"),
    [
        ("he", f"<p>{BET} <strong>{KUMKUM}</strong></p>"),
        ("he", f"<p>{BET}<strong> {KUMKUM}</strong></p>"),
        ("he", f"<p>{BET}-<strong>DNA</strong></p>"),
        ("ar", f"<p>{WAW}<strong>\u0662</strong></p>"),
    ],
)
def test_what_is_no_word_is_painted_in_the_order_of_the_html(lang: str, body: str) -> None:
    places = painted(body, lang)
    assert len(places) > 1
    assert places == sorted(places, reverse=True)


def test_the_structure_keeps_the_order_of_the_html() -> None:
    found = read_structure(set_page(f"<p>{BET}<strong>{KUMKUM}</strong></p>", lang="he", direction="rtl"))
    (paragraph,) = (node for node in found.root.walk() if node.role == "P")
    assert paragraph.words == f"{BET}{KUMKUM}"


def test_letters_from_left_to_right_are_left_alone() -> None:
    assert not joining._is_leftward("ab")
    assert not joining._is_leftward("\u0662")
    assert not joining._is_leftward("")
    assert joining._is_leftward(f"\u05b0{BET}")
