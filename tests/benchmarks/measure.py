"""What programs cost: the time on the clock, the time of the processors, the greatest memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CORES = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1

Command = Sequence[str | Path]

_WATCH = Path(__file__).with_name("watch.py")


@dataclass(frozen=True, slots=True)
class Cost:
    """What some work took: seconds on the clock, seconds of processors, the greatest memory in MB."""

    wall: float
    cpu: float
    memory: float

    def times(self, factor: float) -> Cost:
        """Return the cost of `factor` times the work; memory stays as it is."""
        return Cost(self.wall * factor, self.cpu * factor, self.memory)

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


NOTHING = Cost(0.0, 0.0, 0.0)


def run(*commands: Command, cwd: Path = ROOT, at_once: int = CORES) -> Cost:
    """Run commands, `at_once` at a time; return what all of them and their descendants cost.

    Their output goes nowhere. A command that fails ends the benchmark.
    """
    work = {"commands": [list(map(str, command)) for command in commands], "at_once": at_once}
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(_WATCH)],
        input=json.dumps(work),
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr.strip() or "a command of the benchmark failed")
    return Cost(**json.loads(done.stdout))
