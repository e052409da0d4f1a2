"""The leaflet of this project, built once in full for all programs that judge it, and what they said."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

from pipeline.diagnostics import ExitCode

Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A line of the table: a validator, how many files passed, had faults, got no verdict; seconds."""

    validator: str
    artefacts: int
    passed: int
    faulty: int
    unknown: int
    complaints: int
    seconds: float


JUDGEMENTS = pytest.StashKey[list[Judgement]]()


@pytest.fixture(scope="session")
def shipped(handout: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build everything there is, as a user does, and return where."""
    folder = tmp_path_factory.mktemp("shipped")
    done = handout("build", "-o", folder)
    assert done.returncode == ExitCode.OK, done.stderr
    return folder


@pytest.fixture(scope="session")
def copies(handout: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the copies of the organizations that the project has as examples, and return where they are."""
    folder = tmp_path_factory.mktemp("copies")
    table = ROOT / "source" / "organisations.csv"
    done = handout("build", "osteopetrosis", "at-a-glance", "--organisations", table, "-o", folder)
    assert done.returncode == ExitCode.OK, done.stderr
    return folder / "organisations"


@pytest.fixture(scope="session")
def variants(handout: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the PDF 2.0 variant of every PDF, and return where.

    On CI a command line that cannot is a failure: a check that did not run must not look like a pass.
    """
    if "--pdf-variant" not in handout("build", "--help").stdout:
        absent("the command line has no --pdf-variant")
    folder = tmp_path_factory.mktemp("variants")
    done = handout("build", "--pdf-variant", "ua-2", "-f", "pdf", "-o", folder)
    assert done.returncode == ExitCode.OK, done.stderr
    return folder


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> Callable[[Judgement], None]:
    """Return a function that adds a line to the table at the end."""
    return request.config.stash.setdefault(JUDGEMENTS, []).append


def absent(what: str) -> None:
    """Skip the test, and say why; on CI, where nothing may be skipped, fail it."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(f"NOT VALIDATED: {what}")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what each validator said of how many artefacts, and how long it took."""
    lines = config.stash.get(JUDGEMENTS, [])
    if not lines:
        return
    terminalreporter.section("reference validators")
    row = "{:<24}{:>10}{:>8}{:>8}{:>12}{:>12}{:>9}"
    heads = ("validator", "artefacts", "passed", "faulty", "no verdict", "complaints", "seconds")
    terminalreporter.write_line(row.format(*heads))
    for one in lines:
        counts = (one.artefacts, one.passed, one.faulty, one.unknown, one.complaints)
        terminalreporter.write_line(row.format(one.validator, *counts, f"{one.seconds:.0f}"))
