"""Ace by DAISY on e-books and axe-core on web pages, in the machine's Chromium.

Both are scripts of tests/conformance: one Node and one browser for all files. Their answer is read, never
their exit code: Ace ends with 0 whatever it found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.checks.registry import Finding, check
from pipeline.checks.validators.verdicts import broken
from pipeline.diagnostics import MissingToolError, Outcome, PipelineError
from pipeline.tools import CHROMIUM, require, run
from pipeline.tools.node import ACE, AXE, NODE
from pipeline.tools.programs import CONFORMANCE, Tool

# What a browser and its scripts take to start, and what a file takes at most on a busy machine, in s.
_START, _EACH = 120.0, 60.0

Judged = Mapping[Path, tuple[Outcome, ...]]


@check(
    "V020", source="EPUB Accessibility 1.1; WCAG 2.2 AA", suggestion="See https://kb.daisy.org/publishing/."
)
def ace(violations: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Ace by DAISY finds no violation in the book.

    It is the checker that publishers, libraries and shops run on e-books before they take them.
    """
    yield from map(_finding, violations)


@check("V030", source="WCAG 2.2 AA and axe-core's best practices", suggestion="See the rule's page at Deque.")
def axe(violations: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """axe-core finds no violation in the page: light and dark, wide and at 320 CSS px.

    It is the checker that most accessibility audits begin with. Its best practices are asked for as well:
    all content in landmarks, a heading of level 1, no skipped level.
    """
    yield from map(_finding, violations)


def judge_books(files: Sequence[Path]) -> Judged:
    """Run Ace on e-books. Raises `MissingToolError`."""
    return _judge(files, script="ace.cjs", package=ACE, code="V020", rule=ace)


def judge_pages(files: Sequence[Path]) -> Judged:
    """Run axe-core on web pages. Raises `MissingToolError`."""
    return _judge(files, script="axe.cjs", package=AXE, code="V030", rule=axe)


def node(script: str, files: Sequence[Path], *, package: Tool) -> Any:
    """Return what a script of tests/conformance says of files, as JSON.

    Raises `MissingToolError` if Node, Chromium or the package is not there, and `PipelineError` if the
    script breaks down.
    """
    program, browser = require(NODE), require(CHROMIUM)
    require(package)
    command = [program.path, str(CONFORMANCE / script), browser.path, *map(str, files)]
    try:
        done = run(command, seconds=_START + _EACH * len(files))
    except PipelineError as error:
        # Programs that are there and do not answer are no missing programs.
        raise PipelineError(str(error.diagnostics[0].message)) from error
    if done.returncode != 0:
        said = (done.stderr.strip() or "it said nothing").splitlines()[0]
        raise PipelineError(f"{script} failed (exit code {done.returncode}): {said[:300]}")
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise PipelineError(f"{script} gave no answer that can be read") from error


def _judge(
    files: Sequence[Path],
    *,
    script: str,
    package: Tool,
    code: str,
    rule: Callable[[Sequence[Mapping[str, Any]]], Outcome],
) -> Judged:
    try:
        said = node(script, [path.resolve() for path in files], package=package)
    except MissingToolError:
        raise
    except PipelineError as error:
        return {path: (broken(code, str(error.diagnostics[0].message)),) for path in files}
    answers = {path: said.get(str(path.resolve()), {"error": "it was left out"}) for path in files}
    return {
        path: (rule(answer) if isinstance(answer, list) else broken(code, answer["error"]),)
        for path, answer in answers.items()
    }


def _finding(violation: Mapping[str, Any]) -> Finding:
    count = violation.get("count", 1)
    often = f" ({count} times)" if count > 1 else ""
    place = violation.get("place") or "the file"
    return Finding(f"{violation['rule']}: {violation['message']}{often}; at {place}")
