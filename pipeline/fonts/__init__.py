"""Typefaces: which one sets a language, what it covers, how big its letters really are.

Fonts come from pinned packages, never from the machine. Two of them are prepared once, into the
build's cache. A variable font is frozen into static instances (upright, normal width, two weights):
a variable file would stamp the time into every PDF subset, and its bold is not found by
`@font-face`. The Arabic font is baked, so that the text of a PDF can be read back.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import sys
import unicodedata
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import fontTools
import uharfbuzz

from pipeline.diagnostics import MissingToolError
from pipeline.files import put
from pipeline.fonts.glyphs import glyph_text, has_glyph, own_glyphs
from pipeline.fonts.metrics import MissingGlyph, advance, coverage, letter_height, missing_glyphs
from pipeline.fonts.subsets import freeze, web_font
from pipeline.fonts.typeface import BOLD, REGULAR, Typeface
from pipeline.languages import Language

__all__ = [
    "BOLD",
    "FAMILIES",
    "REGULAR",
    "Family",
    "MissingGlyph",
    "Preparation",
    "Typeface",
    "advance",
    "coverage",
    "glyph_text",
    "guests",
    "has_glyph",
    "letter_height",
    "missing_glyphs",
    "own_glyphs",
    "typefaces",
    "web_font",
]

# fontTools remarks on oddities of others' fonts, which readers of our output can do nothing about.
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Preparation(Enum):
    """What is done to a package's font before it is used."""

    NONE = "used as it is"
    FROZEN = "static instances of a variable font"
    BAKED = "one glyph for each letter, marks in place"


@dataclass(frozen=True, slots=True)
class Family:
    """A font family in a package: its files, and the scripts that it may set.

    A family to be frozen has one file, with a `wght` axis, for both weights. A baked one is another
    font than the package's, so it has a name of its own (OFL 1.1, 3). `extra` names the optional
    set of fonts that the package belongs to: `./handout fonts EXTRA` installs it.
    """

    name: str
    package: str
    regular: str
    bold: str
    scripts: frozenset[str]
    preparation: Preparation = Preparation.NONE
    folder: str = "files"
    extra: str = ""

    @property
    def remedy(self) -> str:
        """How to get the package."""
        if self.extra:
            return f"run ./handout fonts {self.extra} once, which installs it into .venv"
        return "run ./handout once, which installs it into .venv"


def _east_asian(name: str, script: str) -> Family:
    """Return a family of the optional package that holds all of East Asia: 30 MB."""
    compact = name.replace(" ", "")
    file = f"{compact}[wght].ttf"
    return Family(
        name,
        "justmytype_intl_cjk",
        file,
        file,
        frozenset({script}),
        Preparation.FROZEN,
        folder=f"fonts/ofl/{compact.lower()}",
        extra="cjk",
    )


# What the words of a whole font file make together.
_SUM = 0xB1B0AFBA

# In order of preference. The first whose glyphs cover a script's text sets it.
FAMILIES = (
    Family(
        "Atkinson Hyperlegible",
        "fontpkg_atkinson_hyperlegible",
        "AtkinsonHyperlegible-Regular.ttf",
        "AtkinsonHyperlegible-Bold.ttf",
        frozenset({"Latn"}),
    ),
    Family(
        "Noto Sans",
        "fontpkg_noto_sans",
        "NotoSans[wdth,wght].ttf",
        "NotoSans[wdth,wght].ttf",
        frozenset({"Latn", "Cyrl", "Grek"}),
        Preparation.FROZEN,
    ),
    Family(
        "Handout Arabic",
        "fontpkg_almarai",
        "Almarai-Regular.ttf",
        "Almarai-Bold.ttf",
        frozenset({"Arab"}),
        Preparation.BAKED,
    ),
    Family(
        "Heebo",
        "fontpkg_heebo",
        "Heebo[wght].ttf",
        "Heebo[wght].ttf",
        frozenset({"Hebr"}),
        Preparation.FROZEN,
    ),
    Family(
        "Noto Sans Devanagari",
        "fontpkg_noto_sans_devanagari",
        "NotoSansDevanagari[wdth,wght].ttf",
        "NotoSansDevanagari[wdth,wght].ttf",
        frozenset({"Deva"}),
        Preparation.FROZEN,
    ),
    _east_asian("Noto Sans JP", "Jpan"),
    _east_asian("Noto Sans SC", "Hans"),
    _east_asian("Noto Sans TC", "Hant"),
    _east_asian("Noto Sans KR", "Kore"),
)

# How the Unicode names of a script's letters begin.
_LETTER_NAMES: Mapping[str, tuple[str, ...]] = {
    "Latn": ("LATIN",),
    "Cyrl": ("CYRILLIC",),
    "Grek": ("GREEK",),
    "Arab": ("ARABIC",),
    "Hebr": ("HEBREW",),
    "Deva": ("DEVANAGARI",),
    "Jpan": ("CJK UNIFIED", "HIRAGANA", "KATAKANA"),
    "Hans": ("CJK UNIFIED",),
    "Hant": ("CJK UNIFIED",),
    "Kore": ("HANGUL", "CJK UNIFIED"),
}


