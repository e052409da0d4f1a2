"""A language from its BCP 47 tag: name, direction, script, paper, digits.

Facts come from CLDR through Babel, except where findings showed CLDR-by-Babel to be wrong or
silent: the direction goes by script, and the order of letters has a small table of its own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale
from babel.dates import format_date

from pipeline.diagnostics import UsageError

# Scripts written from right to left (Unicode Bidi_Class R or AL). Babel derives the direction
# from the language alone and so gets ku-Arab and uz-Arab wrong.
RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})

# Scripts whose letters Word formats through its "complex script" slots (w:cs, w:szCs, w:bCs).
COMPLEX_SCRIPTS = RIGHT_TO_LEFT | {"Deva", "Beng", "Taml", "Telu", "Thai", "Laoo", "Khmr", "Mymr"}
EAST_ASIAN_SCRIPTS = frozenset({"Jpan", "Hans", "Hant", "Kore"})

# CLDR paperSize: the territories that print on US Letter; the others print on A4.
LETTER_TERRITORIES = frozenset("US CA MX CR CO CL GT NI PA PH PR SV VE BZ".split())

DIGITS = {"latn": "0123456789", "arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹", "deva": "०१२३४५६७८९"}

# Letters that a language sorts in places of their own: each entry follows all other letters.
_LAST_LETTERS = {"sv": "åäö", "fi": "åäö", "nb": "æøå", "nn": "æøå", "da": "æøå"}
# Letters that stand right behind another one.
_LETTERS_AFTER = {"es": {"ñ": "n"}}
_NUMBERING_BY_REGION = {"ar": "arab", "fa": "arabext", "ur": "arabext", "ps": "arabext"}
_LATIN_DIGIT_TERRITORIES = frozenset("AE DZ EH LY MA TN".split())

# Tags made on request to test layout: accented and longer English; English set right to left.
PSEUDO_TAGS = {"en-XA": "English (accented)", "ar-XB": "English (mirrored)"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language as the pipeline needs it. `tag` is BCP 47, e.g. `pt-BR` or `zh-Hant`."""

    tag: str
    code: str
    script: str
    territory: str
    name: str
    english_name: str
    numbering: str

    @property
    def rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return self.script in RIGHT_TO_LEFT

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML and EPUB write it."""
        return "rtl" if self.rtl else "ltr"

    @property
    def complex_script(self) -> bool:
        """Whether Word takes size, weight and font of this script from its complex-script slots."""
        return self.script in COMPLEX_SCRIPTS

    @property
    def east_asian(self) -> bool:
        """Whether Word takes the font of this script from its East Asian slot."""
        return self.script in EAST_ASIAN_SCRIPTS

    @property
    def regional(self) -> str:
        """The tag with a territory (`sv-SE`), which Word asks for."""
        return f"{self.code}-{self.territory}" if self.territory else self.tag

    @property
    def pseudo(self) -> bool:
        """Whether this is a test language that no person reads."""
        return self.tag in PSEUDO_TAGS

    @property
    def paper(self) -> str:
        """The paper of the language's territory: `letter` or `a4` (CLDR paperSize)."""
        return "letter" if self.territory in LETTER_TERRITORIES else "a4"

    def date(self, day: date) -> str:
        """Return `day` in words, e.g. `23 november 2026`, with the language's own digits."""
        return self.localize_digits(format_date(day, "long", locale=_locale(self.tag)))

    def localize_digits(self, text: str) -> str:
        """Return `text` with ASCII digits replaced by the language's own."""
        return text.translate(str.maketrans(DIGITS["latn"], DIGITS[self.numbering]))

    def sort_key(self, text: str) -> tuple[tuple[int, str], ...]:
        """Return a key that sorts words as a glossary in this language does.

        An accent counts only between words that are otherwise equal, unless the language takes the
        letter for one of its own.
        """
        last, after = _LAST_LETTERS.get(self.code, ""), _LETTERS_AFTER.get(self.code, {})
        folded = text.casefold()
        if self.code == "ar":
            folded = folded.removeprefix("ال")
        letters = [c for c in unicodedata.normalize("NFC", folded) if c.isalnum() or c == " "]

        def place(letter: str) -> tuple[int, str]:
            if letter in last:
                return last.index(letter) + 1, ""
            if letter in after:
                return 0, f"{after[letter]}\uffff"
            return 0, unicodedata.normalize("NFD", letter)[0]

        return (*map(place, letters), (-1, "".join(letters)))


def _locale(tag: str) -> Locale:
    if tag in PSEUDO_TAGS:
        return Locale("en")
    return Locale.parse(tag, sep="-")


def first_direction(text: str) -> str:
    """Return the direction of the first letter of a text (UAX #9, rules P2 and P3): `ltr` or `rtl`.

    A text without letters runs from left to right, as figures do.
    """
    strong = (unicodedata.bidirectional(c) for c in text)
    return next(("ltr" if kind == "L" else "rtl" for kind in strong if kind in ("L", "R", "AL")), "ltr")


def is_wide(character: str) -> bool:
    """Return whether a letter is as wide as it is high, as East Asian ones are (UAX #11)."""
    return unicodedata.east_asian_width(character) in ("W", "F")


@cache
def language(tag: str) -> Language:
    """Return the language with this BCP 47 tag. Raises `UsageError` for a tag that CLDR lacks."""
    if tag in PSEUDO_TAGS:
        script = "Arab" if tag == "ar-XB" else "Latn"
        return Language(tag, tag[:2], script, "", PSEUDO_TAGS[tag], PSEUDO_TAGS[tag], "latn")
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise UsageError(
            f"“{tag}” is not a language tag that CLDR knows",
            hint="use a BCP 47 tag such as es, pt-BR or zh-Hant",
        ) from error
    # Babel's Locale drops a script that it thinks superfluous; parse_locale keeps all subtags.
    given = parse_locale(tag, sep="-")
    likely = get_global("likely_subtags")
    full = likely.get(str(locale)) or likely.get(given[0]) or str(locale)
    parts = parse_locale(str(full))
    code = given[0]
    territory = given[1] or parts[1] or ""
    numbering = _NUMBERING_BY_REGION.get(code, "latn")
    if code == "ar" and territory in _LATIN_DIGIT_TERRITORIES:
        numbering = "latn"
    return Language(
        tag=tag,
        code=code,
        script=given[2] or parts[2] or "Latn",
        territory=territory,
        name=locale.get_display_name(str(locale)) or tag,
        english_name=locale.english_name or tag,
        numbering=numbering,
    )
