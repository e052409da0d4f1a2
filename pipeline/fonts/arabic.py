"""An Arabic face baked so that the text of a printed page can be read back.

A PDF reader orders what it finds by place, letter after letter. Two habits of Arabic fonts defeat
it: one glyph for two letters (lam-alef), whose letters it turns round, and marks that the shaper
shifts over their letter, which it takes for another line or another word. In a baked face each
letter has a glyph of its own on the line, and each mark has one glyph for every place that it can
have, the shift drawn into it. The page looks the same but for a mended fault of the face.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fontTools.otlLib.builder import buildAnchor, buildLookup, buildMarkBasePosSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from pipeline.fonts.glyphs import glyph_names_text, subtables
from pipeline.fonts.naming import rename
from pipeline.fonts.places import Pair, PlacedMark, Shift, are_letters, placed_marks
from pipeline.fonts.rules import IGNORE_MARKS, Rule, add, add_chain, add_single, add_to_feature

NOTE = (
    "Modified version of {family}. Letters that shared a glyph have one each, and marks are placed by"
    " substitution, so that the text of a PDF file can be read back. The shapes are those of the original."
)

_BASE, _MARK = 1, 3

# The advance of a placed mark, in font units. A letter and its mark that begin at the very same
# point have no order: poppler then splits the word. Joined letters overlap by more than this.
_HAIR = 1
_LIGATURE, _KERNING, _MARK_TO_MARK = 4, 2, 6
_ROUND_TO_GRID = 0x0004
_BOLD = 600

# Always applied, after the forms inside a word are chosen; a reader of the text cannot switch it off.
_FEATURE = "rlig"


def bake(path: Path, *, family: str) -> bytes:
    """Return the Arabic font at `path`, baked and renamed to `family`; the same bytes every time."""
    font = TTFont(path, recalcTimestamp=False)
    texts = glyph_names_text(font)
    pairs = _separate(font, texts)
    marks = placed_marks(font, texts, pairs)
    _add_glyphs(font, pairs, marks)
    add_to_feature(font, "GSUB", _FEATURE, [_pair_rules(font, pairs), _mark_rules(font, marks)])
    add_to_feature(font, "GPOS", "mark", [_marks_on_marks(font, marks)])
    _keep_kerning(font, pairs)
    _finish(font, family)
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def _separate(font: TTFont, texts: Mapping[str, str]) -> tuple[Pair, ...]:
    """Take every rule out of the font that joins letters to one glyph; return the joined pairs.

    Longer ligatures (the name of God, the rial sign) are only dropped: their letters join up anyway.
    """
    pairs: dict[tuple[str, str], str] = {}
    for subtable in subtables(font, "GSUB", _LIGATURE):
        for first in list(subtable.ligatures):
            kept = []
            for ligature in subtable.ligatures.pop(first):
                letters = _letters_of(font, (first, *ligature.Component), texts)
                if len(letters) < 2:
                    kept.append(ligature)
                elif len(letters) == 2 and len(ligature.Component) == 1:
                    pairs.setdefault((first, letters[1]), ligature.LigGlyph)
            if kept:
                subtable.ligatures[first] = kept
    return tuple(Pair(*letters, shared, font["hmtx"][shared][0]) for letters, shared in sorted(pairs.items()))


def _letters_of(font: TTFont, glyphs: Iterable[str], texts: Mapping[str, str]) -> list[str]:
    """Return the glyphs that are one Arabic letter each; none if others than marks are among them."""
    classes = font["GDEF"].table.GlyphClassDef.classDefs
    letters = [glyph for glyph in glyphs if classes.get(glyph) != _MARK]
    whole = all(are_letters(texts.get(glyph)) and len(texts[glyph]) == 1 for glyph in letters)
    return letters if whole else []


def _add_glyphs(font: TTFont, pairs: Iterable[Pair], marks: Iterable[PlacedMark]) -> None:
    """Add the new glyphs after the old ones, whose numbers stay."""
    # Glyph → what it draws, shifted how far; its advance; its class.
    new: dict[str, tuple[str, Shift, int, int]] = {}
    for pair in pairs:
        new[pair.right] = "", (0, 0), pair.width - pair.left_width, _BASE
        new[pair.left] = pair.shared, (0, 0), pair.left_width, _BASE
    for mark in marks:
        # Were it a mark still, the shaper would take its advance away.
        new[mark.name] = mark.mark, (mark.shift[0] + _HAIR, mark.shift[1]), _HAIR, _BASE
    outlines, classes = font["glyf"], font["GDEF"].table.GlyphClassDef.classDefs
    order = [*font.getGlyphOrder(), *new]
    font.setGlyphOrder(order)
    outlines.glyphOrder = order
    for name, (drawn, shift, advance, kind) in new.items():
        glyph = _glyph(drawn, shift)
        outlines.glyphs[name] = glyph
        glyph.recalcBounds(outlines)
        font["hmtx"][name] = advance, glyph.xMin if drawn else 0
        classes[name] = kind


def _glyph(drawn: str, shift: Shift) -> Glyph:
    """Return a glyph that draws another one shifted, or nothing."""
    glyph = Glyph()
    glyph.numberOfContours = 0
    if drawn:
        component = GlyphComponent()
        component.glyphName, component.flags = drawn, _ROUND_TO_GRID
        component.x, component.y = shift
        glyph.numberOfContours, glyph.components = -1, [component]
    return glyph


def _pair_rules(font: TTFont, pairs: Iterable[Pair]) -> int:
    """Add the rules that give each letter of a pair its glyph, whatever marks stand between them."""
    firsts: dict[str, dict[str, str]] = {}
    seconds: dict[str, dict[str, str]] = {}
    for pair in pairs:
        firsts.setdefault(pair.second, {})[pair.first] = pair.right
        seconds.setdefault(pair.first, {})[pair.second] = pair.left
    before = {second: add_single(font, mapping) for second, mapping in firsts.items()}
    after = {first: add_single(font, mapping) for first, mapping in seconds.items()}
    rules = [Rule(([p.first], [p.second]), (before[p.second], after[p.first])) for p in pairs]
    return add_chain(font, rules, flags=IGNORE_MARKS)


def _mark_rules(font: TTFont, marks: Iterable[PlacedMark]) -> int:
    """Add the rules that put each mark in its place beside the letter before it."""
    slots: dict[int, dict[str, str]] = {}
    together: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for mark in marks:
        slots.setdefault(mark.slot, {})[mark.mark] = mark.name
        together.setdefault((mark.letters, mark.slot), []).append(mark.mark)
    lookups = {slot: add_single(font, mapping) for slot, mapping in slots.items()}
    return add_chain(
        font,
        [Rule((glyphs,), (lookups[slot],), before=letters) for (letters, slot), glyphs in together.items()],
    )


def _marks_on_marks(font: TTFont, marks: Iterable[PlacedMark]) -> int:
    """Add the rule that puts a second mark on a placed one, where it stood on the mark before."""
    order = font.getReverseGlyphMap()
    attached = []
    for subtable in subtables(font, "GPOS", _MARK_TO_MARK):
        upper = zip(subtable.Mark1Coverage.glyphs, subtable.Mark1Array.MarkRecord, strict=True)
        lower = dict(zip(subtable.Mark2Coverage.glyphs, subtable.Mark2Array.Mark2Record, strict=True))
        carriers = {m.name: _moved(lower[m.mark].Mark2Anchor, m.shift) for m in marks if m.mark in lower}
        movers = {glyph: (record.Class, record.MarkAnchor) for glyph, record in upper}
        attached.append(buildMarkBasePosSubtable(movers, carriers, order))
    return add(font, "GPOS", buildLookup(attached))


def _moved(anchors: Iterable[Any], shift: Shift) -> dict[int, Any]:
    """Return the anchor of each class of marks, moved as the glyph that it belongs to was."""
    return {
        number: buildAnchor(anchor.XCoordinate + shift[0] + _HAIR, anchor.YCoordinate + shift[1])
        for number, anchor in enumerate(anchors)
        if anchor is not None
    }


def _keep_kerning(font: TTFont, pairs: Iterable[Pair]) -> None:
    """Kern before a pair's first glyph as before the shared one."""
    for subtable in (s for s in subtables(font, "GPOS", _KERNING) if s.Format == 2):
        classes = subtable.ClassDef2.classDefs
        classes.update({p.right: classes[p.shared] for p in pairs if p.shared in classes})


def _finish(font: TTFont, family: str) -> None:
    """Name the font; drop the signature, which fits no more, and the names of glyphs, which nobody reads."""
    original = font["name"].getBestFamilyName()
    rename(font, family=family, bold=font["OS/2"].usWeightClass >= _BOLD, note=NOTE.format(family=original))
    font["post"].formatType = 3.0
    if "DSIG" in font:
        del font["DSIG"]
