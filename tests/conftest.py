"""What all tests share: projects to work on, tools that may be missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HANDWASH = Path(__file__).parent / "projects" / "handwash"


@pytest.fixture
def needs_tool() -> Callable[[str, str], str]:
    """Return a function that finds a program, or skips the test and says how to get it.

    On CI nothing is skipped: a check that did not run must not look like one that passed.
    """

    def find(command: str, remedy: str) -> str:
        path = shutil.which(command)
        if path is not None:
            return path
        message = f"{command} is not installed: {remedy}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)

    return find


@pytest.fixture
def handwash(tmp_path: Path) -> Path:
    """Return a copy of the small, unrelated project that shows that the program knows no leaflet."""
    copy = tmp_path / "handwash"
    shutil.copytree(HANDWASH, copy)
    return copy
