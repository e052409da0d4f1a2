"""The shipped facts.toml: every fact of the content brief has its segments, every open question its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import config
from pipeline.checks.facts import mapped, open_queries
from pipeline.config import Facts
from pipeline.diagnostics import Severity
from pipeline.document import Document, Segment, segments
from pipeline.reader import open_project, read

ROOT = Path(__file__).parent.parent
BRIEF = [f"F{n:02}" for n in range(1, 40)]
QUERIES = {"Q1": "F26", "Q2": "F32", "Q3": "F27", "Q4": "F02"}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return config.load(ROOT / "source" / "facts.toml", Facts, root=ROOT)


@pytest.fixture(scope="module")
def leaflet() -> Document:
    return read(open_project(ROOT))


def test_every_fact_of_the_brief_is_mapped_once(facts: Facts) -> None:
    assert [fact.id for fact in facts.fact] == BRIEF
    assert [fact.id for fact in facts.fact if not fact.segments] == []


def test_every_mapped_segment_exists(facts: Facts, leaflet: Document) -> None:
    assert mapped(leaflet, facts).diagnostics == ()


def test_a_fact_whose_segment_goes_is_reported(facts: Facts, leaflet: Document) -> None:
    """Without the segments of one section, each fact that it stated is named."""
    gone = next(b for b in leaflet.blocks if any(s.id == "frequency-population" for s in segments(b)))
    rest = replace(leaflet, blocks=tuple(b for b in leaflet.blocks if b is not gone))
    assert {d.message.split()[0] for d in mapped(rest, facts).diagnostics} == {"F34", "F35", "F36", "F37"}


def test_the_open_questions_are_all_there(facts: Facts, leaflet: Document) -> None:
    assert {query.id: query.fact for query in facts.query} == QUERIES
    found = open_queries(leaflet, facts).diagnostics
    assert [d.message.split()[0] for d in found] == list(QUERIES)
    assert {d.severity for d in found} == {Severity.INFO}
    assert all(d.location and d.location.path.name == "osteopetrosis.md" for d in found)


def test_no_fact_is_stated_only_by_a_heading_or_a_name(facts: Facts, leaflet: Document) -> None:
    by_id: dict[str, Segment] = {s.id: s for s in segments(leaflet)}
    for fact in facts.fact:
        assert any(by_id[name].role not in ("heading", "caption") for name in fact.segments), fact.id
