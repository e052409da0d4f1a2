"""All formats: nothing is lost, nothing depends on the machine, nothing unknown is passed over."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from rendered import (
    ALL,
    CASES,
    READERS,
    TAGS,
    alternatives_of,
    layout,
    made,
    package,
    page,
    shown,
    spine,
    translated,
    words,
    words_of,
    xml,
)

from pipeline.checks.words import share
from pipeline.document import Inlines, Node, Paragraph, Role, Segment, Text
from pipeline.renderers import FORMATS, Companions

HERE = Path(__file__).parent

# --- Nothing is lost ----------------------------------------------------------------------------

# Between two words of a segment may stand the number of a note, an address, the foot of a page.
GAP = 12


def find(wanted: list[str], text: list[str], start: int) -> int | None:
    """Return the place behind the first occurrence of `wanted`, in its order, from `start` on."""
    for first in (n for n in range(start, len(text)) if text[n] == wanted[0]):
        place = first
        for word in wanted[1:]:
            near = text[place + 1 : place + 1 + GAP]
            if word not in near:
                break
            place += 1 + near.index(word)
        else:
            return place + 1
    return None


@pytest.mark.parametrize(("tag", "edition", "name"), ALL)
def test_every_word_of_every_segment_is_there_in_order(tag: str, edition: str, name: str) -> None:
    document, data = translated(tag), made(tag, edition, name).data
    if name == "pdf" and tag == "ar":
        assert share(document, data, "pdf") >= 0.97, "PDF readers take some Arabic marks out of their words"
        return
    text = words(READERS[name](data))
    front = document.document.front
    wanted = [front.title, front.subtitle, *shown(document, labels=name in ("html", "epub", "pdf"))]
    if name == "txt" or (name == "pdf" and edition != "clear"):
        # The heads of a table turned into records stand beside each of its cells.
        heads = [s for s in wanted if s.role is Role.COLUMN]
        assert all(find(words_of(s), text, 0) for s in heads)
        wanted = [s for s in wanted if s.role is not Role.COLUMN]
    place = 0
    for segment in wanted:
        found = find(words_of(segment), text, place)
        assert found is not None, f"{segment.id} is not behind {' '.join(text[max(0, place - 9) : place])}"
        place = found


def described(data: bytes, name: str) -> list[str]:
    """Return the alternative texts that a file holds."""
    match name:
        case "html":
            return [svg.get("aria-label") for svg in page(data).iter("svg") if svg.get("role") == "img"]
        case "epub":
            members = package(data)
            roots = (xml(members[f"EPUB/{name}"]) for name in spine(members))
            return [s.get("aria-label") for r in roots for s in r.iter("{*}svg") if s.get("role") == "img"]
        case "docx":
            root = xml(package(data)["word/document.xml"])
            return [p.get("descr") for p in root.iter("{*}docPr")]
        case _:
            return [line[1:-1] for line in data.decode().split("\n") if line[:1] == "[" and line[-1:] == "]"]


@pytest.mark.parametrize(("tag", "edition", "name"), [c for c in ALL if c[2] != "pdf"])
def test_every_picture_has_its_alternative_text(tag: str, edition: str, name: str) -> None:
    found = [" ".join(words(text)) for text in described(made(tag, edition, name).data, name)]
    assert found == [" ".join(words(text)) for text in alternatives_of(translated(tag))]


@pytest.mark.parametrize(("tag", "edition"), CASES)
def test_plain_text_is_made_of_lines_not_of_places(tag: str, edition: str) -> None:
    data = made(tag, edition, "txt").data
    text = data.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert "\t" not in text
    assert "\r" not in text
    assert "  " not in text
    assert "\n\n\n" not in text
    assert text.endswith("\n")
    assert all(line == line.strip() for line in text.split("\n"))
    levels = [len(line) - len(line.lstrip("#")) for line in text.split("\n") if line.startswith("#")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_plain_text_shows_addresses_and_notes() -> None:
    text = made("en", "clear", "txt").data.decode()
    assert "a page on tea (https://example.org/tea?a=1&b=2)" in text
    assert "A first note [1] and a second one [2], then the first again [1]." in text
    assert "\n[1] The first note has weight.\n" in text
    assert "Minutes: 2\n" in text
    assert "3. Pour the water.\n4. Wait for 4 minutes." in text
    assert "Name of your contact: ____" in text


# --- Nothing unknown is passed over -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Riddle(Node):
    """A node that no renderer knows."""

    children: Inlines = (Text("riddle"),)


def with_riddle(kind: str) -> Any:
    document = translated("en").document
    riddle = cast(Any, Riddle())
    if kind == "inline":
        riddle = Paragraph(Segment("riddle", Role.PARAGRAPH, (riddle,)))
    return replace(translated("en"), document=replace(document, blocks=(*document.blocks, riddle)))


@pytest.mark.parametrize("kind", ["inline", "block"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_node_that_a_renderer_does_not_know_stops_it(name: str, kind: str) -> None:
    with pytest.raises(AssertionError, match="Riddle"):
        FORMATS[name](with_riddle(kind), layout("en"), Companions())


# --- Nothing depends on the machine -------------------------------------------------------------

# The prefixes of namespaces are shared by all libraries of a process: one of tables gives them names.
DIGESTS = """
import hashlib, sys
import openpyxl
sys.path.insert(0, sys.argv[1])
from rendered import FORMATS, made
for tag in sys.argv[2:]:
    for name in FORMATS:
        print(tag, name, hashlib.sha256(made(tag, "clear", name).data).hexdigest())
"""

MACHINES = [
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C"},
    {"PYTHONHASHSEED": "77", "TZ": "America/Adak", "LC_ALL": "", "LANG": "ar_EG.UTF-8", "COLUMNS": "40"},
]


@pytest.mark.parametrize("machine", range(len(MACHINES)))
def test_the_same_bytes_come_from_every_machine(machine: int) -> None:
    tags = [TAGS[-1 - machine]]
    run = subprocess.run(
        [sys.executable, "-c", DIGESTS, str(HERE), *tags],
        capture_output=True,
        text=True,
        env=os.environ | MACHINES[machine] | {"SOURCE_DATE_EPOCH": "1"},
        timeout=300,
        check=True,
        cwd=HERE.parent,
    )
    here = [
        f"{tag} {name} {hashlib.sha256(made(tag, 'clear', name).data).hexdigest()}"
        for tag in tags
        for name in FORMATS
    ]
    assert run.stdout.split("\n")[:-1] == here


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_come_again(name: str) -> None:
    document = replace(translated("de"))
    companions = Companions()
    first = FORMATS[name](document, layout("de"), companions).data
    assert FORMATS[name](document, layout("de"), companions).data == first
