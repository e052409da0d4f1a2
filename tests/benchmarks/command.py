"""What the pipeline costs, beside other programs for the same work. See README.md in this folder."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.machine import facts
from benchmarks.measure import ROOT
from benchmarks.others import Bench
from benchmarks.personal import organisations
from benchmarks.report import Table, as_data, markdown
from benchmarks.tables import from_nothing, nothing_to_do, one_entry_changed

TABLES = "abcd"


def wishes(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return what is asked for on the command line."""
    parser = argparse.ArgumentParser(prog="tests/benchmarks/run.py", description=__doc__)
    parser.add_argument(
        "--table",
        type=lambda text: text.split(","),
        default=list(TABLES),
        metavar="a,b,c,d",
        help="which tables (default: all)",
    )
    parser.add_argument(
        "--organisations",
        type=lambda text: sorted({int(count) for count in text.split(",")}),
        default=[10],
        metavar="10,100,1000",
        help="for how many organizations table d is made (default: 10)",
    )
    parser.add_argument(
        "--sample",
        type=int,
        default=30,
        help="how many documents of a program that is started for each of them (default: 30)",
    )
    parser.add_argument(
        "--json",
        type=Path,
        default=ROOT / "output" / "benchmarks.json",
        help="where to write the figures as JSON (default: output/benchmarks.json)",
    )
    asked = parser.parse_args(arguments)
    if unknown := set(asked.table) - set(TABLES):
        parser.error(f"there is no table {', '.join(sorted(unknown))}")
    if asked.sample < 1 or asked.organisations[0] < 1:
        parser.error("at least one organization and one document are needed")
    return asked


def measured(asked: argparse.Namespace, bench: Bench) -> Iterator[Table]:
    """Measure the tables that are asked for, and yield each as it comes."""
    for letter, table in (("a", from_nothing), ("b", nothing_to_do), ("c", one_entry_changed)):
        if letter in asked.table:
            yield table(bench)
    if "d" in asked.table:
        yield from organisations(bench, asked.organisations)


def main() -> None:
    """Print the tables, and write them as JSON."""
    asked = wishes()
    machine = facts()
    for name, value in machine.items():
        _say(f"- {name}: {value}")
    _say("")
    tables = []
    with tempfile.TemporaryDirectory(prefix="handout-benchmark-") as folder:
        for table in measured(asked, Bench(Path(folder), asked.sample)):
            _say(markdown(table))
            tables.append(table)
            asked.json.parent.mkdir(parents=True, exist_ok=True)
            told = {"machine": machine, "tables": as_data(tables)}
            asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
