"""Builds that are killed, interrupted or out of room: nothing is lost, the next one goes on."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.diagnostics import ExitCode
from pipeline.plan import Wishes
from pipeline.report import BuildReport

Build = Callable[..., BuildReport]
Run = Callable[..., subprocess.CompletedProcess[str]]

WISHES = ("build", "handwash", "-f", "pdf", "-f", "txt", "-j", "2")
SAME = Wishes(("handwash",), formats=("pdf", "txt"))
INTERRUPTED = "Interrupted. What was finished is kept; the next build goes on from there.\n"
HANDWASH = Path(__file__).parent / "projects" / "handwash"
SECONDS = 120.0  # how long a test waits for what must come


def artefacts(output: Path) -> dict[str, bytes]:
    """Return the leaflets that are there."""
    files = (p for p in output.glob("??/*") if not p.name.startswith("."))
    return {p.relative_to(output).as_posix(): p.read_bytes() for p in files}


@pytest.fixture(scope="module")
def undisturbed(build_here: Build, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what the build makes when it is left in peace."""
    output = tmp_path_factory.mktemp("undisturbed")
    build_here(HANDWASH, SAME, output=output)
    made = artefacts(output)
    assert len(made) == 6
    return made


def start(project: Path) -> subprocess.Popen[str]:
    """Start a build in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-P", "-X", "utf8", "-m", "pipeline", "--project", project, *WISHES],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def is_gone(group: int) -> bool:
    """Whether no process of the group is left."""
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return False
    return True


def complete(project: Path, handout: Run, expected: dict[str, bytes]) -> None:
    """Build once more, and see that all is as if nothing had happened."""
    done = handout(*WISHES, project=project)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    assert artefacts(project / "output") == expected
    assert not list(project.rglob("*.part"))
    assert (project / "output" / "manifest.json").exists()


def test_killed_at_any_moment(handwash: Path, handout: Run, undisturbed: dict[str, bytes]) -> None:
    output = handwash / "output"
    for number, whole_group in ((0, True), (1, False), (3, True), (4, False)):
        process = start(handwash)
        wait_for(lambda: output.exists() if not number else len(artefacts(output)) >= number)  # noqa: B023
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
        process.communicate(timeout=SECONDS)
        # No process goes on behind a build that is gone, also when only its first process was killed.
        wait_for(lambda: is_gone(process.pid))  # noqa: B023
        # Whatever is there is whole.
        assert artefacts(output).items() <= undisturbed.items()
    (output / "en" / ".half.part").write_bytes(b"as a killed build may leave it")
    complete(handwash, handout, undisturbed)


@pytest.mark.parametrize(
    ("number", "whole_group", "code"),
    [(signal.SIGINT, True, ExitCode.INTERRUPTED), (signal.SIGTERM, False, ExitCode.TERMINATED)],
    ids=["Ctrl-C in a terminal", "a service is stopped"],
)
def test_interrupted(
    handwash: Path,
    handout: Run,
    undisturbed: dict[str, bytes],
    number: signal.Signals,
    whole_group: bool,
    code: ExitCode,
) -> None:
    process = start(handwash)
    wait_for(lambda: bool(artefacts(handwash / "output")))
    (os.killpg if whole_group else os.kill)(process.pid, number)
    said, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, errors) == (code, INTERRUPTED)
    # What was finished is told.
    assert " made, " in said.splitlines()[-1]
    wait_for(lambda: is_gone(process.pid))
    assert artefacts(handwash / "output").items() <= undisturbed.items()
    complete(handwash, handout, undisturbed)


def workers(group: int) -> list[int]:
    """Return the processes that make the leaflets: the grandchildren of the build's process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent, its_group = map(int, path.read_text().rpartition(")")[2].split()[1:3])
            if its_group == group and parent not in (group, os.getpid()):
                found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_a_worker_that_the_system_ends(handwash: Path, handout: Run, undisturbed: dict[str, bytes]) -> None:
    process = start(handwash)
    wait_for(lambda: bool(artefacts(handwash / "output")))
    for worker in workers(process.pid):
        os.kill(worker, signal.SIGKILL)
    _, errors = process.communicate(timeout=SECONDS)
    # What they had in hand was made by others.
    assert (process.returncode, errors) == (ExitCode.OK, "")
    assert artefacts(handwash / "output") == undisturbed
    complete(handwash, handout, undisturbed)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a small disk of its own, which needs the rights of root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def change(project: Path) -> None:
    """Change what every leaflet shows."""
    source = project / "source" / "handwash.md"
    source.write_text(source.read_text("utf-8").replace('version = "2.1"', 'version = "2.2"'), "utf-8")


def test_a_full_disk_costs_nothing_that_was_there(
    handwash: Path, handout: Run, build_here: Build, disk: Path, tmp_path: Path
) -> None:
    build = (*WISHES, "-o", disk)
    assert handout(*build, project=handwash).returncode == ExitCode.OK
    before = artefacts(disk)
    listed = (disk / "manifest.json").read_bytes()
    change(handwash)
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    done = handout(*build, project=handwash)
    assert done.returncode == ExitCode.RENDER
    assert "the file cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    # One cause is told once, however many leaflets it costs.
    assert done.stderr.count("the file cannot be written") == 1
    assert done.stdout.startswith("0 artefacts made")
    assert artefacts(disk) == before
    assert (disk / "manifest.json").read_bytes() == listed
    assert not list(disk.rglob("*.part"))
    (disk / "filler").unlink()
    assert handout(*build, project=handwash).returncode == ExitCode.OK
    build_here(handwash, SAME, output=tmp_path / "reference")
    assert artefacts(disk) == artefacts(tmp_path / "reference") != before


def test_a_read_only_folder_that_is_up_to_date_will_do(handwash: Path, handout: Run, disk: Path) -> None:
    build = (*WISHES, "-o", disk)
    assert handout(*build, project=handwash).returncode == ExitCode.OK
    (disk / ".x.part").write_bytes(b"")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    done = handout(*build, project=handwash)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    before = artefacts(disk)
    change(handwash)
    done = handout(*build, project=handwash)
    assert done.returncode == ExitCode.RENDER
    assert "the file cannot be written: Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
    assert artefacts(disk) == before


def test_files_that_may_not_grow(handwash: Path, handout: Run) -> None:
    """As a full disk, for those who are not root: only the small plain text can be written."""
    build = ("build", "-l", "en", "-f", "html", "-f", "txt")
    done = subprocess.run(
        [sys.executable, "-P", "-X", "utf8", "-m", "pipeline", "--project", handwash, *build],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
        check=False,
    )
    assert done.returncode == ExitCode.RENDER
    assert "the file cannot be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    made = artefacts(handwash / "output")
    assert sorted(made) == ["en/handwash-clear.txt", "en/steps-clear.txt"]
    done = handout(*build, project=handwash)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    assert done.stdout.count("clear.html") == 2
    assert made.items() <= artefacts(handwash / "output").items()


def test_an_output_folder_that_cannot_be_made(handwash: Path, handout: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"kept")
    done = handout("build", "-f", "txt", "-l", "en", "-o", tmp_path / "file" / "output", project=handwash)
    assert done.returncode == ExitCode.RENDER
    assert "cannot be written: Not a directory" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_bytes() == b"kept"
