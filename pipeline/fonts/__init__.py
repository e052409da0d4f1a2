"""Typefaces: which one sets a language, what it covers, how big its letters really are.

Fonts come from pinned packages, never from the machine. A variable font is frozen once into static
instances (upright, normal width, two weights), kept in the build's cache: a variable file would
stamp the time into every PDF subset, and its bold is not found by `@font-face`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import logging
import os
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import uharfbuzz
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from pipeline.diagnostics import MissingToolError
from pipeline.languages import Language

REGULAR, BOLD = 400, 700

# fontTools remarks on oddities of others' fonts, which readers of our output can do nothing about.
logging.getLogger("fontTools").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Family:
    """A font family in a package: its files, and the scripts that it may set.

    `variable` names one file with `wght` and `wdth` axes; it is given as `regular`.
    """

    name: str
    package: str
    regular: str
    bold: str
    scripts: frozenset[str]
    variable: bool = False


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
        "",
        frozenset({"Latn", "Cyrl", "Grek"}),
        variable=True,
    ),
    Family("Almarai", "fontpkg_almarai", "Almarai-Regular.ttf", "Almarai-Bold.ttf", frozenset({"Arab"})),
)

# The letters whose height above the baseline stands for a script's letter size. For Latin, Greek
# and Cyrillic that is the x-height; scripts without one get the mean ink height of letters
# without ascender ("derived": no standard gives a number for them).
_BODY_LETTERS = {"Latn": "xzvw", "Cyrl": "хинк", "Grek": "χκν", "Arab": "دروهمسنص"}

# What a frozen instance keeps of a variable font: Latin, Greek, Cyrillic, punctuation, arrows.
_KEPT = (
    *range(0x20, 0x250),
    *range(0x2B0, 0x530),
    *range(0x1E00, 0x2070),
    *range(0x20A0, 0x20D0),
    *range(0x2100, 0x2150),
    *range(0x2190, 0x2200),
    *range(0x2200, 0x2270),
    0xFEFF,
)


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family as two static files on this machine."""

    family: str
    regular: Path
    bold: Path

    @property
    def files(self) -> tuple[tuple[int, Path], ...]:
        """The files with their CSS weights."""
        return ((REGULAR, self.regular), (BOLD, self.bold))


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character that no face of a stack can show, and the first face that lacks it."""

    character: str
    family: str

    def __str__(self) -> str:
        name = unicodedata.name(self.character, "unnamed character")
        return f"U+{ord(self.character):04X} {name} is not in {self.family}"


def typefaces(language: Language, text: str, *, cache_folder: Path) -> tuple[Typeface, ...]:
    """Return the faces that set `text` in `language`, first the one for Latin words, then the rest.

    Latin stands first even in Arabic, so that digits, brackets and abbreviations come from one
    face. Raises `MissingToolError` when no packaged font knows the language's script.
    """
    scripts = ["Latn"] if language.script == "Latn" or language.pseudo else ["Latn", language.script]
    chosen: list[Family] = []
    for script in scripts:
        able = [f for f in FAMILIES if script in f.scripts]
        if not able:
            raise MissingToolError(
                f"no packaged font can set {language.english_name} (script {script})",
                hint="add a fontpkg-… package and a Family to pipeline/fonts.py",
            )
        wanted = {c for c in text if _script_of(c) == script}
        whole = [f for f in able if wanted <= coverage(_package_file(f, f.regular))]
        chosen.append((whole or able)[0])
    if language.script not in ("Latn", "Arab") and chosen[-1].name == "Noto Sans":
        # One face for Latin and Cyrillic words of a line looks better than two.
        chosen = chosen[-1:]
    return tuple(_install(f, cache_folder) for f in dict.fromkeys(chosen))


def missing_glyphs(text: str, faces: tuple[Typeface, ...]) -> tuple[MissingGlyph, ...]:
    """Return every visible character of `text` that some weight of the stack cannot show."""
    missing = []
    for character in sorted(set(text)):
        if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
            continue
        for weight in range(2):
            if not any(ord(character) in coverage(f.files[weight][1]) for f in faces):
                missing.append(MissingGlyph(character, " or ".join(f.family for f in faces)))
                break
    return tuple(missing)


@cache
def coverage(path: Path) -> frozenset[int]:
    """Return the code points that the font file at `path` has glyphs for."""
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def letter_height(face: Typeface, script: str) -> float:
    """Return the height of a script's plain letters above the baseline, in em.

    For Latin, Greek and Cyrillic this is the x-height; otherwise a derived mean ink height.
    """
    return _letter_height(face.regular, script)


@cache
def _letter_height(path: Path, script: str) -> float:
    with TTFont(path, lazy=True) as font:
        cmap, glyphs, units = font.getBestCmap(), font["glyf"], font["head"].unitsPerEm
        letters = [c for c in _BODY_LETTERS.get(script, _BODY_LETTERS["Latn"]) if ord(c) in cmap]
        tops = [glyphs[cmap[ord(c)]].yMax for c in letters]
        return float(sum(tops)) / len(tops) / units if tops else 0.5


def advance(text: str, faces: tuple[Typeface, ...], *, bold: bool = False) -> float:
    """Return the width of `text` set on one line by these faces, in em, shaped by HarfBuzz."""
    total = 0.0
    for run, face in _runs(text, faces):
        path = face.bold if bold else face.regular
        font, units = _shaper(path)
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer)
        total += sum(p.x_advance for p in buffer.glyph_positions) / units
    return total


def _runs(text: str, faces: tuple[Typeface, ...]) -> Iterable[tuple[str, Typeface]]:
    """Split `text` by the first face that covers each character."""
    start, current = 0, faces[0]
    for index, character in enumerate(text):
        face = next((f for f in faces if ord(character) in coverage(f.regular)), faces[0])
        if face is not current:
            if index > start:
                yield text[start:index], current
            start, current = index, face
    if start < len(text):
        yield text[start:], current


@cache
def _shaper(path: Path) -> tuple[uharfbuzz.Font, int]:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
    return uharfbuzz.Font(face), face.upem


def _script_of(character: str) -> str:
    """Return the script of a letter, or "" for what all scripts share."""
    name = unicodedata.name(character, "")
    for prefix, script in (("LATIN", "Latn"), ("CYRILLIC", "Cyrl"), ("GREEK", "Grek"), ("ARABIC", "Arab")):
        if name.startswith(prefix):
            return script
    return ""


def _package_file(family: Family, name: str) -> Path:
    spec = importlib.util.find_spec(family.package)
    if spec is None or spec.origin is None:
        raise MissingToolError(
            f"the font {family.name} is not installed", hint=f"pip install {family.package.replace('_', '-')}"
        )
    return Path(spec.origin).parent / "files" / name


def _install(family: Family, cache_folder: Path) -> Typeface:
    regular = _package_file(family, family.regular)
    if not family.variable:
        return Typeface(family.name, regular, _package_file(family, family.bold))
    digest = hashlib.sha256(regular.read_bytes()).hexdigest()[:12]
    files = [
        cache_folder / f"{regular.name.split('[')[0]}-{weight}-{digest}.ttf" for weight in (REGULAR, BOLD)
    ]
    for weight, target in zip((REGULAR, BOLD), files, strict=True):
        if not target.exists():
            _write(target, _freeze(regular, weight))
    return Typeface(family.name, files[0], files[1])


def _freeze(path: Path, weight: int) -> bytes:
    """Return a static instance of the variable font at `path`, with the characters that we keep."""
    font = TTFont(path, recalcTimestamp=False)
    # Subset first: instancing costs time for every glyph.
    options = Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_KEPT)
    subsetter.subset(font)
    axes = {a.axisTag: weight if a.axisTag == "wght" else a.defaultValue for a in font["fvar"].axes}
    instantiateVariableFont(font, axes, inplace=True, updateFontNames=False)
    font["OS/2"].usWeightClass = weight
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def _write(target: Path, data: bytes) -> None:
    """Write the cached font so that a reader never sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(target)


def web_font(path: Path, text: str) -> bytes:
    """Return the characters of `text` from the font file at `path`, as WOFF2; the same every time."""
    return _web_font(path, frozenset(text))


@cache
def _web_font(path: Path, characters: frozenset[str]) -> bytes:
    font = TTFont(path, recalcTimestamp=False)
    options = Options(layout_features=["*"], hinting=False, name_IDs=[0, 1, 2, 13, 14])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(c) for c in characters])
    subsetter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()
