"""How an external program is found and run."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.diagnostics import MissingToolError, ToolError

# Where `./handout validators` puts what Maven and npm bring.
CONFORMANCE = Path(__file__).parent.parent.parent / "tests" / "conformance"

INSTALL = "./handout validators"

_VERSION = re.compile(r"\d+(?:\.\d+)+")


@dataclass(frozen=True, slots=True)
class Found:
    """A tool that is there: its path and version."""

    path: str
    version: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A program: what it is for, how to get it, how to find it."""

    title: str
    purpose: str
    locate: Callable[[], Found | None]
    remedy: str = INSTALL


def find(tool: Tool) -> Found | None:
    """Return where a tool is and its version, or None if it is not there or does not run."""
    return tool.locate()


def require(tool: Tool) -> Found:
    """Return where a tool is. Raises `MissingToolError` with how to get it."""
    found = find(tool)
    if found is None:
        raise MissingToolError(f"{tool.title} is not installed", hint=tool.remedy)
    return found


def on_path(*commands: str, option: str = "--version") -> Callable[[], Found | None]:
    """Return a way to find a program by the names it may have on PATH.

    `option` prints its version. What is there but does not run, as the stand-in for Java on macOS,
    counts as absent.
    """

    def locate() -> Found | None:
        for path in filter(None, map(shutil.which, commands)):
            with suppress(ToolError):
                done = run((path, option), seconds=60)
                if done.returncode == 0:
                    return Found(path, version(done.stdout + done.stderr))
        return None

    return locate


def version(text: str) -> str:
    """Return the first version number in `text`."""
    found = _VERSION.search(text)
    return found[0] if found else "of unknown version"


def run(command: Sequence[str | Path], *, seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a command for at most `seconds`; its output is text, whatever the machine's locale.

    When time is up, or the wait is interrupted, the programs that it started end with it. Raises
    `ToolError` if it cannot be started or does not end in time.
    """
    name = Path(command[0]).name
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env=_environment(),
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(f"{name} cannot be started: {error.strerror or error}") from error
    with process:
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ToolError(f"{name} did not answer within {seconds:g} s") from error
        finally:
            _end(process)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def failure(done: subprocess.CompletedProcess[str]) -> ToolError:
    """Return the error for a program that ended without the answer it was run for."""
    said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
    return ToolError(f"{Path(done.args[0]).name} failed (exit code {done.returncode}): {said[:300]}")


def _environment() -> dict[str, str]:
    """Return the machine's own environment: the PDF renderer hides its fonts from our process alone."""
    return {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}


def _end(process: subprocess.Popen[str]) -> None:
    # The group: LibreOffice and Chromium are scripts that start the program, which would live on.
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
