"""Frozen editions: the source and a catalog as they were at a tag or commit of the project's history.

A language that was reviewed can stay on the edition that was reviewed, so that a change of the source
never takes a good leaflet off the shelf. Git keeps the editions; nothing of them lies in the project.
"""

from __future__ import annotations

import re
import tarfile
import tempfile
from functools import cache
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from pipeline.diagnostics import TranslationError
from pipeline.tools import GIT, require, run

_NAME = re.compile(r"[A-Za-z0-9][\w./-]*", re.ASCII)
_SECONDS = 60

# Where a project that was sent to another machine has its editions: it comes without its history.
PACKED = PurePosixPath(".handout/editions")


def packed_at(edition: str) -> PurePosixPath:
    """Return where an edition lies in a project that came without its history."""
    return PACKED / quote(edition, safe="")


def edition_at(root: Path, edition: str) -> Path:
    """Return a folder with `source/` and `translations/` as they were at a tag or commit.

    Raises `TranslationError` if there is none, `MissingToolError` without Git.
    """
    _check(edition)
    packed = root / packed_at(edition)
    return packed if packed.is_dir() else edition_folder(root, resolve(root, edition))


def resolve(root: Path, edition: str) -> str:
    """Return the commit that a tag or commit of the project names.

    Raises `TranslationError` if there is none, `MissingToolError` without Git.
    """
    _check(edition)
    git = require(GIT).path
    done = run(
        (
            git,
            "-C",
            str(root),
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{edition}^{{commit}}",
        ),
        seconds=_SECONDS,
    )
    if done.returncode:
        raise TranslationError(
            f"the edition “{edition}” is not in the project's history",
            hint="git tag lists the tags; in a shallow copy, fetch them with: git fetch --tags --unshallow",
        )
    return done.stdout.strip()


def _check(edition: str) -> None:
    if not _NAME.fullmatch(edition) or ".." in edition:
        raise TranslationError(f"“{edition}” cannot be the name of an edition", hint="name a tag or a commit")


@cache
def edition_folder(root: Path, commit: str) -> Path:
    """Return a folder with `source/` and `translations/` as they were at `commit`.

    It lives as long as the process. Raises `TranslationError` if the commit does not hold them.
    """
    folder = _folder()
    archive, place = folder / f"{commit}.tar", folder / commit
    git = require(GIT).path
    # The project may be a folder inside its repository; paths are relative to where git is told to run.
    command = (git, "-C", str(root), "archive", f"--output={archive}", commit, "source", "translations")
    done = run(command, seconds=_SECONDS)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["git archive failed"])[-1]
        raise TranslationError(f"the edition {commit[:12]} cannot be read: {reason}")
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
    archive.unlink()
    return place


@cache
def _keeper() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="handout-editions-")


def _folder() -> Path:
    return Path(_keeper().name)
