"""The output folder: files whole or not at all, records that are believed only when they are sound."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diagnostics import ExitCode, RenderError
from pipeline.remarks import Remark, RuleOutcome
from pipeline.store import (
    Record,
    changed,
    is_whole,
    read_record,
    record_path,
    sha256,
    sweep,
    write,
    write_record,
)

NAME = "sv/leaflet-clear.pdf"
DATA = b"artefact"
RECORD = Record(
    stamp="s",
    inputs={"text": "t", "fonts": "f"},
    digest=sha256(DATA),
    size=len(DATA),
    title="Titel",
    status="draft",
    pages=2,
    page_of={"title": 1},
    findings=(Remark(rule="R001", severity="warn", message="m", hint="h"),),
    outcomes=(RuleOutcome(rule="R002", verdict="pass"),),
)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_write_makes_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "c.txt", b"1")
    write(tmp_path / "a" / "b" / "c.txt", b"22")
    assert everything(tmp_path) == {"a/b/c.txt": b"22"}


def test_written_files_can_be_read_by_others(tmp_path: Path) -> None:
    write(tmp_path / "c.txt", b"1")
    assert (tmp_path / "c.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "c.txt"
    write(path, b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*{"fsync": (os, "fsync", full), "replace": (Path, "replace", full)}[step])
    with pytest.raises(RenderError, match=r"c\.txt cannot be written: No space left on device") as caught:
        write(path, b"new")
    assert caught.value.exit_code == ExitCode.RENDER
    assert caught.value.diagnostics[0].hint
    assert everything(tmp_path) == {"c.txt": b"old"}


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a file")
    with pytest.raises(RenderError, match="cannot be written"):
        write(tmp_path / "a" / "c.txt", b"1")
    (tmp_path / "d").mkdir()
    with pytest.raises(RenderError, match="cannot be written"):
        write(tmp_path / "d", b"1")
    assert everything(tmp_path) == {"a": b"a file"}


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    assert read_record(tmp_path, NAME) is None
    write_record(tmp_path, NAME, RECORD)
    assert read_record(tmp_path, NAME) == RECORD


def test_a_record_lies_apart_from_the_artefacts(tmp_path: Path) -> None:
    write_record(tmp_path, NAME, RECORD)
    assert [name.split("/")[0] for name in everything(tmp_path)] == [".handout"]


@given(cut=st.integers(min_value=0))
def test_a_torn_record_reads_as_absent(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("torn")
    write_record(folder, NAME, RECORD)
    path = record_path(folder, NAME)
    whole = path.read_bytes()
    path.write_bytes(whole[: cut % len(whole)])
    assert read_record(folder, NAME) is None


@given(garbage=st.binary())
def test_garbage_reads_as_absent(tmp_path_factory: pytest.TempPathFactory, garbage: bytes) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    record_path(folder, NAME).parent.mkdir(parents=True)
    record_path(folder, NAME).write_bytes(garbage)
    assert read_record(folder, NAME) is None


@pytest.mark.parametrize("text", ["{}", "[]", "null", '{"stamp": 1}', '{"digest": null, "size": "x"}'])
def test_json_that_is_no_record_reads_as_absent(tmp_path: Path, text: str) -> None:
    write(record_path(tmp_path, NAME), text.encode())
    assert read_record(tmp_path, NAME) is None


def test_a_folder_in_the_place_of_a_record_reads_as_absent(tmp_path: Path) -> None:
    record_path(tmp_path, NAME).mkdir(parents=True)
    assert read_record(tmp_path, NAME) is None


def test_whole_means_the_very_bytes(tmp_path: Path) -> None:
    assert not is_whole(tmp_path, NAME, RECORD)
    write(tmp_path / NAME, DATA)
    assert is_whole(tmp_path, NAME, RECORD)
    write(tmp_path / NAME, DATA[:-1])
    assert not is_whole(tmp_path, NAME, RECORD)
    write(tmp_path / NAME, DATA[:-1] + b"?")  # as long, yet another
    assert not is_whole(tmp_path, NAME, RECORD)


def test_changed_names_what_differs() -> None:
    assert changed({"a": "1", "b": "2"}, {"b": "2", "a": "1"}) == ()
    assert changed({"a": "1", "b": "2", "old": "3"}, {"a": "1", "b": "x", "new": "4"}) == ("b", "new", "old")


def test_sweep_takes_what_killed_builds_left_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / NAME, DATA)
    write(tmp_path / "parts.part", b"a reader's own")
    write(tmp_path / "sv" / ".x.part", b"half")
    write(record_path(tmp_path, NAME).with_name(".y.part"), b"half")
    sweep(tmp_path)
    assert everything(tmp_path) == {NAME: DATA, "parts.part": b"a reader's own"}
    sweep(tmp_path / "not there")
