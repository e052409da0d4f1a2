"""The checks on text: every folder tests/checks/<code>/{good,bad} by its check, and figures by pairs.

D01x hold source fragments in Markdown (the front matter is added; the fragment's own may override
it), D02x hold facts.toml files about one fixed source, T010 holds pairs of source and translation.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from babel.numbers import format_decimal
from hypothesis import assume, example, given
from hypothesis import strategies as st

import pipeline.checks
from pipeline import catalogs
from pipeline.catalogs import Catalog, Entry, Message
from pipeline.checks import check_translation, facts, open_book, reading
from pipeline.checks.numbers import differences
from pipeline.checks.registry import RULES
from pipeline.config import Facts, decode
from pipeline.diagnostics import Outcome, Severity, findings
from pipeline.document import Document
from pipeline.languages import language
from pipeline.reader import open_project, read
from pipeline.translation import extract

TESTS = Path(__file__).parent
ROOT = TESTS.parent
CASES = TESTS / "checks"
PAIRS: list[dict[str, Any]] = json.loads((TESTS / "data" / "number-pairs.json").read_text("utf-8"))

FRONT = {"slug": "bone", "language": "en", "title": "Bone", "subtitle": "For all", "summary": "About bone."}
DATES = 'version = "1.0"\nissued = 2026-11-23\nreview = 2028-11-23\n'
SETTINGS = (
    '[project]\nsource = "bone.md"\n[build]\nlanguages = ["en"]\nformats = {}\n[[handout]]\nid = "bone"\n'
)
GLOSSARY = '[[term]]\nid = "anemia"\nterm = "anemia"\nexplanation = "Too few red blood cells."\n'
FIXED_SOURCE = "## Bone {#bone}\n\nOld bone is broken down. {#bone-old}\n"


def document(fragment: str, folder: Path) -> Document:
    """Read `fragment` as the source of a small project in `folder`."""
    matter, body = {}, fragment
    if fragment.startswith("+++"):
        _, own, body = fragment.split("+++\n", 2)
        matter = tomllib.loads(own)
    front = "".join(f"{key} = {json.dumps(value)}\n" for key, value in {**FRONT, **matter}.items())
    source = folder / "source"
    source.mkdir()
    (source / "handouts.toml").write_text(SETTINGS, "utf-8")
    (source / "glossary.toml").write_text(GLOSSARY, "utf-8")
    (source / "bone.md").write_text(f"+++\n{front}{DATES}+++\n\n{body}", "utf-8")
    return read(open_project(folder))


def by_source(check: Callable[[Document], Outcome]) -> Callable[[Path, Path], list[bool]]:
    return lambda case, folder: [bool(check(document(case.read_text("utf-8"), folder)).diagnostics)]


def by_facts(
    check: Callable[[Document, Facts], Outcome],
) -> Callable[[Path, Path], list[bool]]:
    def run(case: Path, folder: Path) -> list[bool]:
        given_facts = decode(case.read_text("utf-8"), Facts, shown=PurePosixPath(case.name))
        return [bool(check(document(FIXED_SOURCE, folder), given_facts).diagnostics)]

    return run


def by_pairs(case: Path, _: Path) -> list[bool]:
    """Judge each pair of a case, each in a catalog of its language; `given` entries stand in all of them."""
    texts = tomllib.loads(case.read_text("utf-8"))
    code = case.parts[-3]
    return [_is_found(code, pair, texts.get("given", [])) for pair in texts["pair"]]


def _is_found(code: str, pair: dict[str, str], given_entries: list[dict[str, str]]) -> bool:
    tag = pair["language"]
    entries = [*(e for e in given_entries if e.get("language", tag) == tag), {"id": "judged", **pair}]
    messages = [Message(e["id"], e["source"], (e.get("role", "paragraph"),)) for e in entries]
    catalog = Catalog(
        tuple(
            Entry(
                e["id"],
                e["source"],
                e["translation"],
                translator_comments=(e["comment"],) if "comment" in e else (),
            )
            for e in entries
        )
    )
    book = open_book(messages, catalog, language=language(tag), kept=pair.get("keep", "").split())
    outcomes = {outcome.code: outcome for outcome in check_translation(book)}
    return any(d.message.startswith("“judged”") for d in outcomes[code].diagnostics)


# For each code, what runs a case; it says for each part of the case whether the check found something.
RUNNERS: dict[str, Callable[[Path, Path], list[bool]]] = {
    "D010": by_source(reading.grade),
    "D011": by_source(reading.sentence_length),
    "D012": by_source(reading.paragraph_length),
    "D020": by_facts(facts.mapped),
    "D021": by_facts(facts.open_queries),
    **dict.fromkeys((code for code in RULES if code[0] == "T"), by_pairs),
}
FILES = [path for code in RUNNERS for path in sorted((CASES / code).glob("*/*"))]


@pytest.mark.parametrize("case", FILES, ids=lambda path: path.relative_to(CASES).as_posix())
def test_case(case: Path, tmp_path: Path) -> None:
    code, expected = case.parts[-3], case.parts[-2] == "bad"
    found = RUNNERS[code](case, tmp_path)
    assert found
    assert [n for n, finding in enumerate(found, 1) if finding is not expected] == []


def test_every_check_on_text_has_good_and_bad_cases() -> None:
    for module in pkgutil.iter_modules(pipeline.checks.__path__):
        importlib.import_module(f"pipeline.checks.{module.name}")
    folders = [CASES / code / kind for code in RULES if code[0] in "DT" for kind in ("good", "bad")]
    assert [f.relative_to(CASES).as_posix() for f in folders if not any(f.glob("*"))] == []


@pytest.mark.parametrize("case", [f for f in FILES if f.parts[-3] == "D012" and f.parts[-2] == "bad"])
def test_a_long_paragraph_is_found_where_it_stands(case: Path, tmp_path: Path) -> None:
    (finding,) = reading.paragraph_length(document(case.read_text("utf-8"), tmp_path)).diagnostics
    assert finding.code == "D012"
    assert finding.location is not None
    assert str(finding.location) == "source/bone.md:12"


# Reading ease -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("bone", 1),
        ("Marrow", 2),
        ("brain’s", 1),
        ("blood-forming", 3),
        ("250,000", 6),
        ("XLRQ", 4),
        ("osteopetrosis", 6),
        ("hypertelorism", 6),
        ("micrognathia", 5),
        ("zzz", 1),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert reading.syllables(word) == count


@given(st.from_regex(r"[A-Za-z]{1,12}(-[a-z]{1,8})?", fullmatch=True))
def test_every_word_has_a_syllable(word: str) -> None:
    assert reading.syllables(word) >= 1


def test_the_grade_is_that_of_kincaid(tmp_path: Path) -> None:
    # 2 sentences, 9 words, 10 syllables
    measured = reading.measure(document("The bones are dense. They break with ease today. {#a}\n", tmp_path))
    assert (measured.words, measured.sentences, measured.words_per_sentence) == (9, 2, 4.5)
    assert measured.grade == round(0.39 * 4.5 + 11.8 * 10 / 9 - 15.59, 2)
    assert measured.estimated == ()


def test_names_count_for_one_grade_only(tmp_path: Path) -> None:
    names = (
        "Bone (osteopetrosis) has [hyperostosis](term:anemia), or [osteosclerosis fragilis]{lang=la}. {#a}\n"
    )
    measured = reading.measure(document(names, tmp_path))
    assert (measured.words, measured.sentences) == (7, 1)
    assert measured.grade == round(0.39 * 2 + 11.8 * 1 - 15.59, 2)  # "has or"
    assert measured.grade_with_names > 20


def test_an_empty_leaflet_has_no_grade(tmp_path: Path) -> None:
    measured = reading.measure(document("## Bone {#bone}\n", tmp_path))
    assert (measured.words, measured.grade, measured.words_per_sentence) == (0, 0, 0)


def test_the_leaflet_reads_easily() -> None:
    leaflet = read(open_project(ROOT))
    measured = reading.measure(leaflet)
    assert measured.words > 1000
    assert measured.grade_with_names <= reading.MAX_GRADE
    assert not reading.grade(leaflet).diagnostics
    assert not reading.sentence_length(leaflet).diagnostics
    assert not reading.paragraph_length(leaflet).diagnostics


# Figures ----------------------------------------------------------------------

LOCALES = "en es es-MX pt-PT fr de de-CH sv ru pl it tr ar-EG ar-MA fa he hi bn ja zh-Hant ko vi".split()
figures = st.one_of(
    st.integers(0, 10**12).map(Decimal),
    st.decimals(min_value=0, max_value=10**6, places=2),
)


def localized(value: Decimal, tag: str) -> str:
    """Return `value` as readers of `tag` write it: CLDR's separators, with the language's own digits."""
    text = str(format_decimal(value, locale=tag.replace("-", "_")))
    numbering = language(tag).numbering
    if numbering in ("arab", "arabext"):
        text = text.translate(str.maketrans(".,", "٫٬"))
    return language(tag).localize_digits(text)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair["id"]))
def test_pair(pair: dict[str, Any]) -> None:
    found = differences(pair["source"], pair["target"], pair["language"])
    assert bool(found) is pair["wrong_number"], found


@given(figures, st.sampled_from(LOCALES))
@example(Decimal(250_000), "hi")
@example(Decimal("0.5"), "de")
def test_a_number_is_itself_in_every_language(value: Decimal, tag: str) -> None:
    assert differences(f"({localized(value, 'en')})", f"({localized(value, tag)})", tag) == ()


@given(figures, st.sampled_from(LOCALES), st.data())
def test_one_changed_digit_is_found(value: Decimal, tag: str, data: st.DataObject) -> None:
    right = localized(value, tag)
    place = data.draw(st.sampled_from([n for n, c in enumerate(right) if c.isdecimal()]))
    wrong = f"{right[:place]}{data.draw(st.integers(0, 9))}{right[place + 1 :]}"
    assume(int(wrong[place]) != int(right[place]))
    assert differences(f"({localized(value, 'en')})", f"({wrong})", tag)


@given(st.lists(figures, max_size=4), st.sampled_from(LOCALES), st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_the_count_does(values: list[Decimal], tag: str, random: Any) -> None:
    source = "; ".join(localized(v, "en") for v in values)
    shuffled = random.sample(values, len(values))
    assert differences(source, "; ".join(localized(v, tag) for v in shuffled), tag) == ()
    if shuffled:
        assert differences(source, "; ".join(localized(v, tag) for v in shuffled[1:]), tag)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([*LOCALES, "th", "en-XA", "ar-XB"]))
def test_any_text_is_read_without_fault(source: str, target: str, tag: str) -> None:
    differences(source, target, tag)


def test_what_it_says() -> None:
    assert differences("8 to 40 of 250,000", "8 bis 400 von 250,000", "de") == (
        "40 of the source is missing",
        "250000 of the source is missing",
        "400 is not in the source",
        "“250,000” is not how numbers are written in “de”",
    )


def test_a_wrong_figure_is_found_where_the_catalog_has_it(tmp_path: Path) -> None:
    source = document("About 8 to 40 children. {#a}\n", tmp_path)
    header = 'msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
    entry = 'msgctxt "a"\nmsgid "About 8 to 40 children."\nmsgstr "Etwa 8 bis 400 Kinder."\n'
    catalog = catalogs.parse((header + entry).encode(), PurePosixPath("bone.po"))
    book = open_book(extract(source), catalog, language=language("de"))
    found = [d for d in findings(check_translation(book)) if d.severity >= Severity.ERROR]
    assert {d.code for d in found} == {"T010"}
    assert [d.message for d in found] == [
        "“a”: 40 of the source is missing",
        "“a”: 400 is not in the source",
    ]
    assert {str(d.location) for d in found} == {"bone.po:5"}


@pytest.mark.parametrize("tag", [t for t in open_project(ROOT).settings.build.languages if t != "en"])
def test_the_shipped_translations_break_no_rule(tag: str) -> None:
    source = read(open_project(ROOT))
    catalog = catalogs.read(ROOT / "translations" / tag / "LC_MESSAGES" / "osteopetrosis.po")
    book = open_book(extract(source), catalog, language=language(tag))
    assert len(book.pairs) > 250
    assert [str(d) for d in findings(check_translation(book))] == []
    assert all(override.reason for pair in book.pairs for override in pair.overrides)
