"""Editions: the measures against the standards' numbers, with letters measured by fontTools itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from pipeline import fonts
from pipeline.editions import EDITIONS, PAPERS, Layout, Target, lay_out
from pipeline.languages import language

MM = 25.4 / 72

# From the standards, in the order: body pt, x-height mm, least sizes of h1 and h2 in pt, margin mm.
CLEAR = (12.0, 2.0, 12.5, 12.5, 20.0)  # UKAAF G003, RNIB; ACB for the margin
LARGE = (18.0, 3.175, 22.0, 20.0, 25.4)  # APH, ACB
GIANT = (24.0, 4.2, 29.0, 27.0, 25.4)  # derived from large print
STANDARDS = {"clear": CLEAR, "large": LARGE, "giant": GIANT}

SAMPLES = {
    "en": "Bones are denser than normal and grow abnormally. Ask your care team about it. ",
    "sv": "Skelettet är tätare än vanligt och växer på ett onormalt sätt. Fråga ert vårdteam. ",
    "ru": "Кости плотнее, чем обычно, и растут неправильно. Спросите об этом вашу команду врачей. ",
    "ar": "العظام أكثر كثافة من المعتاد وتنمو بشكل غير طبيعي. اسألوا فريق الرعاية عن ذلك. ",
}
PLAIN = {"en": "x", "sv": "x", "ru": "х"}

CASES = [(e, p, t) for e in EDITIONS for p in PAPERS for t in SAMPLES]
every_case = pytest.mark.parametrize(("edition", "paper", "tag"), CASES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@cache
def _layout(edition: str, paper: str, tag: str, folder: Path) -> Layout:
    own = language(tag)
    faces = fonts.typefaces(own, SAMPLES[tag], cache_folder=folder)
    return lay_out(EDITIONS[edition], PAPERS[paper], language=own, faces=faces, sample=SAMPLES[tag])


@cache
def font(path: Path) -> Any:
    return TTFont(path, lazy=True)


def top(path: Path, character: str) -> float:
    """Return how high the ink of a character reaches, in em."""
    glyphs = font(path).getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[font(path).getBestCmap()[ord(character)]].draw(pen)
    return float(pen.bounds[3]) / float(font(path)["head"].unitsPerEm)


def width(path: Path, text: str) -> float:
    """Return the width of `text` without kerning, in em."""
    metrics, cmap = font(path)["hmtx"], font(path).getBestCmap()
    return float(sum(metrics[cmap[ord(c)]][0] for c in text)) / float(font(path)["head"].unitsPerEm)


@every_case
def test_the_body_is_as_large_as_the_standards_ask(edition: str, paper: str, tag: str, folder: Path) -> None:
    layout, (body, x_height, *_) = _layout(edition, paper, tag, folder), STANDARDS[edition]
    assert layout.body_pt >= body
    if tag in PLAIN:
        for face in layout.faces:
            for _, path in face.files:
                assert top(path, PLAIN[tag]) * layout.body_pt * MM >= x_height


@pytest.mark.parametrize("edition", EDITIONS)
def test_arabic_letters_look_as_tall_as_latin_ones(edition: str, folder: Path) -> None:
    layout = _layout(edition, "a4", "ar", folder)
    heights = [top(layout.faces[-1].regular, letter) for letter in "دروهمسنص"]
    assert sum(heights) / len(heights) * layout.body_pt * MM >= STANDARDS[edition][1]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_constants_are_those_of_the_standards(edition: str) -> None:
    body, x_height, *_, margin = STANDARDS[edition]
    made = EDITIONS[edition]
    assert (made.body_pt, made.margin_mm) == (body, margin)
    assert made.x_height_mm >= made.x_height_min_mm >= x_height
    assert 1.25 <= made.pitch <= 1.30
    assert made.line_characters <= (70 if edition == "clear" else 43)
    assert made.line_characters_max <= (80 if edition == "clear" else 43)


@every_case
def test_headings_are_larger_than_the_body_and_than_each_other(
    edition: str, paper: str, tag: str, folder: Path
) -> None:
    layout, (_, _, first, second, _) = _layout(edition, paper, tag, folder), STANDARDS[edition]
    sizes = [layout.heading_pt(level) for level in (1, 2, 3, 4)]
    assert sizes[0] > sizes[1] > sizes[2] > sizes[3] > layout.body_pt
    assert sizes[0] >= first
    assert sizes[1] >= second
    assert layout.heading_pt(6) == sizes[3]


@every_case
def test_the_text_fits_between_the_margins(edition: str, paper: str, tag: str, folder: Path) -> None:
    layout, margin = _layout(edition, paper, tag, folder), STANDARDS[edition][4]
    wide, high = {"a4": (210, 297), "letter": (215.9, 279.4)}[paper]
    assert [round(side * MM, 1) for side in layout.page_pt] == [wide, high]
    assert layout.side_margin_pt * MM >= margin - 0.02
    assert layout.measure_pt + 2 * layout.side_margin_pt == pytest.approx(layout.page_pt[0])
    assert layout.measure_pt <= layout.room_pt + 0.05
    assert layout.pitch_pt / layout.body_pt == pytest.approx(1.28, abs=0.01)


@pytest.mark.parametrize(("edition", "paper", "tag"), [c for c in CASES if c[2] in PLAIN])
def test_a_line_holds_as_many_letters_as_the_edition_wants(
    edition: str, paper: str, tag: str, folder: Path
) -> None:
    layout, sample = _layout(edition, paper, tag, folder), SAMPLES[tag]
    mean = width(layout.faces[0].regular, sample) / len(sample) * layout.body_pt
    # A ragged line ends half a word before its room does: 2 characters more are asked for.
    most = {"clear": 70, "large": 43, "giant": 43}[edition] + 2
    assert layout.measure_pt / mean <= most * 1.02
    if layout.measure_pt < layout.room_pt - 0.1:
        assert layout.measure_pt / mean >= most * 0.95


def test_a_target_has_a_name_that_says_what_it_is() -> None:
    target = Target("es", "infant-form", "large", "pdf", "letter", paper_in_name=True)
    assert target.name == "es/infant-form-large-letter.pdf"
    assert Target("es", "infant-form", "large", "html", "letter").name == "es/infant-form-large.html"
