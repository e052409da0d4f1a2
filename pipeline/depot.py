"""Depots: stores by URL that several machines share, where each file is put whole or not at all.

A depot holds what an output folder holds, under the same names. Of what the libraries behind the URLs can
reach, only stores that never show half a file are allowed: a local or mounted folder, written as the output
folder is, and S3, whose objects are there whole or not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pipeline.diagnostics import MissingToolError, RenderError, UsageError
from pipeline.store import write

T = TypeVar("T")

# Seconds that a store which is busy, or is being restarted, is given before a job fails.
PATIENT = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
# What it is given while somebody waits at the terminal, and may just have mistyped its name.
BRIEF = (0.5, 1.0, 2.0)

# Waiting does not change these.
_FINAL = (FileNotFoundError, PermissionError, NotImplementedError)


class Depot(Protocol):
    """A shared store. Each file in it is whole, or is not there."""

    def get(self, name: str) -> bytes | None:
        """Return what the file `name` holds, or None if there is none. Raises `RenderError`."""

    def put(self, name: str, data: bytes) -> None:
        """Put `data` at `name`, whole. Raises `RenderError`; what was there before then stays."""


def open_depot(url: str, *, pauses: Sequence[float] = PATIENT) -> Depot:
    """Return the depot at `url`, which is asked again after each of the `pauses` (seconds) if it refuses.

    Raises `UsageError` for a URL that names no such store, `MissingToolError` if what reaches it is not
    installed. Whether the store is there shows when it is first used.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise UsageError(
            f"“{url}” is no URL of a store", hint="write it as file:///a/folder or s3://bucket/folder"
        )
    if scheme == "file":
        if not rest.startswith("/"):
            raise UsageError(f"“{url}” names no folder", hint=f"with three slashes: file:///{rest}")
        return _Folder(url, tuple(pauses), Path(rest))
    if scheme != "s3":
        raise UsageError(
            f"“{scheme}” is no kind of store that holds each file whole or not at all",
            hint="write it as file:///a/folder or s3://bucket/folder",
        )
    if not rest.strip("/"):
        raise UsageError(f"“{url}” names no bucket", hint="write it as s3://bucket/folder")
    try:
        import s3fs  # noqa: PLC0415 (of the extra: only who uses S3 has it)
    except ImportError as error:
        raise MissingToolError("what reaches S3 is not installed", hint="./handout cluster") from error
    # The endpoint and the credentials come from the environment and the files that every client of S3 reads.
    # One request an object: in parts, an object that is being replaced could be read as half of each.
    return _Objects(url, tuple(pauses), rest.strip("/"), s3fs.S3FileSystem(max_concurrency=1))


@dataclass(frozen=True, slots=True)
class _Folder:
    url: str
    pauses: tuple[float, ...]
    folder: Path

    def get(self, name: str) -> bytes | None:
        return _persist(self.url, "read", self.pauses, (self.folder / name).read_bytes)

    def put(self, name: str, data: bytes) -> None:
        _persist(self.url, "written", self.pauses, lambda: write(self.folder / name, data))


@dataclass(frozen=True, slots=True)
class _Objects:
    url: str
    pauses: tuple[float, ...]
    place: str
    system: Any  # s3fs ships no types

    def get(self, name: str) -> bytes | None:
        return _persist(
            self.url, "read", self.pauses, lambda: bytes(self.system.cat_file(f"{self.place}/{name}"))
        )

    def put(self, name: str, data: bytes) -> None:
        _persist(
            self.url, "written", self.pauses, lambda: self.system.pipe_file(f"{self.place}/{name}", data)
        )


def _persist(url: str, what: str, pauses: Sequence[float], attempt: Callable[[], T]) -> T | None:
    """Return what the attempt gives, or None where a file to be read is not there. Raises `RenderError`."""
    for pause in (*pauses, None):
        try:
            return attempt()
        except Exception as error:  # each library has its own
            cause = error.__cause__ if isinstance(error, RenderError) and error.__cause__ else error
            if isinstance(cause, FileNotFoundError) and what == "read":
                return None
            if pause is None or isinstance(cause, _FINAL):
                reason = (
                    getattr(cause, "strerror", None) or " ".join(str(cause).split()) or type(cause).__name__
                )
                raise RenderError(
                    f"the store {url} cannot be {what}: {reason[:300]}",
                    hint="see whether it is there and may be used; the next build goes on from what it holds",
                ) from error
            time.sleep(pause)
    raise AssertionError("unreachable")
