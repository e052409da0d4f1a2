"""What a typeface covers, and how big its letters really are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz
from fontTools.ttLib import TTFont

from pipeline.fonts.typeface import Typeface

# The letters whose height above the baseline stands for a script's letter size. For Latin, Greek
# and Cyrillic that is the x-height; scripts without one get the mean ink height of letters
# without ascender ("derived": no standard gives a number for them).
_BODY_LETTERS = {
    "Latn": "xzvw",
    "Cyrl": "хинк",
    "Grek": "χκν",
    "Arab": "دروهمسنص",
    "Hebr": "אבהחמרתש",
    "Deva": "कगतनपमरस",
    "Jpan": "あのまる日本国語",
    "Hans": "中国日本文字",
    "Hant": "中國日本文字",
    "Kore": "가나다마바사",
}


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character that no face of a stack can show, and the first face that lacks it."""

    character: str
    family: str

    def __str__(self) -> str:
        name = unicodedata.name(self.character, "unnamed character")
        return f"U+{ord(self.character):04X} {name} is not in {self.family}"


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


@lru_cache(maxsize=8192)
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
    if text and coverage(faces[0].regular).issuperset(map(ord, text)):
        yield text, faces[0]
        return
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
