"""Parts of a build: together they are the whole, each job is in one of them, and they merge by copying."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipeline.diagnostics import ExitCode, UsageError
from pipeline.plan import Job, Wishes, jobs, parse_shard, targets
from pipeline.reader import open_project
from pipeline.report import BuildReport
from pipeline.window import windowed

ROOT = Path(__file__).parent.parent
HANDWASH = Path(__file__).parent / "projects" / "handwash"

Build = Callable[..., BuildReport]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("root", [HANDWASH, ROOT], ids=["small", "real"])
@pytest.mark.parametrize("parts", [1, 2, 5, 7, 500])
@pytest.mark.parametrize("formats", [(), ("pdf",)], ids=["all", "pdf"])
def test_the_parts_are_the_whole(root: Path, parts: int, formats: tuple[str, ...]) -> None:
    settings = open_project(root).settings
    whole = targets(settings, Wishes(formats=formats))
    shards = [targets(settings, Wishes(formats=formats, shard=(n + 1, parts))) for n in range(parts)]
    assert Counter(target.name for shard in shards for target in shard) == Counter(t.name for t in whole)
    # What shares its pages is never torn, and no part has much more to do than another.
    like = Job(root, root, "", "", "", (), "")
    as_of = dict.fromkeys((target.language for target in whole), "")
    made = [jobs(shard, like=like, stamps=as_of) for shard in shards]
    assert sum(map(len, made)) == len(jobs(whole, like=like, stamps=as_of))
    counts = [len({(job.language, job.handout, job.edition) for job in shard}) for shard in made]
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("text", ["", "2", "0/5", "6/5", "-1/5", "1/0", "a/b", "1/2/3", " 1/2", "١/٢"])
def test_a_part_that_is_none(text: str, handout_here: Callable[..., Any]) -> None:
    with pytest.raises(UsageError, match="names no part of a build"):
        parse_shard(text)
    if text:
        done = handout_here("build", f"--shard={text}", project=HANDWASH)
        assert done.exit_code == ExitCode.USAGE
        assert done.stderr.startswith(f"error E002: “{text}” names no part of a build\n    hint: ")


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_merged_by_copying(handout: Run, tmp_path: Path) -> None:
    build = ("build", "-f", "html", "-f", "txt")
    for part in (1, 2, 3):
        done = handout(*build, "--shard", f"{part}/3", "-o", tmp_path / f"part{part}", project=HANDWASH)
        assert done.returncode == ExitCode.OK
        # A list of a part would be taken for the list of all.
        assert not (tmp_path / f"part{part}" / "index.html").exists()
        shutil.copytree(tmp_path / f"part{part}", tmp_path / "merged", dirs_exist_ok=True)
    done = handout(*build, "-o", tmp_path / "merged", project=HANDWASH)
    assert "0 artefacts made, 8 up to date" in done.stdout
    assert handout(*build, "-o", tmp_path / "whole", project=HANDWASH).returncode == ExitCode.OK
    assert files(tmp_path / "merged") == files(tmp_path / "whole")


class Watched(Executor):
    """Does each call when its turn comes, and sees how many are under way at most."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(2)
        self.under_way: set[Future[Any]] = set()
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = self.pool.submit(fn, *args, **kwargs)
        self.under_way = {each for each in self.under_way if not each.done()} | {future}
        self.most = max(self.most, len(self.under_way))
        return future


def test_only_a_few_are_under_way() -> None:
    taken = []

    def numbers() -> Any:
        for number in range(1000):
            taken.append(number)
            yield number

    executor = Watched()
    results = windowed(executor, lambda number: number * 2, numbers(), window=lambda: 6)
    first = next(results)
    assert len(taken) <= 7
    every = [first, *results]
    assert sorted((number, future.result()) for number, future in every) == [(n, 2 * n) for n in range(1000)]
    assert executor.most <= 6


def test_what_is_under_way_is_canceled_when_nobody_waits() -> None:
    started: list[Future[int]] = []

    class Idle(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            started.append(Future())
            if len(started) == 1:
                started[0].set_result(1)
            return started[-1]

    results = windowed(Idle(), int, range(9), window=lambda: 3)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert [future.cancelled() for future in started] == [False, True, True]
