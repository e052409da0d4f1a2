"""The folder for the temporary files of a build: gone when the build is, or when the next one begins."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

_PREFIX = "handout-work-"

# multiprocessing removes its own folder, which lies in ours, at -100.
_AFTER_ALL_OTHERS = -200


@cache
def scratch() -> Path:
    """Return a folder in the temporary folder that all temporary files of this process go into from now on.

    It is locked while it is in use. The system ends the lock with the process, however that ends: a folder
    without one is what a killed build left. Raises `OSError`.
    """
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        handle = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # a file system without locks: then nothing is swept from it either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if folder.exists():
            break
        os.close(handle)  # another build swept it before it was locked
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)  # for the programs that libraries run, too
    Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=_AFTER_ALL_OTHERS)
    return folder


def sweep_scratch() -> None:
    """Remove such folders of killed builds."""
    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
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
