"""How a language writes numbers: its separators, its multipliers, its words for small numbers.

Separators and grouping come from CLDR by Babel, with what our trials showed to be missing: Arabic
separators go with any digits, and groups may be parted by a space in every language (ISO 80000-1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol

from pipeline.languages import PSEUDO_TAGS

# One sign for each sort of space, comma, full stop, minus and apostrophe.
VARIANTS = str.maketrans("\u00a0\u2007\u2008\u2009\u200a\u202f，．－−–’", "      ,.---'")

_UNITS = "one two three four five six seven eight nine".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_OTHERS = {"once": 1, "single": 1, "both": 2, "twice": 2, "pair": 2, "couple": 2, "decade": 10, "dozen": 12}
_POWERS = {"hundred": 100, "thousand": 1000, "million": 10**6}
_ENGLISH = {
    **{word: n for n, word in enumerate([*_UNITS, *_TEENS], 1)},
    **{word: n for n, word in enumerate(_ORDINALS, 1)},
    **{f"{ten}{unit}": n * 10 + m for n, ten in enumerate(_TENS, 2) for m, unit in enumerate(["", *_UNITS])},
    **_OTHERS,
    **_POWERS,
}
_COMPOUND = re.compile(rf"\b({'|'.join(_TENS)})[- ](?=(?:{'|'.join(_UNITS)})\b)")
_MONTHS = "January February March April May June July August September October November December".split()
_DATED_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})(?= [0-9])|(?<=[0-9] )(?:{'|'.join(_MONTHS)})\b")

# Multipliers by language: "exponent:words". A word of letters ends where the word ends.
_MULTIPLIERS = {
    "ar": "3:ألفا|ألف|آلاف 6:مليون|ملايين 9:مليار|مليارات",
    "bn": "3:হাজার 5:লাখ|লক্ষ 7:কোটি",
    "cs": "3:tisíc|tisíce 6:milion|miliony|milionů 9:miliarda|miliardy|miliard",
    "da": "3:tusind|tusinde 6:million|millioner|mio 9:milliard|milliarder|mia",
    "de": "3:tausend|tsd 6:million|millionen|mio 9:milliarde|milliarden|mrd",
    "en": "3:thousand 5:lakh 6:million 7:crore 9:billion 12:trillion",
    "es": "3:mil|miles 6:millón|millones",
    "fa": "3:هزار 6:میلیون 9:میلیارد",
    "fi": "3:tuhat|tuhatta 6:miljoona|miljoonaa 9:miljardi|miljardia",
    "fr": "3:mille|milliers 6:million|millions 9:milliard|milliards",
    "he": "3:אלף|אלפים 6:מיליון 9:מיליארד",
    "hi": "3:हज़ार|हजार 5:लाख 7:करोड़",
    "id": "3:ribu 6:juta 9:miliar",
    "it": "3:mila|mille 6:milione|milioni 9:miliardo|miliardi",
    "ja": "2:百 3:千 4:万|萬 8:億 12:兆",
    "ko": "2:백 3:천 4:만 8:억",
    "nb": "3:tusen 6:million|millioner 9:milliard|milliarder",
    "nl": "3:duizend 6:miljoen 9:miljard",
    "pl": "3:tys|tysiąc|tysiące|tysięcy 6:mln|milion|miliony|milionów 9:mld|miliard|miliardy|miliardów",
    "pt": "3:mil 6:milhão|milhões 9:bilhão|bilhões|bilião|biliões",
    "ru": r"3:тыс|тысяч\w* 6:млн|миллион\w* 9:млрд|миллиард\w*",
    "sv": "3:tusen 6:miljon|miljoner 9:miljard|miljarder",
    "th": "3:พัน 4:หมื่น 5:แสน 6:ล้าน",
    "tr": "3:bin 6:milyon 9:milyar",
    "uk": r"3:тис|тисяч\w* 6:млн|мільйон\w* 9:млрд|мільярд\w*",
    "ur": "3:ہزار 5:لاکھ 6:ملین 7:کروڑ",
    "vi": "3:nghìn|ngàn 6:triệu 9:tỷ|tỉ",
    "zh": "2:百 3:千 4:万|萬 8:亿|億",
}
# In these, more letters may follow a multiplier without a space: 25万人.
_SUFFIXED = frozenset({"ja", "ko", "th", "zh"})

# The words for 1, 2, 3 … in the languages whose translations may spell small numbers, each a pattern
# for a whole word. Elsewhere a figure must stay a figure, as the content brief asks.
_WORDS = {
    "ar": "واحدة?|أحد|إحدى|أول|أولى اثنان|اثنين|اثنتان|اثنتين ثلاثة? أربعة? خمسة?"
    " ستة? سبعة? ثماني?ة? تسعة? عشرة?",
    "da": "en|et|én|ét to tre fire fem seks syv otte ni ti elleve tolv",
    "de": "eine?[mnrs]?|eins zwei|beiden? drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "es": "un[oa]?|primer[oa]? dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fa": "یک|یکی دو سه چهار پنج شش هفت هشت نه ده یازده دوازده",
    "fr": "une?|premi(?:er|ère)s? deux trois quatre cinq six sept huit neuf dix onze douze",
    "he": "אחד|אחת שניים|שתיים|שני|שתי שלוש|שלושה|שלושת ארבעה?|ארבעת חמש|חמישה"
    " שש|ששה|שישה שבעה? שמונה תשעה? עשרה?|עשרת",
    "hi": "एक दो तीन चार पाँच|पांच छह|छः सात आठ नौ दस ग्यारह बारह",
    "id": "satu|seorang dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas",
    "it": "un[oa]?|prim[oaie] due tre quattro cinque sei sette otto nove dieci undici dodici",
    "ja": "一 二 三 四 五 六 七 八 九 十 十一 十二",
    "ko": "한|하나 두|둘 세|셋 네|넷 다섯 여섯 일곱 여덟 아홉 열 열한 열두",
    "nb": "en|ei|et|én|ett to tre fire fem seks sju|syv åtte ni ti elleve tolv",
    "nl": "een|één|eerste twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "pl": r"jeden|jedn(?:a|ą|ego|ej|emu|o|ym)"
    r" dw(?:a|ie|óch|u|oje) trz(?:y|ech)|troje cztery|czter(?:ech|ema)|czworo"
    r" pięć|pięciu sześć|sześciu siedem|siedmiu osiem|ośmiu dziewięć|dziewięciu dziesięć|dziesięciu"
    r" jedenaście|jedenastu dwanaście|dwunastu",
    "pt": "uma?|primeir[oa]s? dois|duas três quatro cinco seis sete oito nove dez onze doze",
    "ru": r"один|одн(?:а|о|у|ого|ой|ому|им|ом)|перв\w+"
    r" дв(?:а|е|ух|ум|умя)|двое тр(?:и|ёх|ех|ём|ем|емя)|трое четыр\w+"
    r" пят(?:ь|и|ью) шест(?:ь|и|ью) семь|семи восемь|восьми девят(?:ь|и|ью) десят(?:ь|и|ью)"
    r" одиннадцат(?:ь|и|ью) двенадцат(?:ь|и|ью)",
    "sv": "en|ett|första två tre fyra fem sex sju åtta nio tio elva tolv",
    "tr": "bir|biri|birinde iki üç dört beş altı yedi sekiz dokuz on onbir oniki",
    "ur": "ایک دو تین چار پانچ چھ|چھے سات آٹھ نو دس گیارہ بارہ",
    "vi": "một hai ba bốn năm sáu bảy tám chín mười",
    "zh": "一 二|两|兩 三 四 五 六 七 八 九 十 十一 十二",
}
_WORDS_OF_SIGNS = frozenset({"ja", "zh"})
# What a language writes in one word with the number that follows: "and", "in", "the" …
_PREFIXES = {"ar": "[وف]?[بلك]?(?:ال)?", "he": "[ובלכמהש]{0,2}"}


@dataclass(frozen=True, slots=True)
class Convention:
    """How a language writes numbers.

    `lakh` says whether groups of two stand before the last three digits. A match of `multiplier` is
    named e3 for a thousand, e4 for ten thousand. `words` are patterns for 1, 2 … 12 in words; they
    match single letters instead where `unspaced` says that the language puts no space between words.
    """

    decimal: frozenset[str]
    group: frozenset[str]
    lakh: bool
    multiplier: re.Pattern[str]
    words: tuple[re.Pattern[str], ...]
    unspaced: bool


@cache
def convention(tag: str) -> Convention:
    """Return how the language `tag` writes numbers; it must be one that `languages.language` knows."""
    locale = Locale("en") if tag in PSEUDO_TAGS else Locale.parse(tag, sep="-")
    code = locale.language
    decimal = {get_decimal_symbol(locale, numbering_system="latn"), "٫"}
    group = {get_group_symbol(locale, numbering_system="latn").translate(VARIANTS), "٬", "'", " "}
    return Convention(
        decimal=frozenset(decimal),
        group=frozenset(group - decimal),
        lakh=locale.decimal_formats[None].grouping[1] == 2,
        multiplier=_multiplier(code),
        words=tuple(_words(code, locale)),
        unspaced=code in {"ja", "zh"},
    )


def spelled_in_english(text: str) -> Iterator[int]:
    """Yield the numbers that an English text states in words, and its months beside a figure."""
    words = re.findall(r"[a-z]+", _COMPOUND.sub(r"\1", text.lower()))
    yield from (_ENGLISH[word] for word in words if word in _ENGLISH)
    yield from (_MONTHS.index(month) + 1 for month in _DATED_MONTH.findall(text))


def _multiplier(code: str) -> re.Pattern[str]:
    entries = unicodedata.normalize("NFC", _MULTIPLIERS.get(code, "")).split()
    words = "|".join(f"(?P<e{power}>{words})" for power, words in (entry.split(":") for entry in entries))
    end = "" if code in _SUFFIXED else r"(?!\w)"
    return re.compile(f" ?(?:{words}){end}" if words else "(?!)", re.IGNORECASE)


def _words(code: str, locale: Locale) -> Iterator[re.Pattern[str]]:
    """Yield a pattern for each of 1, 2 … 12: its words, and the name of that month."""
    numbers = unicodedata.normalize("NFC", _WORDS.get(code, "")).split()
    for n in range(1, 13):
        months = {re.escape(locale.months[form]["wide"][n].casefold()) for form in ("format", "stand-alone")}
        words = "|".join((*numbers[n - 1 : n], *sorted(months)))
        yield re.compile(f"{_PREFIXES.get(code, '')}(?:{words})")
