"""Builds on a real Dask cluster: whatever befalls it, all is made as on one machine, byte for byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from clusters import SECONDS, Bucket, Machines, wait_for

from pipeline.diagnostics import ExitCode

Run = Callable[..., subprocess.CompletedProcess[str]]
Files = dict[str, bytes]

HANDWASH = Path(__file__).parent / "projects" / "handwash"
BUILD = ("build", "-f", "pdf", "-f", "txt")
# What is made without the heavy libraries, which a worker takes long to load.
WORDS = ("build", "-f", "html", "-f", "txt")
ALONE = (
    "fonts",
    "lists",
    "pieces",
    "projects",
    "shared",
)  # below .handout: what a store or a folder has for itself
MADE = "12 artefacts made"


def files(folder: Path) -> Files:
    """Return all files of an output folder or a store."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def without(made: Files) -> Files:
    """Return what must be the same wherever it was made: artefacts, passports, records, lists."""
    return {
        name: data
        for name, data in made.items()
        if not name.startswith(tuple(f".handout/{n}" for n in ALONE))
    }


@pytest.fixture(scope="module")
def undisturbed(handout: Run, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return what one machine makes when it is left in peace."""
    return make_alone(handout, BUILD, tmp_path_factory.mktemp("undisturbed"), count=12)


@pytest.fixture(scope="module")
def words(handout: Run, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return the same of the formats that are soon made."""
    return make_alone(handout, WORDS, tmp_path_factory.mktemp("words"), count=8)


def make_alone(handout: Run, build: tuple[str, ...], output: Path, *, count: int) -> Files:
    assert handout(*build, "-o", output, project=HANDWASH).returncode == ExitCode.OK
    made = without(files(output))
    assert sum(name.startswith(("en/", "de/")) for name in made) == count
    assert sum(name.startswith(".handout/records/") for name in made) == count
    return made


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    server = Bucket()
    yield server
    server.close()


@pytest.fixture(scope="module")
def quiet(bucket: Bucket, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Yield a cluster that nothing befalls."""
    machines = Machines(tmp_path_factory.mktemp("quiet"), **bucket.env)
    machines.scheduler()
    machines.worker("--no-nanny")
    machines.worker("--no-nanny")
    yield machines
    machines.close()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Yield a cluster of the test's own, which has nothing yet."""
    folder = tmp_path / "machines"
    folder.mkdir()
    own = Machines(folder)
    yield own
    own.close()


def start(machines: Machines, store: Path, *build: str) -> subprocess.Popen[str]:
    """Start a build on the cluster into a store."""
    where = ("--scheduler", machines.address, "--store", f"file://{store}")
    return subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-X",
            "utf8",
            "-m",
            "pipeline",
            "--project",
            HANDWASH,
            *build,
            *where,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(build: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a build; return its exit code and what it said."""
    said, told = build.communicate(timeout=SECONDS)
    assert "Traceback" not in told
    return build.returncode, said, told


@pytest.mark.parametrize("kind", ["file", "s3", "shared"])
def test_as_on_one_machine(
    kind: str, quiet: Machines, bucket: Bucket, handout: Run, undisturbed: Files, tmp_path: Path
) -> None:
    place = {
        "file": ("--store", f"file://{tmp_path}/a store"),
        "s3": ("--store", "s3://leaflets/first"),
        "shared": ("-o", tmp_path / "a store"),
    }[kind]
    build = (*BUILD, "--scheduler", quiet.address, *place)
    done = handout(*build, project=HANDWASH, env=bucket.env)
    assert (done.returncode, done.stderr) == (ExitCode.OK, f"2 workers at {quiet.address}\n")
    assert done.stdout.count(".pdf ") == 8
    assert MADE in done.stdout
    now = bucket.files("first") if kind == "s3" else files(tmp_path / "a store")
    assert without(now) == undisturbed
    # Up to date is what the store's own records say.
    again = handout(*build, "--explain", project=HANDWASH, env=bucket.env)
    assert again.returncode == ExitCode.OK
    assert "0 artefacts made, 12 up to date" in again.stdout
    # What was damaged there is made again; a torn record is none.
    if kind == "s3":
        bucket.put("first/en/steps-clear.pdf", b"%PDF-")
    else:
        (tmp_path / "a store" / "en" / "steps-clear.pdf").write_bytes(b"%PDF-")
        (tmp_path / "a store" / ".handout" / "records" / "de" / "steps-clear.txt.json").write_bytes(b'{"snap')
    mended = handout(*build, "--explain", project=HANDWASH, env=bucket.env)
    assert mended.returncode == ExitCode.OK
    assert "en/steps-clear.pdf  17 kB, 1 page  (missing or altered)" in mended.stdout
    assert ("de/steps-clear.txt  1 kB  (not made yet)" in mended.stdout) is (kind != "s3")
    now = bucket.files("first") if kind == "s3" else files(tmp_path / "a store")
    assert without(now) == undisturbed


@pytest.mark.parametrize("kind", ["file", "s3", "shared"])
def test_copies_of_organizations(
    kind: str, quiet: Machines, bucket: Bucket, handout: Run, tmp_path: Path
) -> None:
    table = tmp_path / "organisations.csv"
    rows = (f"clinic-{n},Klinik {n},+49 30 {n}2345,example.org/{n},en\n" for n in range(4))
    table.write_text(f"id,name,phone,web,languages\n{''.join(rows)}", "utf-8")
    build = ("build", "steps", "-f", "pdf", "-f", "docx", "-f", "txt", "--organisations", table)
    assert handout(*build, "-o", tmp_path / "alone", project=HANDWASH).returncode == ExitCode.OK
    alone = without(files(tmp_path / "alone"))
    assert sum(name.startswith("organisations/") and name.count("/") == 3 for name in alone) == 16
    place = {
        "file": ("--store", f"file://{tmp_path}/store"),
        "s3": ("--store", "s3://leaflets/copies"),
        "shared": ("-o", tmp_path / "store"),
    }[kind]
    done = handout(*build, "--scheduler", quiet.address, *place, project=HANDWASH, env=bucket.env)
    assert done.returncode == ExitCode.OK, done.stderr
    assert "16 artefacts made" in done.stdout
    made = without(bucket.files("copies") if kind == "s3" else files(tmp_path / "store"))
    assert made == alone
    again = handout(*build, "--scheduler", quiet.address, *place, project=HANDWASH, env=bucket.env)
    assert "0 artefacts made, 16 up to date" in again.stdout


def test_two_builds_at_once(quiet: Machines, undisturbed: Files, tmp_path: Path) -> None:
    builds = [start(quiet, tmp_path, *BUILD, *choice) for choice in ((), ("-l", "de"))]
    for code, said, _ in map(end, builds):
        assert code == ExitCode.OK, said
    assert without(files(tmp_path)) == undisturbed


def test_a_store_that_refuses_for_a_moment(
    quiet: Machines, bucket: Bucket, handout: Run, undisturbed: Files
) -> None:
    bucket.refusals = 8
    build = (*BUILD, "--scheduler", quiet.address, "--store", "s3://leaflets/second")
    done = handout(*build, project=HANDWASH, env=bucket.env)
    assert bucket.refused >= 8
    assert (done.returncode, bucket.refusals) == (ExitCode.OK, 0), done.stderr
    assert MADE in done.stdout
    assert without(bucket.files("second")) == undisturbed


def hear(build: subprocess.Popen[str], sentence: str) -> None:
    """Read what the build tells until it says this."""
    assert build.stderr is not None
    for line in build.stderr:
        if sentence in line:
            return
    pytest.fail(f"it never said: {sentence}")


@pytest.mark.parametrize("nanny", ["--nanny", "--no-nanny"])
def test_a_worker_that_is_killed(nanny: str, machines: Machines, words: Files, tmp_path: Path) -> None:
    machines.scheduler()
    for _ in range(2):
        machines.worker(nanny, HOLD="1")
    build = start(machines, tmp_path / "store", *WORDS)
    hear(build, "2 workers at")
    wait_for(lambda: len(machines.begun()) == 2)
    os.kill(next(iter(machines.begun())), signal.SIGKILL)
    if nanny == "--nanny":
        wait_for(lambda: len(machines.begun()) == 3)  # there is another in its place
    else:
        hear(build, "1 worker lost, 1 left; what was not done is given out again.")
    (machines.marks / "go").touch()
    code, _, told = end(build)
    assert code == ExitCode.OK, told
    assert without(files(tmp_path / "store")) == words


def test_a_scheduler_that_is_started_again(machines: Machines, words: Files, tmp_path: Path) -> None:
    scheduler = machines.scheduler()
    machines.worker("--no-nanny", PAUSE="0.3")
    build = start(machines, tmp_path / "store", *WORDS)
    wait_for(lambda: len(machines.begun()) == 1)
    scheduler.kill()
    scheduler.wait()
    machines.scheduler()
    machines.worker("--no-nanny")
    code, _, told = end(build)
    assert code == ExitCode.OK, told
    assert f"The scheduler at {machines.address} is gone; waiting for it." in told
    assert "The scheduler is back; " in told
    assert without(files(tmp_path / "store")) == words


def test_a_worker_that_hangs_and_wakes_again(machines: Machines, words: Files, tmp_path: Path) -> None:
    """It is given up; its jobs are done by the other; what it does when it wakes does no harm."""
    machines.env["DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL"] = "3s"
    machines.scheduler()
    for _ in range(2):
        machines.worker("--no-nanny", PAUSE="0.3")
    build = start(machines, tmp_path / "store", *WORDS)
    wait_for(lambda: len(machines.begun()) == 2)
    slow = next(iter(machines.begun()))
    os.kill(slow, signal.SIGSTOP)
    code, _, told = end(build)
    assert code == ExitCode.OK, told
    assert without(files(tmp_path / "store")) == words
    os.kill(slow, signal.SIGCONT)
    sleeper = next(process for process in machines.processes if process.pid == slow)
    sleeper.wait(SECONDS)  # it hears that nobody waits for it
    assert without(files(tmp_path / "store")) == words


def test_a_job_that_kills_its_workers(machines: Machines, words: Files, tmp_path: Path) -> None:
    machines.env["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "1"
    machines.scheduler()
    for _ in range(2):
        machines.worker("--nanny", DEADLY="de-handwash-clear")
    build = start(machines, tmp_path / "store", *WORDS)
    code, _, told = end(build)
    assert code == ExitCode.RENDER
    assert "Not made: de/handwash-clear.html, de/handwash-clear.txt\n  error E006: the worker that" in told
    assert told.count("error") == 1
    made, lists = without(files(tmp_path / "store")), ("index.html", "manifest.json")
    assert {name: data for name, data in made.items() if name not in lists} == {
        name: data for name, data in words.items() if name not in lists and "de/handwash-clear" not in name
    }


def test_workers_that_come_late(machines: Machines, words: Files, tmp_path: Path) -> None:
    machines.scheduler()
    build = start(machines, tmp_path / "store", *WORDS)
    assert build.stderr is not None
    assert build.stderr.readline() == f"0 workers at {machines.address}\n"
    assert build.stderr.readline() == "No worker is there; waiting for one.\n"
    machines.worker("--no-nanny")
    code, _, told = end(build)
    assert code == ExitCode.OK, told
    assert told in ("", f"1 worker at {machines.address}\n")  # it may be done before it was seen
    assert without(files(tmp_path / "store")) == words


def test_a_scheduler_that_is_none(bucket: Bucket, tmp_path: Path) -> None:
    said = {
        "somewhere": (ExitCode.USAGE, "error E002: “somewhere” is no address of a scheduler\n    hint: "),
        "tcp://127.0.0.1:1": (
            ExitCode.TOOL_MISSING,
            "error E007: no scheduler answers at tcp://127.0.0.1:1\n",
        ),
        # Somebody else lives there.
        bucket.endpoint.replace("http", "tcp"): (
            ExitCode.TOOL_MISSING,
            "error E007: no scheduler answers at ",
        ),
    }
    machines = Machines(tmp_path)
    builds = []
    for machines.address in said:
        builds.append(start(machines, tmp_path / "store", *WORDS))
    for build, (expected, beginning) in zip(builds, said.values(), strict=True):
        code, made, told = end(build)
        assert (code, made) == (expected, "")
        assert told.startswith(beginning)
        assert told.count("\n") == 2
        assert "\n    hint: " in told


def test_without_the_library(handout: Run, tmp_path: Path) -> None:
    for name in ("distributed", "s3fs"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('No module named {name}')", "utf-8")
    for wish in (("--scheduler", "tcp://127.0.0.1:1"), ("--store", "s3://leaflets/x")):
        done = handout(*BUILD, *wish, project=HANDWASH, env={"PYTHONPATH": str(tmp_path)})
        assert done.returncode == ExitCode.TOOL_MISSING
        assert done.stderr.endswith("is not installed\n    hint: ./handout cluster\n")
        assert done.stderr.startswith("error E005: ")


PATIENCE = """\
import sys
from pipeline.cli.cluster import Cluster

with Cluster(sys.argv[1], tell=lambda said: print(said, flush=True), patience=float(sys.argv[2])) as cluster:
    print("asked", flush=True)
    print(repr(cluster.submit(int).exception()), repr(cluster.submit(int).exception()), sep="\\n")
"""


def test_patience_has_an_end(machines: Machines) -> None:
    scheduler = machines.scheduler()
    command = [sys.executable, "-P", "-c", PATIENCE, machines.address]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    code, said, _ = end(subprocess.Popen([*command, "1"], **pipes))
    assert code == 0
    assert said.endswith(f"ToolError('the scheduler at {machines.address} has no worker')\n" * 2)
    hasty = subprocess.Popen([*command, "3"], **pipes)
    assert hasty.stdout is not None
    while "asked" not in hasty.stdout.readline():
        pass
    scheduler.kill()
    code, said, _ = end(hasty)
    assert code == 0
    gone = f"ToolError('the scheduler at {machines.address} is gone, and does not come back')\n"
    assert said.endswith(gone * 2)
