"""The folder for the temporary files of a build: gone when the build is, or when the next one begins."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "handout-work-"


class Scratch:
    """A folder in the temporary folder, locked while it is in use.

    The system ends the lock with the process. One without is what a killed build left, and is removed.
    """

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        while True:
            self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            self._handle = os.open(self.folder, os.O_RDONLY)
            with suppress(OSError):  # a file system without locks: then nothing is swept from it either
                fcntl.flock(self._handle, fcntl.LOCK_EX)
            if self.folder.exists():
                return
            os.close(self._handle)  # another build swept it before it was locked

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._handle)


def _sweep(place: Path) -> None:
    with suppress(OSError):
        for folder in place.glob(f"{_PREFIX}*"):
            _remove_left(folder)


def _remove_left(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            # In a folder that all may write into, others' are none of ours.
            if os.fstat(handle).st_uid == os.geteuid():
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)
