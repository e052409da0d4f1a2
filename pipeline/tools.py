"""External programs: is it there, which version, run it with a time limit.

None of them is needed to build; each proves something about what was built.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.diagnostics import MissingToolError


@dataclass(frozen=True, slots=True)
class Tool:
    """A program: the names it may have on PATH, the option that prints its version, what it is for."""

    title: str
    commands: tuple[str, ...]
    version_option: str
    purpose: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Found:
    """A tool that is there: its path and version."""

    path: str
    version: str


GIT = Tool("Git", ("git",), "--version", "keeping a language on an earlier edition", "apt install git")

TOOLS = (
    GIT,
    Tool("poppler", ("pdftotext",), "-v", "reading PDFs back", "apt install poppler-utils"),
    Tool("GNU gettext", ("msgfmt",), "--version", "a second opinion on PO files", "apt install gettext"),
    Tool(
        "LibreOffice",
        ("soffice", "libreoffice"),
        "--version",
        "opening Word files",
        "apt install libreoffice-writer-nogui",
    ),
    Tool(
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome"),
        "--version",
        "looking at web pages",
        "apt install chromium",
    ),
)

_VERSION = re.compile(r"\d+(?:\.\d+)+")


def find(tool: Tool) -> Found | None:
    """Return where a tool is and its version, or None if it is not on PATH."""
    path = next((p for name in tool.commands if (p := shutil.which(name))), None)
    if path is None:
        return None
    done = run((path, tool.version_option), seconds=30)
    found = _VERSION.search(done.stdout + done.stderr)
    return Found(path, found[0] if found else "of unknown version")


def require(tool: Tool) -> Found:
    """Return where a tool is. Raises `MissingToolError` with how to get it."""
    found = find(tool)
    if found is None:
        raise MissingToolError(f"{tool.title} is not installed", hint=tool.remedy)
    return found


def _environment() -> dict[str, str]:
    """Return the machine's own environment: the PDF renderer hides its fonts from our process alone."""
    return {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}


def run(command: Sequence[str], *, seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a command for at most `seconds`; its output is text.

    Raises `MissingToolError` if it does not end in time.
    """
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired as error:
        raise MissingToolError(f"{command[0]} did not answer within {seconds:g} s") from error
