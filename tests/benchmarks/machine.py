"""On what the benchmark runs: without these facts its seconds say nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import CORES
from benchmarks.rivals import pandoc_program
from pipeline import __version__


def facts() -> dict[str, str]:
    """Return the facts of this machine and the versions of all programs."""
    return {
        "processor": f"{_processor()}, {CORES} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "system": platform.platform(terse=True),
        "busy with other work": f"{os.getloadavg()[0]:.1f} processes on average in the last minute",
        "Python": platform.python_version(),
        "handout": __version__,
        "WeasyPrint": _version("weasyprint"),
        "Typst": _version("typst"),
        "pandoc": _pandoc(),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _pandoc() -> str:
    program = pandoc_program()
    if program is None:
        return "not installed"
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return told.split()[1]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
