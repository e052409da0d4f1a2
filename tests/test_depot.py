"""Depots: what is put there is whole, one that refuses is asked again, a URL that is none is said to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clusters import Bucket

from pipeline import depot
from pipeline.depot import open_depot
from pipeline.diagnostics import PipelineError, RenderError, UsageError


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    server = Bucket()
    yield server
    server.close()


@pytest.fixture
def s3(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    for name, value in bucket.env.items():
        monkeypatch.setenv(name, value)
    return bucket


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses that are made from now on; none of them takes time."""
    made: list[float] = []
    monkeypatch.setattr("pipeline.depot.time.sleep", made.append)
    return made


def test_a_folder(tmp_path: Path) -> None:
    store = open_depot(f"file://{tmp_path}/a store")
    assert store.get("en/a.pdf") is None
    store.put("en/a.pdf", b"first")
    store.put("en/a.pdf", b"second")
    assert store.get("en/a.pdf") == b"second"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.pdf"]


def test_a_bucket(s3: Bucket) -> None:
    store = open_depot("s3://leaflets/some/where")
    assert store.get("en/a.pdf") is None
    store.put("en/a.pdf", b"first")
    store.put("en/a.pdf", b"")
    assert store.get("en/a.pdf") == b""
    assert s3.files("some/where") == {"en/a.pdf": b""}


def test_a_bucket_that_refuses_for_a_moment(s3: Bucket) -> None:
    s3.refusals = 7  # more often than the library itself asks again
    open_depot("s3://leaflets/busy", pauses=(0.0, 0.0)).put("a", b"data")
    assert (s3.refusals, s3.files("busy")) == (0, {"a": b"data"})


def test_no_such_bucket(s3: Bucket, pauses: list[float]) -> None:
    store = open_depot("s3://nowhere/x")
    with pytest.raises(RenderError, match=r"s3://nowhere/x cannot be written: .*bucket does not exist"):
        store.put("a", b"data")
    assert pauses == []  # waiting would not help


def failing(times: int, error: OSError) -> Callable[[Path, bytes], None]:
    """Return what stands in for the writing of a file on a disk that fails so often."""
    left = [error] * times

    def write(path: Path, data: bytes) -> None:
        if left:
            raise RenderError("the file cannot be written") from left.pop()
        path.write_bytes(data)

    return write


def test_a_folder_that_refuses_for_a_moment(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_depot(f"file://{tmp_path}")
    monkeypatch.setattr(depot, "write", failing(3, OSError(5, "Input/output error")))
    store.put("a", b"data")
    assert store.get("a") == b"data"
    assert pauses == sorted(set(pauses))  # each longer than the last
    assert len(pauses) == 3


def test_a_folder_that_goes_on_refusing(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_depot(f"file://{tmp_path}")
    monkeypatch.setattr(depot, "write", failing(99, OSError(5, "Input/output error")))
    with pytest.raises(RenderError, match="cannot be written: Input/output error"):
        store.put("a", b"data")
    assert pauses == list(depot.PATIENT)
    assert sum(pauses) < 60


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/a/folder", "is no URL of a store"),
        ("file://a/folder", "names no folder"),
        ("ftp://host/folder", "“ftp” is no kind of store"),
        ("s3://", "names no bucket"),
    ],
)
def test_a_url_that_is_none(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        open_depot(url)
    assert isinstance(caught.value, PipelineError)
    assert caught.value.diagnostics[0].hint
