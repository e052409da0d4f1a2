"""The facts of the content brief: where the leaflet states them, and what is still in question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from pipeline.checks.registry import Finding, check
from pipeline.config import Facts
from pipeline.diagnostics import Location, Severity
from pipeline.document import Document, segments

_PLACE = Location(PurePosixPath("source/facts.toml"))


@check(
    "D020",
    source="the content brief: a fact without a segment is a lost fact",
    suggestion="write the segment that carries the fact, and name it in facts.toml",
)
def mapped(document: Document, facts: Facts) -> Iterator[Finding]:
    """Every fact and every open question names the segments that state it.

    A reviewer ticks the facts off by this list. A fact whose segment was deleted or renamed is
    perhaps no longer in the leaflet, and nobody would notice.
    """
    known = {segment.id for segment in segments(document)}
    for fact in facts.fact:
        if not fact.segments:
            yield Finding(f"{fact.id} has no segment", _PLACE, "name the segments that state it")
        for name in fact.segments:
            if name not in known:
                yield Finding(f"{fact.id} names “{name}”, which is no segment", _PLACE, "correct the id")
    ids = {fact.id for fact in facts.fact}
    for query in facts.query:
        if query.segment not in known:
            yield Finding(
                f"{query.id} names “{query.segment}”, which is no segment", _PLACE, "correct the id"
            )
        if query.fact and query.fact not in ids:
            yield Finding(f"{query.id} is about “{query.fact}”, which is no fact", _PLACE, "correct the id")


@check(
    "D021",
    source="the content brief: open medical queries",
    suggestion="ask a clinician, and record the answer in facts.toml",
    severity=Severity.INFO,
)
def open_queries(document: Document, facts: Facts) -> Iterator[Finding]:
    """Open medical questions are known to everyone who publishes the leaflet.

    Only a clinician may answer them. Until then the wording stays as it is, and the questions go with
    the leaflet.
    """
    places = {segment.id: segment.location for segment in segments(document)}
    for query in facts.query:
        about = f" ({query.fact})" if query.fact else ""
        place = places.get(query.segment) or _PLACE
        yield Finding(f"{query.id}{about} is open: {query.question}", place, "ask a clinician")
