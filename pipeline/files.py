"""Files that are written whole or not at all, also where several builds share a folder.

What is not finished is a part: a hidden file that whoever writes it keeps locked. The system ends the
lock with the process, however that ends, so that a part without one is what a killed build left.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX, _SUFFIX = ".", ".part"


def put(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole. Raises `OSError`; what was there before then stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = _begin(path.parent)
    try:
        try:
            _write(handle, data)
            os.fsync(handle)
            os.fchmod(handle, 0o644)
            part.replace(path)  # while it is locked: afterwards it is no part any more
        finally:
            os.close(handle)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _begin(folder: Path) -> tuple[int, Path]:
    """Return a new, locked part in `folder`."""
    while True:
        handle, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX, suffix=_SUFFIX)
        part = Path(name)
        with suppress(OSError):  # a file system without locks: then nothing is swept from it either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if part.exists():
            return handle, part
        os.close(handle)  # another build swept it before it was locked


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def sweep(folder: Path) -> None:
    """Remove the parts that nobody writes any more."""
    for place, _, names in os.walk(folder):
        for name in names:
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                _remove_left(Path(place, name))


def _remove_left(part: Path) -> None:
    with suppress(OSError):  # it is locked, or gone, or in a read-only folder, which may still be up to date
        handle = os.open(part, os.O_RDWR | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
        finally:
            os.close(handle)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have `folder` while no other process that asks for it has it; wait until then."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # whoever writes into it will tell
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