def typefaces(language: Language, text: str, *, cache_folder: Path) -> tuple[Typeface, ...]:
    """Return the faces that set `text` in `language`, first the one for Latin words, then the rest.

    Latin stands first even in Arabic, so that digits, brackets and abbreviations come from one
    face. An East Asian face sets all of its page if it can: its quotation marks, dashes and dots
    are as wide as its letters, and a Latin face in front would take them. Raises
    `MissingToolError` when no font knows the language's script, or it is not installed.
    """
    scripts = ["Latn"] if language.script == "Latn" or language.pseudo else ["Latn", language.script]
    chosen: list[Family] = []
    for script in scripts:
        able = [f for f in FAMILIES if script in f.scripts]
        if not able:
            raise MissingToolError(
                f"no packaged font can set {language.english_name} (script {script})",
                hint="add a fontpkg-… package and a Family to pipeline/fonts/__init__.py",
            )
        names = _LETTER_NAMES.get(script, ())
        wanted = {ord(c) for c in text if unicodedata.name(c, "").startswith(names)} if names else set()
        whole = [f for f in able if wanted <= coverage(_package_file(f, f.regular))]
        chosen.append((whole or able)[0])
    if language.script not in ("Latn", "Arab") and chosen[-1].name == "Noto Sans":
        # One face for Latin and Cyrillic words of a line looks better than two.
        chosen = chosen[-1:]
    if language.east_asian:
        own = coverage(_package_file(chosen[-1], chosen[-1].regular))
        chosen = chosen[-1:] if own.issuperset(_visible(text)) else chosen
    return tuple(_install(f, cache_folder) for f in dict.fromkeys(chosen))


def guests(text: str, faces: tuple[Typeface, ...], *, cache_folder: Path) -> tuple[Typeface, ...]:
    """Return further faces for the characters of `text` that `faces` lack, as far as there are any."""
    found: list[Typeface] = []
    for family in FAMILIES:
        lacking = {ord(glyph.character) for glyph in missing_glyphs(text, (*faces, *found))}
        if not lacking:
            break
        installed = importlib.util.find_spec(family.package) is not None
        if installed and lacking & coverage(_package_file(family, family.regular)):
            found.append(_install(family, cache_folder))
    return tuple(found)


def _visible(text: str) -> set[int]:
    return {ord(c) for c in text if not unicodedata.category(c).startswith(("C", "Z"))}


def _package_file(family: Family, name: str) -> Path:
    """Return a file of a family's package. Raises `MissingToolError` if it is not there, or damaged."""
    spec = importlib.util.find_spec(family.package)
    if spec is None or spec.origin is None:
        raise MissingToolError(f"the font {family.name} is not installed", hint=family.remedy)
    path = Path(spec.origin).parent / family.folder / name
    _look_at(path)
    return path


@cache
def _look_at(path: Path) -> None:
    if not _is_sound(path):
        wrong = f"the font file {path.name} is missing or damaged"
        raise MissingToolError(wrong, hint="delete .venv, and run ./handout, which installs all anew")


def _install(family: Family, cache_folder: Path) -> Typeface:
    """Return the family's two files: the package's own, or prepared ones in the cache folder."""
    weights = ((REGULAR, family.regular), (BOLD, family.bold))
    packaged = {weight: _package_file(family, name) for weight, name in weights}
    if family.preparation is Preparation.NONE:
        return Typeface(family.name, packaged[REGULAR], packaged[BOLD])
    installed = {}
    for weight, source in packaged.items():
        stem = f"{family.name.replace(' ', '')}-{weight}"
        target = cache_folder / f"{stem}-{_digest(source, family)}.ttf"
        if not _is_sound(target):
            put(target, _PREPARE[family.preparation](source, family, weight))
        installed[weight] = target
    return Typeface(family.name, installed[REGULAR], installed[BOLD])


def _is_sound(path: Path) -> bool:
    """Whether a font is there as it was written: it ends where its last table does, and its sum is right.

    The 32-bit words of a font make 0xB1B0AFBA together (OpenType 1.9.1, head, checksumAdjustment).
    """
    try:
        data = path.read_bytes()
    except OSError:
        return False
    directory = data[12 : 12 + 16 * int.from_bytes(data[4:6])]
    tables = [directory[i : i + 16] for i in range(0, len(directory), 16)]
    end = max((int.from_bytes(t[8:12]) + int.from_bytes(t[12:]) for t in tables), default=-1)
    if len(data) not in (end, end + -end % 4):
        return False
    words = array("I", data + bytes(-len(data) % 4))
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF == _SUM


def _frozen(source: Path, family: Family, weight: int) -> bytes:
    return freeze(source, weight, whole="Latn" not in family.scripts)


def _baked(source: Path, family: Family, _: int) -> bytes:
    from pipeline.fonts.arabic import bake  # noqa: PLC0415 - needed once; later builds find the file

    return bake(source, family=family.name)


_PREPARE: Mapping[Preparation, Callable[[Path, Family, int], bytes]] = {
    Preparation.FROZEN: _frozen,
    Preparation.BAKED: _baked,
}


@cache
def _digest(source: Path, family: Family) -> str:
    """Return a digest of all that a prepared font depends on: a changed cure makes a new file."""
    digest = hashlib.sha256(f"{family.name} {fontTools.version} {uharfbuzz.__version__}".encode())
    for path in (source, *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
