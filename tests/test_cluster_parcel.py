"""Parcels and errands: a job is done far from the project's folder as it is done in it, and only there."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import errand, frozen
from pipeline.catalogs import Ledger, format_ledger
from pipeline.depot import open_depot
from pipeline.diagnostics import RenderError
from pipeline.errand import Errand, list_store, send, shared
from pipeline.inputs import product, snapshot, stamps
from pipeline.making import Result
from pipeline.parcel import pack, unpack
from pipeline.plan import Job, Wishes, jobs, targets
from pipeline.report import BuildReport
from pipeline.store import sha256
from pipeline.workspace import load, renew

Build = Callable[..., BuildReport]
LEDGER = Path("translations/de/signoff.toml")


def work(project: Path, output: Path, wishes: Wishes) -> tuple[Job, ...]:
    stamp = snapshot(project)
    renew(stamp)
    wanted = targets(load(project)[0].settings, wishes)
    of_each = stamps(project, {target.language for target in wanted})
    return jobs(wanted, like=Job(project, output, "", "", "", (), stamp), stamps=of_each)


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(autouse=True)
def far_away() -> Iterator[None]:
    """Forget what an errand leaves in its process."""
    yield
    errand._UNPACKED.clear()
    errand._keeper().cleanup()
    errand._depot.cache_clear()
    errand._keeper.cache_clear()


def test_the_same_files_are_the_same_parcel(handwash: Path, tmp_path: Path) -> None:
    data = pack(handwash)
    shutil.copytree(handwash, tmp_path / "copy")
    assert pack(tmp_path / "copy") == data
    unpack(data, sha256(data), tmp_path / "unpacked")
    assert files(tmp_path / "unpacked") == files(handwash)
    assert snapshot(tmp_path / "unpacked") == snapshot(handwash)


def test_only_what_a_build_reads_is_packed(handwash: Path) -> None:
    before = pack(handwash)
    (handwash / "secret.txt").write_text("not for the store", "utf-8")
    (handwash / "output").mkdir()
    assert pack(handwash) == before


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "source/../../x",
        "/etc/x",
        "x",
        "source\\..\\x",
        ".handout/records/x",
        "C:/x",
        "source/a\\..\\..\\x",
    ],
)
def test_a_parcel_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("source/good.md", "good")
        archive.writestr(name, "bad")
    data = out.getvalue()
    with pytest.raises(RenderError, match="the parcel is refused"):
        unpack(data, sha256(data), tmp_path / "below" / "project")
    assert not (tmp_path / "below" / "project").exists()
    assert not list(tmp_path.glob("x"))


def test_a_parcel_that_is_another(handwash: Path, tmp_path: Path) -> None:
    data = pack(handwash)
    with pytest.raises(RenderError, match="is not the one that was put there"):
        unpack(data + b" ", sha256(data), tmp_path / "project")


def test_far_away_as_in_place(handwash: Path, build_here: Build, tmp_path: Path) -> None:
    wishes = Wishes(formats=("txt", "html"))
    output = handwash / "output"
    store, url = tmp_path / "store", f"file://{tmp_path}/store"
    depot = open_depot(url)
    there = send(handwash, url, depot)
    waiting = work(handwash, output, wishes)
    shutil.move(handwash, tmp_path / "moved")  # the worker is another machine: it does not see the folder
    results = [there(job) for job in waiting]
    shutil.move(tmp_path / "moved", handwash)
    assert not any(result.failed for result in results)
    build_here(handwash, wishes)
    list_store(load(handwash)[1], targets(load(handwash)[0].settings, Wishes()), depot, tmp_path / "lists")
    made = {
        n: d for n, d in files(store).items() if not n.startswith((".handout/projects", "index", "manifest"))
    }
    assert made == files(output)
    assert {"index.html", "manifest.json"} <= files(store).keys()


def test_a_record_is_put_after_what_it_speaks_of(
    handwash: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"file://{tmp_path}/store"
    there = send(handwash, url, open_depot(url))
    put: list[str] = []
    kind = type(open_depot(url))
    monkeypatch.setattr(kind, "put", lambda self, name, data: put.append(name))
    there(work(handwash, tmp_path / "output", Wishes(("steps",), ("en",), ("txt",)))[0])
    names = [
        "en/steps-clear.txt",
        "passports/en/steps-clear.txt.json",
        ".handout/records/en/steps-clear.txt.json",
    ]
    assert put == names


def test_what_the_store_does_not_take_has_failed(
    handwash: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"file://{tmp_path}/store"
    there = send(handwash, url, open_depot(url))
    put = type(open_depot(url)).put

    def refuse(self: object, name: str, data: bytes) -> None:
        if name.endswith(".html"):
            raise RenderError("the store refuses")
        put(self, name, data)  # type: ignore[arg-type]

    monkeypatch.setattr(type(open_depot(url)), "put", refuse)
    result = there(work(handwash, tmp_path / "output", Wishes(("steps",), ("en",), ("txt", "html")))[0])
    assert [made.name for made in result.made] == ["en/steps-clear.txt"]
    assert [failed.name for failed in result.failed] == ["en/steps-clear.html"]
    assert not (tmp_path / "store/.handout/records/en/steps-clear.html.json").exists()


def refused(result: Result) -> str:
    """Return the one reason why all targets of a job failed."""
    assert not result.made
    (reason,) = {str(d) for failed in result.failed for d in failed.diagnostics}
    return reason


def test_what_does_not_belong_together_is_refused(handwash: Path, tmp_path: Path) -> None:
    url = f"file://{tmp_path}/store"
    there = send(handwash, url, open_depot(url))
    job = work(handwash, tmp_path / "output", Wishes(formats=("txt",)))[0]
    assert "another version of handout" in refused(Errand("another", url, there.parcel)(job))
    assert "the project is gone from the store" in refused(Errand(product(), url, "0" * 64)(job))
    source = handwash / "source" / "handwash.md"
    source.write_text(source.read_text("utf-8").replace("2.1", "2.2"), "utf-8")
    later = work(handwash, tmp_path / "output", Wishes(formats=("txt",)))[0]
    assert "was changed while the build began" in refused(there(later))


def test_a_worker_that_does_not_see_the_folder(handwash: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    job = work(handwash, output, Wishes(("steps",), ("en",), ("txt",)))[0]
    with shared(output) as here:
        assert [made.name for made in here(job).made] == ["en/steps-clear.txt"]
        shutil.rmtree(output)
        assert "a worker does not see the folder" in refused(here(job))
    with shared(output):
        pass
    assert not files(output)


def git(project: Path, *arguments: str) -> None:
    own = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", project, *own, *arguments], check=True, capture_output=True)


def test_a_language_that_is_kept_on_an_edition(
    handwash: Path, build_here: Build, tmp_path: Path, needs_tool: Callable[[str, str], str]
) -> None:
    needs_tool("git", "apt install git")
    git(handwash, "init", "--quiet")
    git(handwash, "add", ".")
    git(handwash, "commit", "--quiet", "-m", "The first edition")
    git(handwash, "tag", "2026-11")
    source = handwash / "source" / "handwash.md"
    source.write_text(source.read_text("utf-8").replace('version = "2.1"', 'version = "2.2"'), "utf-8")
    (handwash / LEDGER).write_text(format_ledger(Ledger(edition="2026-11")), "utf-8")
    wishes = Wishes(("steps",), ("de",), ("txt",))
    build_here(handwash, wishes)
    url = f"file://{tmp_path}/store"
    there = send(handwash, url, open_depot(url))
    (job,) = work(handwash, handwash / "output", wishes)
    result = there(job)  # unpacked, the project has no history
    assert not result.failed
    name = "de/steps-clear.txt"
    assert (tmp_path / "store" / name).read_bytes() == (handwash / "output" / name).read_bytes()
    assert frozen.packed_at("2026-11/a").name == "2026-11%2Fa"
