"""What the glyphs of a PDF say, read from the finished file by pikepdf and fontTools."""

from __future__ import annotations

import importlib
import inspect
import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pages_made import set_page
from rendered import layout, translated
from weasyprint.pdf.fonts import Font

from pipeline.renderers import FORMATS, Companions
from pipeline.renderers.pdf import glyphtext


@cache
def hindi(edition: str = "clear") -> pikepdf.Pdf:
    made = FORMATS["pdf"](translated("hi"), layout("hi", edition), Companions())
    return pikepdf.open(io.BytesIO(made.data))


def texts_of(font: Any) -> dict[int, str]:
    """Return what each code of a font says."""
    _, _, table = font.ToUnicode.read_bytes().partition(b"endcodespacerange")
    pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", table)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def widths_of(descendant: Any) -> dict[int, float]:
    widths: dict[int, float] = {}
    for first, row in zip(descendant.W[::2], descendant.W[1::2], strict=True):
        widths.update(enumerate(map(float, row), start=int(first)))
    return widths


def runs(page: Any) -> Iterator[tuple[str | None, list[str]]]:
    """Yield the ActualText of each mark, if it has one, and what each of its glyphs says."""
    texts = {name: texts_of(font) for name, font in page.Resources.Font.items()}
    said: str | None = None
    glyphs: list[str] = []
    font = ""
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC":
                said = str(operands[1]["/ActualText"]) if "/ActualText" in operands[1] else None
                glyphs = []
            case "Tf":
                font = str(operands[0])
            case "TJ" | "Tj":
                shown = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                data = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
                codes = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
                glyphs += [texts[font][code] for code in codes]
            case "EMC":
                yield said, glyphs
            case _:
                pass


def runs_of(body: str, lang: str = "en", direction: str = "ltr") -> list[tuple[str | None, list[str]]]:
    document = pikepdf.open(io.BytesIO(set_page(body, lang=lang, direction=direction)))
    return list(runs(document.pages[0]))


# The codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["clear", "large"])
def test_glyphs_say_together_what_the_run_says(edition: str) -> None:
    seen = 0
    for page in hindi(edition).pages:
        for said, glyphs in runs(page):
            if said is not None:
                seen += 1
                # The blank at which a line is broken has no glyph.
                assert "".join(glyphs) == said.removesuffix(" ") or "".join(glyphs) == said
                assert all(glyphs)
    assert seen > 50


def test_a_glyph_stands_for_several_texts_and_looks_the_same() -> None:
    further = 0
    for font in hindi().pages[0].Resources.Font.values():
        (descendant,) = font.DescendantFonts
        texts, widths = texts_of(font), widths_of(descendant)
        assert widths.keys() == texts.keys(), "no code without a text or a width"
        if descendant.CIDToGIDMap == "/Identity":
            continue
        table = descendant.CIDToGIDMap.read_bytes()
        glyph_of = {code: int.from_bytes(table[2 * code : 2 * code + 2], "big") for code in texts}
        file = TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
        names = file.getGlyphOrder()
        for code, glyph in glyph_of.items():
            assert glyph, "not the glyph of what is missing"
            # As near as PDF/A-2 wants the widths to be (ISO 19005-2, 6.2.11.5).
            own = file["hmtx"][names[glyph]][0] * 1000 / file["head"].unitsPerEm
            assert abs(widths[code] - own) < 1
            further += code != glyph
        shown = [(glyph, texts[code]) for code, glyph in glyph_of.items()]
        assert len(shown) == len(set(shown)), "one code for one text of a glyph"
    assert further > 10


def test_other_scripts_need_no_further_codes() -> None:
    data = set_page("<p>office \u2013 \u05e9\u05dc\u05d5\u05dd</p>", lang="he")
    document = pikepdf.open(io.BytesIO(data))
    fonts = list(document.pages[0].Resources.Font.values())
    assert len(fonts) == 2
    assert all(font.DescendantFonts[0].CIDToGIDMap == "/Identity" for font in fonts)


