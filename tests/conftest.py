"""What all tests share: projects to work on, ways to build them, tools that may be missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline import build
from pipeline.cli import cli
from pipeline.plan import Wishes
from pipeline.report import BuildReport

ROOT = Path(__file__).parent.parent
HANDWASH = Path(__file__).parent / "projects" / "handwash"


@pytest.fixture(scope="session")
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


class Serial(Executor):
    """Does each piece of work at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture(scope="session")
def build_here() -> Callable[..., BuildReport]:
    """Return a function that builds a project in this process."""

    def run(root: Path, wishes: Wishes | None = None, *, output: Path | None = None) -> BuildReport:
        folder = output or root / "output"
        return build.collect(build.build(root, folder, wishes or Wishes(), executor=Serial()))

    return run


@pytest.fixture(scope="session")
def handout_here() -> Callable[..., Result]:
    """Return a function that runs the command line in this process; not for builds that make much."""

    def run(*arguments: str | Path, project: Path | None = None) -> Result:
        chosen = ["--project", str(project)] if project else []
        return CliRunner().invoke(cli, [*chosen, *map(str, arguments)], prog_name="handout")

    return run


@pytest.fixture(scope="session")
def handout() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the command line in a process of its own, as the launcher does."""

    def run(
        *arguments: str | Path,
        project: Path | None = None,
        cwd: Path = ROOT,
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        chosen: list[str | Path] = ["--project", project] if project else []
        return subprocess.run(
            [sys.executable, "-P", "-X", "utf8", "-m", "pipeline", *chosen, *arguments],
            capture_output=True,
            text=True,
            cwd=cwd,
            env=os.environ | (env or {}),
            timeout=600,
            check=False,
        )

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what share of the words came back from each PDF, whichever process measured it."""
    reports = [r for kind in ("passed", "failed", "skipped") for r in terminalreporter.getreports(kind)]
    rows: dict[tuple[str, str, str], dict[str, float | None]] = {}
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == "text comes back":
                handout, tag, edition, reader, found = value
                rows.setdefault((handout, tag, edition), {})[reader] = found
    if not rows:
        return
    readers = list(dict.fromkeys(reader for row in rows.values() for reader in row))
    terminalreporter.section("text comes back: share of whole words")
    terminalreporter.line(f"{'':32}" + "".join(f"{reader:>12}" for reader in readers))
    for place, row in sorted(rows.items()):
        figures = (row.get(reader) for reader in readers)
        cells = ("DID NOT RUN" if f is None else f"{int(f * 10_000) / 10_000:.4f}" for f in figures)
        terminalreporter.line(f"{' '.join(place):32}" + "".join(f"{cell:>12}" for cell in cells))
