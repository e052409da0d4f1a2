"""Run commands and count what they cost. Started as a small process of its own, with the work as JSON.

Linux counts a program's memory from that of the process which starts it, and a process of a pool may
outlive the program that began it: so the one that starts them is small, and adopts orphans.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
# Looking takes time itself: at most a twentieth of it.
_EVERY, _SHARE = 0.05, 20
_PROC = Path("/proc")


def main() -> None:
    """Run the commands of standard input; print the cost."""
    work = json.load(sys.stdin)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    peak = Peak()
    waiting, running = list(reversed(work["commands"])), dict[int, list[str]]()
    started, ended, cpu, largest = time.perf_counter(), 0.0, 0.0, 0
    with tempfile.TemporaryFile() as complaints, peak:
        told = [
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, complaints.fileno(), 2),
        ]
        while True:
            while waiting and len(running) < work["at_once"]:
                command = waiting.pop()
                running[os.posix_spawnp(command[0], command, os.environ, file_actions=told)] = command
            try:
                ended_pid, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            cpu += usage.ru_utime + usage.ru_stime
            largest = max(largest, usage.ru_maxrss)
            command = running.pop(ended_pid, [])
            if command and os.waitstatus_to_exitcode(status):
                complaints.seek(0)
                sys.exit(f"{' '.join(command)} failed:\n{complaints.read()[-3000:].decode(errors='replace')}")
            if command and not running and not waiting:
                ended = time.perf_counter() - started
    alone = largest / (1e6 if sys.platform == "darwin" else 1e3)
    json.dump({"wall": ended, "cpu": cpu, "memory": max(alone, peak.memory)}, sys.stdout)


class Peak:
    """The greatest memory of all descendants together, in MB; what they share counts once."""

    def __init__(self) -> None:
        self.memory = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        if sys.platform == "linux":
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _look(self) -> None:
        pause = _EVERY
        while not self._over.wait(pause):
            begun = time.perf_counter()
            self.memory = max(self.memory, sum(map(_memory, _descendants())))
            pause = max(_EVERY, (time.perf_counter() - begun) * _SHARE)


def _descendants() -> Iterator[str]:
    parents: dict[str, list[str]] = {}
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # The name of the program, in brackets, may hold spaces.
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            parents.setdefault(parent, []).append(folder.name)
    found = [str(os.getpid())]
    for pid in found:
        found += parents.get(pid, [])
    return iter(found[1:])


def _memory(pid: str) -> float:
    with contextlib.suppress(OSError):
        for line in (_PROC / pid / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1e3
    return 0.0


if __name__ == "__main__":
    main()
