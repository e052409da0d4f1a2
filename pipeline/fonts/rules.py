"""Layout rules written into a font's tables: which glyph gives way to which, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fontTools.otlLib.builder import buildCoverage, buildLookup, buildSingleSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

IGNORE_MARKS = 0x0008


@dataclass(frozen=True, slots=True)
class Rule:
    """Glyphs that stand one after the other, what may stand before them, and each one's lookup."""

    glyphs: tuple[Iterable[str], ...]
    lookups: tuple[int, ...]
    before: Iterable[str] = ()


def add(font: TTFont, table: str, lookup: Any) -> int:
    """Add a lookup to a layout table; return its number."""
    every = font[table].table.LookupList
    every.Lookup.append(lookup)
    every.LookupCount = len(every.Lookup)
    number: int = every.LookupCount - 1
    return number


def add_single(font: TTFont, mapping: Mapping[str, str]) -> int:
    """Add a lookup that puts one glyph for another, called by rules only; return its number."""
    return add(font, "GSUB", buildLookup([buildSingleSubstSubtable(dict(mapping))]))


def add_chain(font: TTFont, rules: Sequence[Rule], *, flags: int = 0) -> int:
    """Add a lookup that applies the first rule whose glyphs stand in the text; return its number."""
    order = font.getReverseGlyphMap()
    return add(font, "GSUB", buildLookup([_chain(rule, order) for rule in rules], flags=flags))


def add_to_feature(font: TTFont, table: str, tag: str, lookups: Iterable[int]) -> None:
    """Let a feature apply these lookups, in every script and language that has it."""
    added = set(lookups)
    for record in font[table].table.FeatureList.FeatureRecord:
        if record.FeatureTag == tag:
            feature = record.Feature
            feature.LookupListIndex = sorted(added.union(feature.LookupListIndex))
            feature.LookupCount = len(feature.LookupListIndex)


def _chain(rule: Rule, order: Mapping[str, int]) -> Any:
    chain = otTables.ChainContextSubst()
    chain.Format = 3
    chain.BacktrackCoverage = [buildCoverage(rule.before, order)] if rule.before else []
    chain.InputCoverage = [buildCoverage(glyphs, order) for glyphs in rule.glyphs]
    chain.LookAheadCoverage = []
    chain.SubstLookupRecord = [_call(place, number) for place, number in enumerate(rule.lookups)]
    chain.BacktrackGlyphCount = len(chain.BacktrackCoverage)
    chain.InputGlyphCount = len(chain.InputCoverage)
    chain.LookAheadGlyphCount = 0
    chain.SubstCount = len(chain.SubstLookupRecord)
    return chain


def _call(place: int, number: int) -> Any:
    record = otTables.SubstLookupRecord()
    record.SequenceIndex, record.LookupListIndex = place, number
    return record
