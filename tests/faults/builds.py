"""Builds to be disturbed, and what must be true when the next one is left in peace."""

from __future__ import annotations

import atexit
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

HANDWASH = Path(__file__).parent.parent / "projects" / "handwash"
ROOT = Path(__file__).parent.parent.parent
PROGRAM = (sys.executable, "-P", "-X", "utf8", "-m", "pipeline")
SECONDS = 300.0  # how long to wait for what must come

# Whence random moments and damages come. Told at the end of a run; the environment may name one.
SEED = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(1_000_000))

INTERRUPTED = "Interrupted. What was finished is kept; the next build goes on from there.\n"

# Four pieces of work, ten leaflets.
SETTINGS = """\
[project]
source = "handwash.md"

[build]
languages = ["en", "de"]

[build.formats]
txt = ["clear"]
html = ["clear"]
docx = ["clear"]
pdf = ["clear", "large"]

[[handout]]
id = "steps"
title = "Three steps"
contents = false
include = ["how"]
exclude = ["hands"]
"""

Tree: TypeAlias = Mapping[str, bytes]

# Notes a fault, how often it was made, and what became of it.
Note: TypeAlias = Callable[[str, int, str], None]


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder: leaflets, lists, passports, records, prepared fonts."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def leaflets(folder: Path) -> dict[str, bytes]:
    """Return the leaflets alone."""
    found = (path for tag in ("en", "de") for path in (folder / tag).glob("[!.]*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def changed(text: str) -> str:
    """Return the source with a change that every leaflet shows."""
    assert text.count('version = "2.1"') == 1
    return text.replace('version = "2.1"', 'version = "2.2"')


@dataclass(slots=True)
class Site:
    """A project with a folder for temporary files of its own, and builds of it by the command line."""

    folder: Path
    wishes: tuple[str, ...] = ("-j", "2")
    project: Path = field(init=False)
    output: Path = field(init=False)
    scratch: Path = field(init=False)

    def __post_init__(self) -> None:
        self.project = self.folder / "project"
        self.output = self.project / "output"
        # Short, so that the server of processes can have a socket there.
        self.scratch = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))
        atexit.register(shutil.rmtree, self.scratch, ignore_errors=True)
        shutil.copytree(HANDWASH, self.project)
        (self.project / "source" / "handouts.toml").write_text(SETTINGS, "utf-8")

    def change(self) -> None:
        """Change what every leaflet shows."""
        source = self.project / "source" / "handwash.md"
        source.write_text(changed(source.read_text("utf-8")), "utf-8")

    def restore(self) -> None:
        """Take the change back."""
        shutil.copy(HANDWASH / "source" / "handwash.md", self.project / "source")

    def command(self, *more: str | Path) -> list[str | Path]:
        """Return the command line of a build."""
        return [*PROGRAM, "--project", self.project, "build", *self.wishes, *more]

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        return os.environ | {"TMPDIR": str(self.scratch)} | dict(more or {})

    def start(
        self,
        *more: str | Path,
        env: Mapping[str, str] | None = None,
        first: str = "",
    ) -> subprocess.Popen[str]:
        """Start a build in a process group of its own; `first` is what its process does before."""
        become = "import os, sys; os.execv(sys.argv[1], sys.argv[1:])"
        before = [sys.executable, "-S", "-c", f"{first}\n{become}"] if first else []
        return subprocess.Popen(
            [*before, *self.command(*more)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self.environment(env),
            start_new_session=True,
        )

    def build(
        self,
        *more: str | Path,
        env: Mapping[str, str] | None = None,
        first: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Build, and wait for the end."""
        process = self.start(*more, env=env, first=first)
        out, errors = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)

    def complete(self, expected: Tree, *more: str | Path) -> None:
        """Build in peace: all is as if nothing had ever happened, and nothing temporary is left."""
        done = self.build(*more)
        assert (done.returncode, done.stderr) == (0, ""), (done.returncode, done.stdout, done.stderr)
        self.is_as(expected)

    def is_as(self, expected: Tree) -> None:
        """See that the output holds just what it should, byte for byte, and nothing temporary is left."""
        found, left = tree(self.output), [path.name for path in self.scratch.iterdir()]
        missing, more = sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys())
        other = [name for name in found if name in expected and found[name] != expected[name]]
        assert (missing, more, other, left) == ([], [], [], []), f"{missing=} {more=} {other=} {left=}"


def in_peace(folder: Path, wishes: tuple[str, ...] = ("-j", "2")) -> tuple[Tree, Tree]:
    """Return all that a build makes that nothing disturbs: of the source, and of the changed source."""
    trees = []
    for name in ("before", "after"):
        site = Site(folder / name, wishes)
        if name == "after":
            site.change()
        done = site.build()
        assert (done.returncode, done.stderr) == (0, "")
        trees.append(tree(site.output))
    return trees[0], trees[1]


def group_of(leader: int) -> dict[int, int]:
    """Return the processes that run in the group of a build, and the parent of each."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent, group = path.read_text().rpartition(")")[2].split()[:3]
            if int(group) == leader and state not in "ZX":
                found[int(path.parent.name)] = int(parent)
    return found


def workers_of(leader: int) -> list[int]:
    """Return the processes that make the leaflets: the grandchildren of the build's first process."""
    group = group_of(leader)
    return [pid for pid, parent in group.items() if group.get(parent) == leader]


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_until_gone(process: subprocess.Popen[str]) -> None:
    """Wait until no process of a build is left."""
    wait_for(lambda: not group_of(process.pid))


def kill(pid: int, number: int = signal.SIGKILL) -> bool:
    """Send a signal to a process; return whether it was still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False
