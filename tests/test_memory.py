"""What is remembered is found again as it was made, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import memory
from pipeline.memory import forget, remember_in, remembered


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = list(memory._PLACE)
    remember_in(tmp_path / "pieces", "program 1")
    yield tmp_path / "pieces"
    memory._PLACE[:] = before


class Maker:
    """Makes other bytes each time."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> bytes:
        self.made += 1
        return f"picture {self.made}".encode()


def test_what_was_made_is_found_again(folder: Path) -> None:
    make = Maker()
    assert [remembered(make, "a", "b") for _ in range(3)] == [b"picture 1"] * 3
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("parts", [("a",), ("b", "a"), ("ab",), ("a", "b", "")])
def test_other_parts_make_another_thing(parts: tuple[str, ...], folder: Path) -> None:
    make = Maker()
    remembered(make, "a", "b")
    assert remembered(make, *parts) == b"picture 2"


def test_another_program_finds_nothing(folder: Path) -> None:
    make = Maker()
    remembered(make, "a")
    remember_in(folder, "program 2")
    assert remembered(make, "a") == b"picture 2"


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 40, None])
def test_what_is_damaged_is_made_anew(damage: bytes | None, folder: Path) -> None:
    make = Maker()
    remembered(make, "a")
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    assert remembered(make, "a") == b"picture 2"
    assert remembered(make, "a") == b"picture 2"


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    remember_in(tmp_path / "file" / "pieces", "program 1")
    make = Maker()
    assert [remembered(make, "a"), remembered(make, "a")] == [b"picture 1", b"picture 2"]


def test_without_a_folder_nothing_is_kept(folder: Path) -> None:
    memory._PLACE.clear()
    make = Maker()
    assert [remembered(make, "a"), remembered(make, "a")] == [b"picture 1", b"picture 2"]


def test_what_was_not_used_for_longest_is_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST", 4)
    monkeypatch.setattr(memory, "_LEFT", 2)
    make = Maker()
    for name in "abcde":
        remembered(make, name)
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (ord(name), ord(name)))
    remembered(make, "a")  # used again: the newest of all
    forget(folder)
    assert [remembered(make, name) for name in "ae"] == [b"picture 1", b"picture 5"]
    assert len(list(folder.iterdir())) == 2
    forget(folder / "absent")
