"""Marks in the content of a page: each run of text is an element's content or an artifact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf

from pipeline.renderers.pdf.tagging.placing import Artifact, Place


@contextmanager
def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
    """Mark what is painted inside as `box`'s (takes the place of WeasyPrint's `Stream.marked`).

    The box was given its place before; one without is numbered too, and told of by the gate.
    """
    if stream._tags is None:
        yield
        return
    name, properties = _mark(stream, box, tag)
    pydyf.Stream.begin_marked_content(stream, name, properties)
    try:
        yield
    finally:
        pydyf.Stream.end_marked_content(stream)


def _mark(stream: Any, box: Any, tag: str) -> tuple[str, Any]:
    place = getattr(box, "place", None)
    if isinstance(place, Artifact):
        return "Artifact", pydyf.Dictionary(place.kind)
    number = len(stream._tags)
    stream._tags[box] = number
    properties = pydyf.Dictionary({"MCID": number})
    if isinstance(place, Place) and place.actual_text is not None:
        properties["ActualText"] = pydyf.String(place.actual_text)
    return tag, properties
