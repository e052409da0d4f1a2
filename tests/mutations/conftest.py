"""The catch rate at the end of a run. It is read from the reports, so that it is right under xdist too."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many mutations were caught; whatever did not pass was missed, also what crashed."""
    results: dict[str, bool] = {}
    excuses: dict[str, str] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                kept = dict(report.user_properties)
                if "mutation" in kept:
                    results[kept["mutation"]] = report.passed and "excuse" not in kept
                if "excuse" in kept:
                    excuses[kept["mutation"]] = kept["excuse"]
    if results:
        terminalreporter.write_line(f"mutations: {sum(results.values())} of {len(results)} caught")
    for name in (name for name, caught in results.items() if not caught):
        terminalreporter.write_line(
            f"missed: {name}: {excuses.get(name, 'a fault of the rule or of the mutation')}"
        )
