"""What is costly to make and always the same: made once, then found again in a folder.

Pictures and web fonts depend on few words of a leaflet. Another handout, another paper and the build
after the next change need the very same ones. A file of the folder holds the digest of what it holds:
one that is torn or damaged is made anew. Nothing fails because the folder cannot be written.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from pipeline.files import put

# How many things are kept, and how many are left when there are more: those that were used last.
_MOST, _LEFT = 600, 400

_DIGEST = hashlib.sha256().digest_size

# The folder and the stamp that `remember_in` was told, if any.
_PLACE: list[tuple[Path, str]] = []


def remember_in(folder: Path, stamp: str) -> None:
    """Keep in `folder` what `remembered` makes from now on.

    `stamp` says which program makes it: what another one has made is not found.
    """
    _PLACE[:] = [(folder, stamp)]


def remembered(make: Callable[[], bytes], *parts: str) -> bytes:
    """Return what `make` returns: found again, if it was made from the same `parts` before."""
    if not _PLACE:
        return make()
    folder, stamp = _PLACE[0]
    name = hashlib.sha256(repr((stamp, *parts)).encode()).hexdigest()
    path = folder / name[:40]
    found = _read(path)
    if found is None:
        found = make()
        _write(path, found)
    return found


@cache
def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file that does not change while the program runs. Raises `OSError`."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def forget(folder: Path) -> None:
    """Remove from `folder` what has not been used for longest, if it holds too much."""
    with suppress(OSError):
        ages = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(folder)]
        for _, path in sorted(ages, reverse=True)[_LEFT:] if len(ages) > _MOST else ():
            with suppress(OSError):
                Path(path).unlink()


def _read(path: Path) -> bytes | None:
    """Return what a file holds, or None if it is not there, or not as it was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, content = data[:_DIGEST], data[_DIGEST:]
    if hashlib.sha256(content).digest() != digest:
        return None
    with suppress(OSError):
        os.utime(path)  # used today
    return content


def _write(path: Path, content: bytes) -> None:
    with suppress(OSError):
        put(path, hashlib.sha256(content).digest() + content)