def test_without_a_free_code_a_glyph_keeps_its_first() -> None:
    font: Any = object.__new__(glyphtext.ReadableFont)
    font.to_unicode, font.glyphs, font._codes, font.glyph_count = {}, {}, {}, 0xFFFF
    assert [font.code(7, text) for text in ("a", "b", "c", "b", "a")] == [7, 0xFFFF, 7, 0xFFFF, 7]
    assert font.glyphs == {0xFFFF: 7}
    assert font.to_unicode == {7: "a", 0xFFFF: "b"}


# What a syllable's glyphs say -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("syllable", "count", "parts"),
    [
        ("\u0915", 1, ("\u0915",)),
        ("\u0915\u094d\u0937", 1, ("\u0915\u094d\u0937",)),
        # The vowel is painted first, the letter is read first.
        ("\u0915\u093f", 2, ("\u0915", "\u093f")),
        # र् is painted above the letter that it is read before.
        ("\u0930\u094d\u092e", 2, ("\u0930\u094d", "\u092e")),
        ("\u0924\u094d\u0930\u0940\u0902", 3, ("\u0924\u094d", "\u0930", "\u0940\u0902")),
        ("\u0920\u0941\u0902", 3, ("\u0920", "\u0941", "\u0902")),
        ("\u0b95\u0bca", 3, ("\u0b95", "\u0bca", "\u200b")),
    ],
)
def test_parts_of_a_syllable_read_right_together(syllable: str, count: int, parts: tuple[str, ...]) -> None:
    assert glyphtext._shares(syllable, count) == parts


def test_what_is_not_painted_goes_with_what_stands_before() -> None:
    # A joiner between two syllables, and one at the beginning, for which there are no glyphs.
    text = "\u200d\u0915\u200d\u0916".encode()
    assert list(glyphtext._syllables(text, {1: 3, 2: 3, 4: 9})) == [
        ("\u200d\u0915\u200d", [1, 2]),
        ("\u0916", [4]),
    ]


def test_a_letter_taken_apart_is_put_together() -> None:
    ((said, glyphs),) = runs_of("<p>\u0908\u0910\u0908\u0902</p>", lang="hi")
    assert said == "\u0908\u0910\u0908\u0902"
    assert glyphs[:2] == ["\u0908", "\u0910"]
    assert "".join(glyphs) == said


# Blanks ---------------------------------------------------------------------------------------


def test_a_blank_between_two_elements_is_on_the_page() -> None:
    found = runs_of("<p><strong>one</strong> <em>two</em></p>")
    assert "".join(glyph for _, glyphs in found for glyph in glyphs) == "one two"


def test_in_a_line_from_right_to_left_no_blank_is_painted_by_itself() -> None:
    # For which PDFium joins a heading of the contents and its page number.
    found = runs_of("<p><b>\u05d0</b> <i>\u05d1</i></p>", lang="he", direction="rtl")
    assert [glyphs for _, glyphs in found] == [["\u05d0"], [], ["\u05d1"]]


# What is patched ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", glyphtext.PATCHED)
def test_what_is_replaced_is_there(name: str) -> None:
    where, _, last = name.rpartition(".")
    replaced = getattr(importlib.import_module(where), last)
    assert "glyphtext" in inspect.getfile(replaced), "it is ours now"


def test_what_is_relied_on_is_there() -> None:
    draw = inspect.getsource(inspect.unwrap(importlib.import_module("weasyprint.draw.text").draw_first_line))
    assert "if not textbox.text.strip():" in draw, "a blank is told by its text alone"
    assert "set_single_paragraph_mode(textbox.pango_layout.layout, True)" in draw
    assert "if glyph_id not in font.to_unicode:" in draw
    assert "if glyph_id in font.widths:" in draw
    assert "sorted(to_unicode)" in inspect.getsource(Font._harfbuzz_subset), "clean is given all codes"
