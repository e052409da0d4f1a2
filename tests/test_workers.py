"""The processes of a build: what is lost is done again, what has grown is replaced."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import as_completed
from pathlib import Path

import pytest

from pipeline.cli.headstart import head_start
from pipeline.cli.machine import PEAK, free_memory, processors, worthwhile_jobs
from pipeline.cli.workers import ProcessDied, Workers


def own_pid(_: object = None) -> int:
    return os.getpid()


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def die_once(mark: Path) -> int:
    if not mark.exists():
        mark.touch()
        die(signal.SIGKILL)
    return os.getpid()


def raise_what_cannot_be_sent() -> None:
    raise UnsendableError("in words")


def return_what_cannot_be_sent() -> object:
    return threading.Lock()


class UnsendableError(Exception):
    """An error with what no pipe takes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.lock = threading.Lock()


class PickyError(Exception):
    """An error that cannot be made again from what it was made of."""

    def __init__(self, *, text: str) -> None:
        super().__init__(text)


def raise_a_picky_error() -> None:
    raise PickyError(text="no")


def stay_beside(folder: Path, name: str) -> list[str]:
    """Return who else was at work at the same time."""
    (folder / name).touch()
    time.sleep(0.2)
    found = sorted(path.name for path in folder.iterdir())
    (folder / name).unlink()
    return found


def die_then_stay(folder: Path, mark: Path, name: str) -> list[str]:
    if not mark.exists():
        mark.touch()
        die(signal.SIGKILL)
    return stay_beside(folder, name)


def test_results_and_errors_come_back() -> None:
    with Workers(2, formats=()) as workers:
        assert list(workers.map(abs, range(-5, 0))) == [5, 4, 3, 2, 1]
        with pytest.raises(ValueError, match="invalid literal"):
            workers.submit(int, "x").result()


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (raise_what_cannot_be_sent, "in words"),
        (return_what_cannot_be_sent, "cannot pickle"),
        (raise_a_picky_error, "takes 1 positional"),
    ],
)
def test_what_cannot_be_sent_is_an_error_and_the_process_stays(function: object, words: str) -> None:
    with Workers(1, formats=()) as workers:
        before = workers.submit(own_pid).result()
        with pytest.raises(Exception, match=words):
            workers.submit(function).result()  # type: ignore[arg-type]
        with pytest.raises(Exception, match="pickle"):
            workers.submit(abs, threading.Lock()).result()  # type: ignore[arg-type]
        assert workers.submit(own_pid).result() == before


def test_what_ends_its_process_once_is_done_again(tmp_path: Path) -> None:
    with Workers(2, formats=()) as workers:
        lost = workers.submit(die_once, tmp_path / "mark")
        others = list(workers.map(own_pid, range(20)))
        assert lost.result() not in others


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_what_ends_its_process_twice_has_failed_alone(number: int) -> None:
    with Workers(2, formats=()) as workers:
        lost = [workers.submit(die, number) for _ in range(2)]
        assert len(list(workers.map(own_pid, range(20)))) == 20
        for future in lost:
            with pytest.raises(ProcessDied, match=signal.Signals(number).name):
                future.result()


def test_what_has_cost_a_process_runs_alone(tmp_path: Path) -> None:
    folder = tmp_path / "at work"
    folder.mkdir()
    with Workers(3, formats=()) as workers:
        lost = [workers.submit(die_then_stay, folder, tmp_path / n, n) for n in ("first", "second")]
        others = [workers.submit(stay_beside, folder, str(n)) for n in range(4)]
        assert [future.result() for future in lost] == [["first"], ["second"]]
        for future in as_completed(others):
            assert {"first", "second"}.isdisjoint(future.result())


def test_a_process_that_has_grown_is_replaced() -> None:
    with Workers(1, formats=(), grown=1) as workers:
        assert len(set(workers.map(own_pid, range(5)))) == 5
    with Workers(1, formats=()) as workers:
        assert len(set(workers.map(own_pid, range(5)))) == 1


def test_a_build_broken_off_leaves_no_process() -> None:
    workers = Workers(2, formats=())
    pid = workers.submit(own_pid).result()
    futures = [workers.submit(time.sleep, 600) for _ in range(4)]
    with pytest.raises(KeyboardInterrupt), workers:
        raise KeyboardInterrupt
    assert all(future.done() for future in futures)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RuntimeError):
        workers.submit(own_pid)


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_processors_of_a_quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert processors(tmp_path) == 8
    group = {"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max": "max 100000\n"}
    assert processors(write(tmp_path, group)) == 8
    # The group around it sets the bounds, too.
    assert processors(write(tmp_path, {"sys/fs/cgroup/a/cpu.max": "250000 100000\n"})) == 3
    assert processors(write(tmp_path, {"sys/fs/cgroup/a/b/cpu.max": "50000 100000\n"})) == 1


def test_processors_of_a_quota_of_version_1_in_a_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    files = {
        "proc/self/cgroup": "4:cpu,cpuacct:/docker/x\n",
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    }
    assert processors(write(tmp_path, files)) == 8
    assert processors(write(tmp_path, {"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n"})) == 2


def test_no_more_processes_than_memory_is_free_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert free_memory(tmp_path) is None
    assert worthwhile_jobs(tmp_path) == 8
    files = {"proc/meminfo": f"MemTotal: 1 kB\nMemAvailable: {5 * PEAK // 1024 + 1} kB\n"}
    assert worthwhile_jobs(write(tmp_path, files)) == 5
    group = {
        "proc/self/cgroup": "0::/a\n",
        "sys/fs/cgroup/a/memory.max": f"{4 * PEAK}\n",
        "sys/fs/cgroup/a/memory.current": f"{3 * PEAK}\n",
        "sys/fs/cgroup/a/memory.stat": f"anon 1\ninactive_file {PEAK}\n",
    }
    assert worthwhile_jobs(write(tmp_path, group)) == 2
    assert worthwhile_jobs(write(tmp_path, {"sys/fs/cgroup/a/memory.max": "1\n"})) == 1
    assert worthwhile_jobs(write(tmp_path, {"sys/fs/cgroup/a/memory.max": "max\n"})) == 5


@pytest.mark.parametrize("state", ["new", "changed", "settled"])
def test_processes_get_a_head_start_where_there_seems_to_be_work(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr("pipeline.cli.workers.get_ready", lambda formats: started.append(tuple(formats)))
    leaflet, manifest = tmp_path / "source" / "leaflet.md", tmp_path / "output" / "manifest.json"
    for path in (leaflet, manifest):
        path.parent.mkdir()
        path.write_text("x")
    os.utime(manifest, (1_000_000_000, 1_000_000_000 + (1 if state == "settled" else -1)))
    os.utime(leaflet, (1_000_000_000, 1_000_000_000))
    if state == "new":
        manifest.unlink()
    head_start(tmp_path, manifest.parent, ("pdf",))
    assert started == ([] if state == "settled" else [("pdf",)])
