"""How much of the machine is there for us: processors, memory, and so how many processes are worth it."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# What a process of a build takes at its peak, in bytes, and some room. Measured: 167 MB after a first job,
# 203 MB after all of the leaflet in five languages, then 0.2 MB more with each job; 275 MB with the fonts of
# Chinese and Japanese.
PEAK = 300_000_000

_ROOT = Path("/")


def worthwhile_jobs(root: Path = _ROOT) -> int:
    """Return how many processes are worth it.

    One for each processor: two on one processor only wait for each other. Fewer if the memory that is free
    would not do for all of them: a machine that swaps, or ends them, is slower than one that waits.
    """
    free = free_memory(root)
    return processors(root) if free is None else max(1, min(processors(root), free // PEAK))


def processors(root: Path = _ROOT) -> int:
    """Return how many processors this process may use: by its affinity, and by the quota of its group."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    count = len(allowed) or os.cpu_count() or 1
    for folder in _groups(root, "cpu"):
        quota, period = [*_words(folder / "cpu.max"), "", ""][:2]  # version 2
        if not quota:
            quota = " ".join(_words(folder / "cpu.cfs_quota_us"))
            period = " ".join(_words(folder / "cpu.cfs_period_us"))
        with suppress(ValueError):  # “max”, or nothing: no quota
            if int(quota) > 0:
                count = min(count, -(-int(quota) // int(period)))
    return max(1, count)


def free_memory(root: Path = _ROOT) -> int | None:
    """Return how many bytes of memory are free, on the machine and in the group; None if unknown."""
    found = []
    for line in _lines(root / "proc/meminfo"):
        if line.startswith("MemAvailable:"):
            found.append(int(line.split()[1]) * 1024)
    for folder in _groups(root, "memory"):
        for limit, usage, cache in (
            ("memory.max", "memory.current", "inactive_file"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ):
            with suppress(ValueError):
                most = int(" ".join(_words(folder / limit)))
                used = int(" ".join(_words(folder / usage)))
                # What files were read into is given back when it is wanted.
                stat = dict(line.split()[:2] for line in _lines(folder / "memory.stat"))
                found.append(max(0, most - used + int(stat.get(cache, 0))))
    return min(found, default=None)


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """Yield the control groups that this process is in, and those around them (Linux, versions 1 and 2)."""
    mounted = root / "sys/fs/cgroup"
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, place = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        base = mounted / controller if controllers else mounted
        inner = base / place.lstrip("/")
        # In a container the place may be that of the world outside: then only the base is there.
        yield from (folder for folder in (inner, *inner.parents) if folder.is_relative_to(base))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return []


def _words(path: Path) -> list[str]:
    return " ".join(_lines(path)).split()


def resident() -> int:
    """Return how many bytes of memory this process holds; where that is not told, the most that it held."""
    for line in _lines(Path("/proc/self/status")):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
