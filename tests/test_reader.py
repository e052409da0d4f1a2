"""The reader: the whole dialect, and the stamping of ids."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects_made import FRONT, write_project

from pipeline import document as model
from pipeline.document import Document, Node, NoteKind, TranslatedDocument, segments, walk
from pipeline.reader import open_project, read, stamp
from pipeline.translation import message_text

HERE = Path(__file__).parent
COMPLETE = HERE / "projects" / "complete"
SOURCE = (COMPLETE / "source" / "complete.md").read_text("utf-8")
GOLDEN = HERE / "golden" / "reader" / "complete.txt"


# --- The whole dialect --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def complete() -> Document:
    return read(open_project(COMPLETE))


def test_the_complete_project_has_every_node(complete: Document) -> None:
    kinds = {k for k in vars(model).values() if isinstance(k, type) and issubclass(k, Node)}
    kinds -= {Node, model.Picture}  # which no source has, but an organization's page
    assert {type(node) for node in walk(complete)} == kinds


def test_the_complete_project_has_every_box_with_and_without_heading(complete: Document) -> None:
    boxes = {(n.kind, n.heading is None) for n in walk(complete) if isinstance(n, model.Note)}
    assert boxes == {(kind, bare) for kind in NoteKind for bare in (True, False)}


def outline(node: Node, depth: int = 0) -> Iterator[str]:
    """Yield the tree, one node a line: kind, then whatever is not a child."""
    own: list[str] = []
    children: list[Node] = []
    for spec in dataclasses.fields(node):
        value = getattr(node, spec.name)
        if spec.name == "location" or isinstance(value, TranslatedDocument):
            continue
        if isinstance(value, Node):
            children.append(value)
        elif isinstance(value, tuple) and value and all(isinstance(v, Node) for v in value):
            children += value
        elif value not in (spec.default, (), "") and spec.name not in ("svg", "language", "role", "state"):
            own.append(f"{spec.name}={value!s}")
        elif spec.name in ("language", "role"):
            own.append(f"{getattr(value, 'tag', value)}")
    if children and isinstance(node, model.Segment):
        own.append(f"“{message_text(node.children)}”")
        own += [f"→ {n.target}" for n in walk(node) if isinstance(n, model.Link)]
        own += [f"= {n.expansion}" for n in walk(node) if isinstance(n, model.Abbreviation)]
        children = []
    yield "  " * depth + " ".join([type(node).__name__, *own])
    for child in children:
        yield from outline(child, depth + 1)


def test_the_complete_project_reads_as_it_always_did(complete: Document, tmp_path: Path) -> None:
    made = "\n".join(outline(complete)) + "\n"
    (tmp_path / "complete.txt").write_text(made, "utf-8")
    wanted = GOLDEN.read_text("utf-8")
    assert made == wanted, f"if this is meant to change, copy {tmp_path}/complete.txt to {GOLDEN}"


def test_every_segment_says_where_it_stands(complete: Document) -> None:
    files = {path.name: path.read_text("utf-8").split("\n") for path in COMPLETE.rglob("source/**/*.*")}
    for segment in segments(complete):
        assert segment.location is not None
        lines = files[segment.location.path.name][segment.location.line - 1 :]
        first = re.split(r"\W", model.plain_text(segment.children).strip())[0]
        assert first in lines[0], segment.id


def test_a_note_for_translators_goes_to_the_next_segment_alone(complete: Document) -> None:
    notes = {s.id: s.note for s in segments(complete) if s.note}
    assert notes == {
        "inlines-all": "All sorts of markup stand in this one paragraph.",
        "sorts-caption": "Sorts of tea.",
        "term-kettle": "Any word for a pot with a spout will do.",
        "abbr-who": "Full form of WHO.",
        "abbr-rd": "Full form of R&D. Keep it short.",
    }


# --- Stamping -----------------------------------------------------------------------------------

ID = re.compile(r" \{#[a-z0-9-]+\}(?=$|\]| \|)", re.MULTILINE)
STAMPED = [m.span() for m in ID.finditer(SOURCE) if "![" not in SOURCE[: m.start()].split("\n")[-1]]


@settings(deadline=None)
@given(st.sets(st.sampled_from(STAMPED)))
def test_stamping_gives_each_block_an_id_and_changes_none(removed: set[tuple[int, int]]) -> None:
    text = SOURCE
    for start, end in sorted(removed, reverse=True):
        text = text[:start] + text[end:]
    made, added = stamp(text)
    assert added == len(removed)
    kept = [SOURCE[a:b] for a, b in STAMPED if (a, b) not in removed]
    now = [m[0] for m in ID.finditer(made)]
    assert set(kept) <= set(now)
    assert len(now) == len(set(now)), "every id is new"
    assert ID.sub("", made) == ID.sub("", text), "nothing but ids was added"
    assert stamp(made) == (made, 0)


def test_stamping_a_whole_source_makes_it_readable(tmp_path: Path) -> None:
    text = "## Tea\n\nA drink.\n\n1. Pour.\n2. Wait\n   a while.\n\n> Said.\n\nword\n: meaning\n"
    made, added = stamp(f"{FRONT}\n{text}")
    assert added == 7
    write_project(tmp_path, front=made, body="")
    names = [s.id for s in segments(read(open_project(tmp_path)))]
    wanted = "text-tea text-drink text-pour text-wait-while text-said text-word text-meaning"
    assert names[3:10] == wanted.split()


def test_stamping_does_not_take_the_id_of_a_box() -> None:
    made, _ = stamp(f"{FRONT}\n## Tea {{#tea}}\n\n::: key-facts tea-facts\nText. {{#t}}\n:::\n\nFacts.\n")
    assert "Facts. {#tea-facts-2}" in made


def test_stamping_ends_when_a_heading_has_no_good_id() -> None:
    code = "from pipeline.reader import stamp; print(stamp(open(0).read())[0])"
    text = f"{FRONT}\n## Ärzte {{#Ärzte}}\n\n日本語\n\n日本語\n"
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
        cwd=HERE.parent,
    )
    assert "日本語 {#text}" in run.stdout
    assert "日本語 {#text-2}" in run.stdout
