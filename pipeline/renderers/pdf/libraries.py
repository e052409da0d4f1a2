"""The libraries that WeasyPrint is made with, loaded without a search for what is not there."""

from __future__ import annotations

import ctypes.util
import sys
from contextlib import redirect_stdout, suppress


def load() -> None:
    """Load WeasyPrint with its libraries by the names that they have on Linux.

    It asks for each by the names of other systems first, and each of those is searched for in vain, by a
    program of its own: a quarter of the time that all of it takes to load. Where one is not found so,
    nothing is lost: whoever imports WeasyPrint next has everything searched for.
    """
    if not sys.platform.startswith("linux"):
        return
    search = ctypes.util.find_library
    ctypes.util.find_library = _find_nothing
    try:
        with suppress(OSError), redirect_stdout(None):  # WeasyPrint tells of what it did not find
            # Here, and for nothing else than to have it loaded.
            import weasyprint  # noqa: F401, PLC0415
    finally:
        ctypes.util.find_library = search


def _find_nothing(name: str) -> None:
    """Stand in for a search."""
