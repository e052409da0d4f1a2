"""Typefaces: chosen by script, prepared alike everywhere, measured right."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
import uharfbuzz
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from pipeline import fonts
from pipeline.diagnostics import MissingToolError
from pipeline.fonts import Typeface
from pipeline.languages import language

ROOT = Path(__file__).parent.parent
NOTO = Path(str(files("fontpkg_noto_sans"))) / "files" / "NotoSans[wdth,wght].ttf"

# English and Russian with digits, quotation marks and pairs that are kerned.
LATIN = "AVATAR “Töne”, Wye Ltd. — 250 000 to 1,5 % (№ 7), f’s fi ffl e\u0301"
CYRILLIC = "Остеопетроз — группа редких болезней: «мраморные» кости, ГУ, ТА, ё й щ № 7; 1,5 %"
MM_PER_PT = 25.4 / 72

INSTALL = """
import sys
from importlib.resources import files
from pathlib import Path
from pipeline.fonts import typefaces
from pipeline.languages import language
for tag, text in (("ar", "سلام"), ("ru", "мир")):
    typefaces(language(tag), text, cache_folder=Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of prepared fonts."""
    return tmp_path_factory.mktemp("fonts")


def faces_of(tag: str, text: str, cache: Path) -> tuple[Typeface, ...]:
    return fonts.typefaces(language(tag), text, cache_folder=cache)


def shape(font: uharfbuzz.Font, text: str) -> list[tuple[int, int, int, int]]:
    """Return cluster, advance and offsets of each glyph of `text`."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return [
        (info.cluster, place.x_advance, place.x_offset, place.y_offset)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


def load(path: Path) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))


@pytest.mark.parametrize(
    ("tag", "text", "families"),
    [
        ("en", "Bones", ["Atkinson Hyperlegible"]),
        ("sv", "Benskörhet", ["Atkinson Hyperlegible"]),
        ("ha", "ƙashi, ɓargo", ["Noto Sans"]),
        ("ru", "Кости, MIOP", ["Noto Sans"]),
        ("ar", "العظام (MIOP)", ["Atkinson Hyperlegible", "Handout Arabic"]),
        ("he", "עצמות", ["Atkinson Hyperlegible", "Heebo"]),
        ("fa", "پزشک گچ ژ می‌شود", ["Atkinson Hyperlegible", "Handout Arabic"]),
        ("ur", "ہڈی ٹانگ", ["Atkinson Hyperlegible", "Handout Arabic"]),
        ("hi", "हड्डी", ["Atkinson Hyperlegible", "Noto Sans Devanagari"]),
        ("ja", "骨“かな” MIOP", ["Noto Sans JP"]),
        ("zh-Hans", "“骨骼” MIOP", ["Noto Sans SC"]),
        ("zh-Hant", "骨骼", ["Noto Sans TC"]),
        ("ko", "뼈", ["Noto Sans KR"]),
        ("ja", "骨 ɓ ƙ", ["Noto Sans", "Noto Sans JP"]),
        ("en-XA", "Bones", ["Atkinson Hyperlegible"]),
    ],
)
def test_script_decides_the_faces(tag: str, text: str, families: list[str], cache: Path) -> None:
    assert [face.family for face in faces_of(tag, text, cache)] == families


def test_language_without_a_font_is_named(cache: Path) -> None:
    with pytest.raises(MissingToolError, match=r"Amharic \(script Ethi\)"):
        faces_of("am", "አጥንት", cache)


def test_font_that_is_not_installed_says_how_to_get_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    lacking = "justmytype_intl_cjk"
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == lacking else find(name))
    with pytest.raises(MissingToolError, match="Noto Sans JP is not installed") as caught:
        faces_of("ja", "骨", cache)
    assert "./handout fonts cjk" in str(caught.value)


@pytest.mark.parametrize(("tag", "text"), [("he", "עצמות"), ("hi", "हड्डी क्षेत्र"), ("ja", "骨の病気")])
def test_bold_is_a_face_of_its_own(tag: str, text: str, cache: Path) -> None:
    face = faces_of(tag, text, cache)[-1]
    assert not fonts.missing_glyphs(text, (face,))
    with TTFont(face.regular) as regular, TTFont(face.bold) as bold:
        assert (regular["OS/2"].usWeightClass, bold["OS/2"].usWeightClass) == (400, 700)
        point = ord(text[0])
        outlines = [f["glyf"][f.getBestCmap()[point]].getCoordinates(f["glyf"])[0] for f in (regular, bold)]
        assert list(outlines[0]) != list(outlines[1])


def test_prepared_fonts_are_the_same_in_every_process(tmp_path: Path) -> None:
    digests = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", INSTALL, str(folder)], check=True, cwd=ROOT, env=environment)
        digests.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()})
    assert digests[0] == digests[1]
    assert sorted(name.rsplit("-", 1)[0] for name in digests[0]) == [
        "HandoutArabic-400",
        "HandoutArabic-700",
        "NotoSans-400",
        "NotoSans-700",
    ]


