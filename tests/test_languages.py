"""Languages: direction, paper, digits, dates and the order of words, against what is known of them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.diagnostics import UsageError
from pipeline.languages import DIGITS, language

DAY = date(2026, 11, 23)

RIGHT_TO_LEFT = "ar ar-EG ar-MA he iw ur fa ps yi dv sd ckb ku-Arab uz-Arab pa-Arab az-Arab ks-Arab ar-XB"
LEFT_TO_RIGHT = "en es sv ru de ku uz pa az hi ja ko zh zh-Hant sr sr-Latn am vi en-XA"


@pytest.mark.parametrize("tag", RIGHT_TO_LEFT.split())
def test_right_to_left_by_script(tag: str) -> None:
    assert (language(tag).rtl, language(tag).direction) == (True, "rtl")


@pytest.mark.parametrize("tag", LEFT_TO_RIGHT.split())
def test_left_to_right_by_script(tag: str) -> None:
    assert (language(tag).rtl, language(tag).direction) == (False, "ltr")


@pytest.mark.parametrize(
    ("tag", "script"),
    [
        ("en", "Latn"),
        ("ru", "Cyrl"),
        ("ar", "Arab"),
        ("he", "Hebr"),
        ("hi", "Deva"),
        ("zh", "Hans"),
        ("zh-Hant", "Hant"),
        ("ja", "Jpan"),
        ("sr", "Cyrl"),
        ("sr-Latn", "Latn"),
        ("ku-Arab", "Arab"),
    ],
)
def test_script(tag: str, script: str) -> None:
    assert language(tag).script == script


# CLDR supplemental data, measurementData/paperSize: US-Letter for 001 is A4 but for these territories.
LETTER = "en es-MX fr-CA es-US es-CO es-CL es-CR es-GT es-NI es-PA es-PR es-SV es-VE en-CA en-US fil en-BZ"
A4 = "en-GB en-AU es fr pt-BR de sv ru ar he ja es-AR es-EC es-PE es-DO es-UY zh hi"


@pytest.mark.parametrize("tag", LETTER.split())
def test_letter_paper_in_its_territories(tag: str) -> None:
    assert language(tag).paper == "letter"


@pytest.mark.parametrize("tag", A4.split())
def test_a4_paper_elsewhere(tag: str) -> None:
    assert language(tag).paper == "a4"


@pytest.mark.parametrize(
    "tag", ["", "xx", "english", "e", "en_US", "zz-ZZ", "../x", "en/../..", "\0", "en-", "<b>"]
)
def test_a_tag_that_cldr_lacks_is_an_error_with_a_hint(tag: str) -> None:
    with pytest.raises(UsageError) as caught:
        language(tag)
    assert "BCP 47" in caught.value.diagnostics[0].hint


@pytest.mark.parametrize(
    ("tag", "name", "english"),
    [
        ("en", "English", "English"),
        ("es", "español", "Spanish"),
        ("sv", "svenska", "Swedish"),
        ("ru", "русский", "Russian"),
        ("ar", "العربية", "Arabic"),
        ("zh-Hant", "中文 (繁體)", "Chinese (Traditional)"),
    ],
)
def test_a_language_has_its_own_name(tag: str, name: str, english: str) -> None:
    assert (language(tag).name, language(tag).english_name) == (name, english)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "November 23, 2026"),
        ("en-GB", "23 November 2026"),
        ("es", "23 de noviembre de 2026"),
        ("sv", "23 november 2026"),
        ("ru", "23 ноября 2026\u202fг."),
        ("ar", "٢٣ نوفمبر ٢٠٢٦"),
        ("ar-MA", "23 نونبر 2026"),
        ("fa", "۲۳ نوامبر ۲۰۲۶"),
        ("en-XA", "November 23, 2026"),
    ],
)
def test_dates_are_in_words_with_the_digits_of_the_language(tag: str, text: str) -> None:
    assert language(tag).date(DAY) == text


def test_digits() -> None:
    assert language("ar").localize_digits("1.0 (2026)") == "١.٠ (٢٠٢٦)"
    assert language("ar-AE").localize_digits("1.0") == "1.0"
    assert language("fa").localize_digits("456") == "۴۵۶"
    assert language("sv").localize_digits("0123456789") == "0123456789"
    for digits in DIGITS.values():
        assert [int(d) for d in digits] == list(range(10))


@pytest.mark.parametrize(
    ("tag", "regional"),
    [("sv", "sv-SE"), ("ar", "ar-EG"), ("pt-PT", "pt-PT"), ("ru", "ru-RU"), ("la", "la-VA")],
)
def test_word_gets_a_territory(tag: str, regional: str) -> None:
    assert language(tag).regional == regional


def test_scripts_that_word_formats_apart() -> None:
    assert {t for t in "ar he hi th en ru ja".split() if language(t).complex_script} == {
        "ar",
        "he",
        "hi",
        "th",
    }
    assert {t for t in "ar zh zh-Hant ja ko en".split() if language(t).east_asian} == {
        "zh",
        "zh-Hant",
        "ja",
        "ko",
    }


def test_pseudo_languages_are_marked() -> None:
    assert [t for t in ("en", "ar", "en-XA", "ar-XB") if language(t).pseudo] == ["en-XA", "ar-XB"]


# --- The order of words -------------------------------------------------------------------------


def in_order(tag: str, words: str) -> bool:
    return sorted(sorted(words.split()), key=language(tag).sort_key) == words.split()


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "Abc bone Bones marrow"),
        ("sv", "ben zon ål äl öl"),
        ("sv", "arm Zeta Åska ärr östrogen"),
        ("fi", "zeta ål äl öl"),
        ("da", "zebra ære øre åben"),
        ("es", "nz ñu oca"),
        ("ru", "гены ёлка жук кость"),
        ("de", "Ofen Öl Pfote"),
        ("ar", "البذور تمر الشاي"),
    ],
)
def test_words_stand_where_readers_look_for_them(tag: str, words: str) -> None:
    assert in_order(tag, words)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("es", "ácido azúcar"),
        ("es", "célula cerebro"),
        ("de", "Ärzte Azz"),
        ("fr", "école ete"),
        ("ru", "ёлка енот"),
    ],
)
def test_an_accent_counts_only_where_words_are_otherwise_equal(tag: str, words: str) -> None:
    assert in_order(tag, words)


def test_equal_words_sort_alike_whatever_their_case_and_marks() -> None:
    key = language("en").sort_key
    assert key("Bone-marrow (red)") == key("bonemarrow red")
