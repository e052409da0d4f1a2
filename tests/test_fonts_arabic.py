"""The baked Arabic face: every letter and mark one glyph in its place, and a PDF that reads back whole."""

from __future__ import annotations

import inspect
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import uharfbuzz
from fontTools.ttLib import TTFont
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream

from pipeline.fonts import Typeface, glyph_text, letter_height, typefaces
from pipeline.languages import language
from pipeline.renderers.pdf import engine, glyphtext

PLAIN = "العظام الأطفال الإسهال الآن لا إلى خلايا كي في نى شيء سؤال المختصّ"
MARKED = "فورًا كثيرًا جدًّا مثلًا طفلًا لًا ألّا كافٍ عادةً المتبرّع تضخّم النموّ حُمّى لِأَنَّ الْخَلَايَا الْآكِلَةَ دربارهٔ خانهٔ"
VOCALIZED = "اَلْعِظَامُ تَنْكَسِرُ بِسُهُولَةٍ شَيْئًا فَشَيْئًا فَيُصَابُ الطِّفْلُ بِفَقْرِ الدَّمِ"
SENTENCES = (
    "تصخّر العظام مرض وراثي نادر يجعل العظام كثيفة جدًا، لكنها تنكسر بسهولة.",
    "إذا لم تعمل هذه الخلايا، فلا يبقى مكان كافٍ لنخاع العظم، ولا تتكوّن كريات الدم كما يجب.",
    "لا تعطوا طفلكم الكالسيوم إلا باستشارة الطبيب، فالإفراط فيه قد يؤذيه؛ والأفضل إجراؤه مبكرًا.",
    "سُئل الأهل: ألا تؤلمه رجلاه؟ فأجابوا: بلى، وخصوصًا ليلًا، وأحيانًا كثيرة أثناء اللعب.",
    "نُجري سنويًّا تخطيط السمع، وفحص العصب البصري، وقياس الطول والوزن ومحيط الرأس للأطفال الصغار.",
    "يحتاج ١٠ من كل ٢٥٠ طفلًا إلى زرع الخلايا الجذعية، لئلّا تسوء الحالة.",
)
WORD = re.compile("[\u0621-\u063f\u0641-\u065f\u0670-\u06d3]+")

ARABIC = language("ar")


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> tuple[Typeface, ...]:
    """Return the faces of an Arabic page."""
    return typefaces(ARABIC, PLAIN, cache_folder=tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="module", params=[400, 700])
def baked(request: pytest.FixtureRequest, faces: tuple[Typeface, ...]) -> Path:
    """Return the baked file of one weight."""
    return dict(faces[-1].files)[request.param]


def original(baked: Path) -> Path:
    """Return the package's file that `baked` was made from."""
    folder = Path(str(files("fontpkg_almarai"))) / "files"
    return folder / ("Almarai-Bold.ttf" if "-700-" in baked.name else "Almarai-Regular.ttf")


def shape(path: Path, text: str, *, kerned: bool) -> uharfbuzz.Buffer:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
    uharfbuzz.shape(font, buffer, {"kern": kerned})
    return buffer


def clusters(word: str) -> list[str]:
    """Return a word's letters and its runs of marks."""
    runs = groupby(word, key=lambda c: "" if unicodedata.combining(c) else c)
    return [part for mark, run in runs for part in ([*run] if mark else ["".join(run)])]


@pytest.mark.parametrize("word", f"{PLAIN} {MARKED} {VOCALIZED}".split())
def test_every_letter_and_every_run_of_marks_is_one_glyph_in_place(word: str, baked: Path) -> None:
    buffer = shape(baked, word, kerned=False)
    texts = glyph_text(baked.read_bytes())
    said = [texts[info.codepoint] for info in reversed(buffer.glyph_infos)]
    assert [unicodedata.normalize("NFC", c) for c in clusters(word)] == said
    assert [(p.x_offset, p.y_offset) for p in buffer.glyph_positions] == [(0, 0)] * len(said)


@pytest.mark.parametrize("word", ["للرئيس", "الآن", "رلا", "السؤال", "ورم"])
def test_words_are_as_wide_as_before(word: str, baked: Path) -> None:
    widths = [
        sum(p.x_advance for p in shape(path, word, kerned=True).glyph_positions)
        for path in (baked, original(baked))
    ]
    assert widths[0] == widths[1]


def ink(path: Path, text: str) -> list[tuple[float, float]]:
    """Return height and place of every point of the outlines of `text` as drawn, in font units."""
    points: list[tuple[float, float]] = []
    pen = 0
    buffer = shape(path, text, kerned=True)
    with TTFont(path) as font:
        outlines = font["glyf"]
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            coordinates, _, _ = outlines[font.getGlyphName(info.codepoint)].getCoordinates(outlines)
            points += [(y + place.y_offset, x + pen + place.x_offset) for x, y in coordinates]
            pen += place.x_advance
    return sorted(points)


