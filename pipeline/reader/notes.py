"""Endnotes: `[^id]: text` in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.tree import SyntaxTreeNode

from pipeline.document import EndNote, Role
from pipeline.reader.inlines import read_segment
from pipeline.reader.reading import SEGMENT_ID, Reading

_NOTE = re.compile(r" {0,3}\[\^([^\]]+)\]:")


def check_notes(env: dict[str, dict[str, dict[str, int]]], body: str, reading: Reading) -> None:
    """Find the notes that markdown-it leaves out without a word: uncalled ones, and doubles."""
    calls = env.get("footnotes", {}).get("refs", {})
    seen: set[str] = set()
    for line, text in enumerate(body.split("\n")):
        found = _NOTE.match(text)
        if found is None or f":{found[1]}" not in calls:
            continue
        label = found[1]
        if calls[f":{label}"] < 0:
            reading.fault("S021", f"nothing refers to the note “{label}”", line=line)
        if not SEGMENT_ID.fullmatch(label):
            reading.fault("S002", f"“{label}” is not an id", line=line, hint="use a–z, 0–9 and hyphens")
        if label in seen:
            reading.fault(
                "S003", f"the note “{label}” is told twice", line=line, hint="delete one of the two"
            )
        seen.add(label)


def _line(note: SyntaxTreeNode) -> int:
    return next((part.map[0] for part in note.walk() if part.map), 0)


def end_notes(blocks: list[SyntaxTreeNode], reading: Reading) -> Iterator[EndNote]:
    """Yield the notes, in the order of their first call."""
    for block in blocks:
        for note in block.children:
            paragraphs = [n for n in note.children if n.type == "paragraph"]
            if len(paragraphs) != 1 or len(note.children) > 2:
                reading.fault("S022", "a note is one paragraph", line=_line(note))
                continue
            text = read_segment(paragraphs[0].children[0], Role.NOTE, reading)
            yield EndNote(str(note.meta["label"]), text, location=text.location)
