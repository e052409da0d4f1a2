"""A head start: the processes of a build begin to load while its plan is made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def head_start(root: Path, output: Path, formats: Iterable[str]) -> None:
    """Let processes that make these formats begin to load, if there seems to be something to make.

    A guess by the dates of files: where it is wrong, they load later, or for nothing.
    """
    if _is_outdated(root, output):
        from pipeline.cli.workers import get_ready

        get_ready(formats)


def _is_outdated(root: Path, output: Path) -> bool:
    try:
        listed = (output / "manifest.json").stat().st_mtime
        files = (path for folder in ("source", "translations") for path in (root / folder).rglob("*"))
        return any(path.stat().st_mtime > listed for path in files)
    except OSError:
        return True