@pytest.mark.parametrize("word", f"{PLAIN} {VOCALIZED} عادةً جدًّا كافٍ المتبسّم بَٰ".split())
def test_words_look_as_before(word: str, baked: Path) -> None:
    before, after = ink(original(baked), word), ink(baked, word)
    assert [y for y, _ in after] == [y for y, _ in before]
    # Each mark is a hair wide, so that it has a place in the order.
    hairs = sum(map(bool, map(unicodedata.combining, word)))
    assert [x for _, x in after] == pytest.approx([x for _, x in before], abs=hairs)


def test_mark_between_lam_and_alef_stands_over_the_lam(baked: Path) -> None:
    top = max(ink(baked, "لا"))[0]
    over_lam, over_alef = ([x for y, x in ink(baked, word) if y > top] for word in ("لَا", "لاَ"))
    assert min(over_lam) > max(over_alef)


def test_size_of_the_letters_is_that_of_the_original(faces: tuple[Typeface, ...]) -> None:
    package = Typeface("", *(original(path) for _, path in faces[-1].files))
    assert letter_height(faces[-1], "Arab") == letter_height(package, "Arab")


def test_license_and_notices_are_kept_under_another_name(baked: Path) -> None:
    with TTFont(baked) as font, TTFont(original(baked)) as source:
        for kept in (0, 8, 9, 13, 14):
            assert font["name"].getDebugName(kept) == source["name"].getDebugName(kept)
        assert not any(
            "Almarai" in str(record) for record in font["name"].names if record.nameID in (1, 3, 4, 6, 16)
        )
        assert str(font["name"].getDebugName(10)).startswith("Modified version of Almarai.")
        assert font["head"].modified == source["head"].modified


def test_presentation_forms_say_their_letters(baked: Path) -> None:
    texts = glyph_text(baked.read_bytes())
    with TTFont(baked) as font:
        points = font.getBestCmap()
        assert texts[font.getGlyphID(points[0xFEFB])] == "لا"
        assert texts[font.getGlyphID(points[0x20])] == " "
        assert not any(0xE000 <= ord(c) < 0xF900 for text in texts.values() for c in text)


@pytest.fixture(scope="module")
def page(faces: tuple[Typeface, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a PDF with all sentences in both weights and two sizes."""
    css = "".join(
        f"@font-face {{ font-family: '{face.family}'; font-weight: {weight}; src: url(font:{path.name}) }}"
        for face in faces
        for weight, path in face.files
    )
    family = ", ".join(f"'{face.family}'" for face in faces)
    css += f"html {{ font: 14pt/1.4 {family} }} h2 {{ font-weight: 700; font-size: 24pt }}"
    body = "".join(f"<h2>{s}</h2><p>{s}</p>" for s in (*SENTENCES, MARKED, VOCALIZED))
    html = f'<html lang="ar" dir="rtl"><head><title>x</title></head><body>{body}</body></html>'
    path = tmp_path_factory.mktemp("pdf") / "page.pdf"
    with engine.strict():
        path.write_bytes(engine.lay_out(html, (css,), faces=faces, pictures={}).write_pdf())
    return path


def share(text: str) -> float:
    """Return the share of the sentences' words that stand whole in `text`."""
    wanted = Counter(
        WORD.findall(unicodedata.normalize("NFC", " ".join((*SENTENCES, MARKED, VOCALIZED) * 2)))
    )
    found = Counter(WORD.findall(unicodedata.normalize("NFC", text)))
    return (wanted & found).total() / wanted.total()


def test_pdfium_reads_the_words_whole(page: Path) -> None:
    document = pypdfium2.PdfDocument(page)
    text = " ".join(sheet.get_textpage().get_text_range() for sheet in document)
    document.close()
    assert share(text) >= 0.98


def test_poppler_reads_the_words_whole(page: Path, needs_tool: Callable[[str, str], str]) -> None:
    command = [needs_tool("pdftotext", "install poppler-utils"), "-enc", "UTF-8", str(page), "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    assert share(text) == 1.0


def test_weasyprint_still_has_what_we_replace() -> None:
    assert issubclass(glyphtext.ReadableFont, Font)
    # A page's stream makes its fonts by this name, looked up in its own module.
    assert "Font" in Stream.add_font.__code__.co_names
    assert Stream.add_font.__globals__["Font"] is glyphtext.ReadableFont
    source = inspect.getsource(Font.__init__)
    assert all(f"self.{name} =" in source for name in ("to_unicode", "file_content", "index"))
