"""The Open XML SDK's validator, as the self-contained program that an npm package holds.

It takes one file a run, and ends with 0 whatever it found: its answer is read. The package's own script,
which turns errors into an exit code, would need Node.js for each file.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.diagnostics import ToolError
from pipeline.tools.complaints import Complaint, NoVerdict, Verdict
from pipeline.tools.programs import CONFORMANCE, Found, Tool, failure, require, run

# The package for all systems, and beside it the one with the program for this system.
_PACKAGES = CONFORMANCE / "node_modules" / "@xarsh"


def _locate() -> Found | None:
    try:
        about = json.loads((_PACKAGES / "ooxml-validator" / "package.json").read_bytes())
        program = next(
            p for p in _PACKAGES.glob("ooxml-validator-*/ooxml-validator*") if os.access(p, os.X_OK)
        )
    except (OSError, ValueError, StopIteration):
        return None
    return Found(str(program), about["version"])


OOXML = Tool("Open XML SDK validator", "judging Word files", _locate)


def judge(files: Sequence[Path]) -> Mapping[Path, Verdict]:
    """Return what the Open XML SDK says of each file, as of Microsoft 365.

    As many run at a time as there are cores. Raises `MissingToolError` if it is not there.
    """
    program = require(OOXML).path
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(files, pool.map(partial(_judge, program), files), strict=True))


def _judge(program: str, path: Path) -> Verdict:
    try:
        done = run((program, path.resolve()), seconds=120)
    except ToolError as error:
        return NoVerdict(str(error.diagnostics[0].message))
    try:
        answer = json.loads(done.stdout)
        is_valid, errors = answer["ok"], answer["errors"]
        complaints = _complaints(errors)
    except (ValueError, LookupError, TypeError):
        return NoVerdict(str(failure(done).diagnostics[0].message))
    if is_valid is not (not errors):
        return NoVerdict(f"it contradicts itself: ok is {is_valid}, with {len(errors)} errors")
    return complaints


def _complaints(errors: Sequence[Mapping[str, Any]]) -> tuple[Complaint, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], str] = {}
    for error in errors:
        key = (error["id"] or error["errorType"], error["description"])
        counts[key] += 1
        places.setdefault(key, f"{error['path'] or ''}{error['xPath'] or ''}")
    return tuple(Complaint(*key, count, places[key]) for key, count in counts.items())
