"""The fault table at the end of a run, read from the reports, so that it is right under xdist too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from faults.builds import SEED, Note, Site, Tree, in_peace


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Return a function that notes a fault for the table."""

    def keep(fault: str, times: int, outcome: str) -> None:
        record_property("fault", (fault, times, outcome))

    return keep


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tree, Tree]:
    """Return all that a build makes when it is left in peace: of the source, and of the changed source."""
    before, after = in_peace(tmp_path_factory.mktemp("undisturbed"))
    assert sorted(before) == sorted(after)
    assert all(before[name] != after[name] for name in before if name.startswith(("en/", "de/")))
    return before, after


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a project to build, and to disturb."""
    return Site(tmp_path / "site")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was done to builds, how often, and what became of it."""
    rows: dict[str, tuple[int, dict[str, None]]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") != "call":
                continue
            noted = [value for name, value in report.user_properties if name == "fault"]
            for fault, times, outcome in noted:
                total, outcomes = rows.get(fault, (0, {}))
                said = outcome if report.passed else f"FAILED: {report.nodeid}"
                rows[fault] = (total + times, outcomes | {said: None})
            if report.failed and not noted and "/faults/" in report.nodeid:
                rows[report.nodeid] = (1, {"FAILED": None})
    if not rows:
        return
    width = max(map(len, rows))
    terminalreporter.section(f"faults, with FAULTS_SEED={SEED}")
    terminalreporter.line(f"{'fault':{width}}  times  outcome")
    for fault, (times, outcomes) in rows.items():
        terminalreporter.line(f"{fault:{width}}  {times:5}  {'; '.join(outcomes)}")
