"""The letters of a translation: the script of its language, and no look-alikes from another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.checks.catalog.book import Book, Pair
from pipeline.checks.catalog.rules import rule
from pipeline.diagnostics import Severity

# ISO 15924 codes → the words with which Unicode begins the names of a script's letters.
_NAMES = {
    "Arab": ("ARABIC",),
    "Armn": ("ARMENIAN",),
    "Beng": ("BENGALI",),
    "Cyrl": ("CYRILLIC",),
    "Deva": ("DEVANAGARI",),
    "Ethi": ("ETHIOPIC",),
    "Geor": ("GEORGIAN",),
    "Grek": ("GREEK",),
    "Hans": ("CJK", "BOPOMOFO"),
    "Hant": ("CJK", "BOPOMOFO"),
    "Hebr": ("HEBREW",),
    "Jpan": ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"),
    "Khmr": ("KHMER",),
    "Kore": ("HANGUL", "CJK"),
    "Latn": ("LATIN", "MODIFIER"),
    "Mymr": ("MYANMAR",),
    "Taml": ("TAMIL",),
    "Telu": ("TELUGU",),
    "Thai": ("THAI",),
}
_SCRIPTS_OF_NAME = {name: script for script, names in _NAMES.items() for name in names}
_LETTERS = re.compile(r"[^\W\d_]+")

# Scripts that share letters by their looks: а and a, о and o, Ι and I.
_CONFUSABLE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"})


def script_of(character: str) -> str:
    """Return the word with which Unicode begins a letter's name: `LATIN`, `ARABIC`, `CJK`."""
    name = unicodedata.name(character, "")
    return name.split(" ")[0].removesuffix("-") if name else ""


@rule(
    "T014",
    source="Unicode Technical Standard 39, section 5 (mixed-script detection)",
    suggestion="type the word again on the keyboard of the language",
    severity=Severity.ERROR,
)
def own_script(pair: Pair, book: Book) -> Iterator[str]:
    """A translation is written in the script of its language, each word in one.

    A Cyrillic а in a Latin word looks right, and is misread by a screen reader, a search and a braille
    display. A text in quite another script was pasted into the wrong file.
    """
    for word in _LETTERS.findall(pair.own_words):
        mixed = {script_of(c) for c in word} & _CONFUSABLE
        if len(mixed) > 1:
            yield f"“{word}” mixes {' and '.join(sorted(name.title() for name in mixed))} letters"
            return
    expected = _NAMES.get(book.language.script)
    letters = [script_of(c) for c in pair.own_words if c.isalpha()]
    if expected is None or not letters or not _has_own_words(pair):
        return
    own = sum(script in expected for script in letters)
    foreign = max(set(letters), key=letters.count)
    if own < len(letters) / 3 and _SCRIPTS_OF_NAME.get(foreign) and not _is_a_name(pair):
        yield f"the text is in {foreign.title()} letters"


def _has_own_words(pair: Pair) -> bool:
    """Whether the source has words that a language translates, not abbreviations alone."""
    words = _LETTERS.findall(pair.source)
    return any(word.islower() and len(word) > 1 for word in words)


def _is_a_name(pair: Pair) -> bool:
    """Whether the translation keeps words of the source as they are, as names and Latin terms are kept."""
    return pair.own_words.strip() == pair.source.strip() and len(_LETTERS.findall(pair.source)) < 3