def test_prepared_font_is_made_once(cache: Path) -> None:
    first = {path: path.stat().st_mtime_ns for face in faces_of("ru", "мир", cache) for _, path in face.files}
    second = {
        path: path.stat().st_mtime_ns for face in faces_of("ru", "мир", cache) for _, path in face.files
    }
    assert first == second
    assert all(path.parent == cache for path in first)


@pytest.mark.parametrize("weight", [400, 700])
@pytest.mark.parametrize("text", [LATIN, CYRILLIC])
def test_frozen_instance_is_set_like_the_variable_font(weight: int, text: str, cache: Path) -> None:
    frozen = dict(faces_of("ru", CYRILLIC, cache)[0].files)[weight]
    variable = load(NOTO)
    variable.set_variations({"wght": float(weight)})
    before, after = shape(variable, text), shape(load(frozen), text)
    assert [glyph[0] for glyph in after] == [glyph[0] for glyph in before]
    # The variable font's own metrics are fractions, which an instance rounds.
    for old, new in zip(before, after, strict=True):
        assert new == pytest.approx(old, abs=1)


@pytest.mark.parametrize(("tag", "family"), [("ru", "Noto Sans"), ("ar", "Handout Arabic")])
def test_prepared_font_says_what_it_is(tag: str, family: str, cache: Path) -> None:
    for weight, path in faces_of(tag, "", cache)[-1].files:
        style = "Bold" if weight == fonts.BOLD else "Regular"
        with TTFont(path) as font:
            names = font["name"]
            assert [names.getDebugName(n) for n in (1, 2, 4)] == [family, style, f"{family} {style}"]
            assert bool(font["OS/2"].fsSelection & 1 << 5) is (style == "Bold")
            assert bool(font["head"].macStyle & 1) is (style == "Bold")
            assert font["OS/2"].usWeightClass == weight
            assert not {"fvar", "STAT", "HVAR", "MVAR", "DSIG"} & set(font.keys())


def test_every_letter_of_the_sample_is_covered(cache: Path) -> None:
    assert {ord(c) for c in LATIN + CYRILLIC} <= fonts.coverage(faces_of("ru", CYRILLIC, cache)[0].regular)


def test_missing_glyphs_are_told_by_name(cache: Path) -> None:
    faces = faces_of("ar", "عظم", cache)
    assert fonts.missing_glyphs("عظم bone ٣\u200f\n", faces) == ()
    assert [str(m) for m in fonts.missing_glyphs("骨 ж", faces)] == [
        "U+0436 CYRILLIC SMALL LETTER ZHE is not in Atkinson Hyperlegible or Handout Arabic",
        "U+9AA8 CJK UNIFIED IDEOGRAPH-9AA8 is not in Atkinson Hyperlegible or Handout Arabic",
    ]


@pytest.mark.parametrize(("tag", "text", "size"), [("en", "bone", 18.2), ("ru", "кость", 16.8)])
def test_letter_height_gives_an_eighth_of_an_inch(tag: str, text: str, size: float, cache: Path) -> None:
    # APH: an x-height of 1/8 inch; the sizes at which these faces reach it were measured on paper.
    face = faces_of(tag, text, cache)[0]
    height = fonts.letter_height(face, language(tag).script)
    assert 3.175 / MM_PER_PT / height == pytest.approx(size, abs=0.1)


def test_advance_is_that_of_the_glyphs(cache: Path) -> None:
    faces = faces_of("en", "H", cache)
    with TTFont(faces[0].regular) as font:
        width = font["hmtx"][font.getBestCmap()[ord("H")]][0] / font["head"].unitsPerEm
    assert fonts.advance("H", faces) == pytest.approx(width)
    assert fonts.advance("", faces) == 0
    assert fonts.advance("AV", faces) < fonts.advance("A", faces) + fonts.advance("V", faces)
    assert fonts.advance("Bones", faces, bold=True) > fonts.advance("Bones", faces)


@given(st.text("abc العظام", max_size=12), st.text("xyz لا", max_size=12))
def test_advance_of_words_adds_up(cache: Path, left: str, right: str) -> None:
    faces = faces_of("ar", "عظم", cache)
    parts = sum(fonts.advance(part, faces) for part in (left, "  ", right))
    # A space stands between, so that neither letters join nor pairs are kerned.
    assert fonts.advance(f"{left}  {right}", faces) == pytest.approx(parts, abs=0.02)


def test_web_font_holds_the_text_and_little_else(cache: Path) -> None:
    path = faces_of("ar", "عظم", cache)[-1].regular
    data = fonts.web_font(path, "لا عظم")
    assert data == fonts.web_font(path, "عظم لا")
    assert len(data) < path.stat().st_size / 20
