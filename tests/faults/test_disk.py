"""A full disk, at every write there is; a folder that may not be written into."""

from __future__ import annotations

import errno
import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from faults.builds import ROOT, Note, Site, Tree, leaflets, tree
from pipeline.build import build, collect
from pipeline.diagnostics import ExitCode, PipelineError
from pipeline.download import write_download_page
from pipeline.plan import Wishes, targets
from pipeline.reader import open_project
from pipeline.report import BuildReport, failure
from pipeline.workspace import load

ONE = Wishes(languages=("en",), formats=("txt", "html", "docx"))

# All that makes or changes a file, as the system is asked for it.
STEPS = ("open", "write", "fsync", "fchmod", "replace", "mkdir")


def build_all(site: Site, build_here: Callable[..., BuildReport], wishes: Wishes = ONE) -> BuildReport:
    """Build in this process, one after the other, with the lists that the command line writes."""
    report = build_here(site.project, wishes, output=site.output)
    try:
        write_download_page(
            load(site.project)[1], targets(open_project(site.project).settings, Wishes()), site.output
        )
    except PipelineError as error:
        report.failed.append(failure("index.html", error))
    return report


class Disk:
    """Counts the steps that change the disk; at one of them, and from then on if it stays, it is full."""

    def __init__(self, full_at: int, *, stays: bool) -> None:
        self.full_at, self.stays, self.count = full_at, stays, 0

    def refuse(self) -> bool:
        self.count += 1
        return self.count == self.full_at or (self.stays and self.count > self.full_at)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        whole = {name: getattr(os, name) for name in STEPS}

        def step(name: str) -> Callable[..., Any]:
            def do(*args: Any, **kwargs: Any) -> Any:
                changes = name != "open" or args[1] & os.O_CREAT
                if changes and self.refuse():
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                if name == "write":  # as on a disk that is nearly full, little by little
                    return whole[name](args[0], bytes(args[1][:20_000]))
                return whole[name](*args, **kwargs)

            return do

        for name in STEPS:
            setattr(os, name, step(name))
        try:
            yield
        finally:
            for name, function in whole.items():
                setattr(os, name, function)


@pytest.mark.parametrize("stays", [False, True], ids=["for a moment", "from then on"])
def test_full_at_every_step(
    site: Site, build_here: Callable[..., BuildReport], note: Note, stays: bool, tmp_path: Path
) -> None:
    build_all(site, build_here)
    expected = tree(site.output)
    assert len(leaflets(site.output)) == 3
    counted = Disk(0, stays=False)
    shutil.rmtree(site.output)
    with counted():
        build_all(site, build_here)
    assert tree(site.output) == expected
    assert counted.count > 40
    for number in range(1, counted.count + 1):
        shutil.rmtree(site.output)
        with Disk(number, stays=stays)():
            report = build_all(site, build_here)
        # For a moment only, a step may not matter: to make a folder that is there, say.
        assert report.exit_code == ExitCode.RENDER or (not stays and report.exit_code == ExitCode.OK), number
        messages = {str(d) for failed in report.failed for d in failed.diagnostics}
        assert all("No space left on device" in message for message in messages), messages
        found = tree(site.output)
        assert not [name for name in found if name.endswith(".part")], number
        assert all(expected[name] == data for name, data in leaflets(site.output).items()), number
        assert build_all(site, build_here).exit_code == ExitCode.OK
        assert tree(site.output) == expected, number
    lasting = "from then on" if stays else "for a moment"
    note(
        f"disk full at the n-th step that changes it, for every n, {lasting}",
        counted.count,
        "what is written is whole; told in a sentence; the next build completes",
    )


IN_A_SMALL_DISK = """
import json, sys
from pathlib import Path
sys.path[:0] = {path!r}
from faults.test_disk import fill_little_by_little
print(json.dumps(fill_little_by_little(Path({folder!r}), Path({disk!r}))))
"""


def fill_little_by_little(folder: Path, disk: Path) -> list[dict[str, Any]]:
    """Build into a disk with no page free, then one, then two …; return what happened each time.

    Runs in a process of its own that alone sees the disk. The temporary folder lies on it, too.
    """
    import tempfile

    from pipeline.renderers.pdf.engine import font_configuration

    tempfile.tempdir = str(disk / "tmp")
    from conftest import Serial

    ballast, output, project = disk / "ballast", disk / "output", folder / "project"
    page, results = 4096, []
    for free in (*range(40), *range(40, 1000, 4)):
        shutil.rmtree(output, ignore_errors=True)
        ballast.unlink(missing_ok=True)
        font_configuration.cache_clear()  # what the last one copied of the fonts
        gc.collect()
        (disk / "tmp").mkdir(exist_ok=True)
        with ballast.open("wb", buffering=0) as file:
            with suppress(OSError):
                while file.write(bytes(page)) == page:
                    ...
            file.truncate(max(0, file.tell() - free * page))
        wishes = Wishes(languages=("en",))
        report = collect(build(project, output, wishes, executor=Serial()))
        messages = sorted({str(d) for failed in report.failed for d in failed.diagnostics})
        half = {name: len(data) for name, data in leaflets(output).items()}
        parts = [name for name in tree(output) if name.endswith(".part")] if output.exists() else []
        first = report.exit_code
        ballast.unlink()
        report = collect(build(project, output, wishes, executor=Serial()))
        whole = {name: data.hex()[:64] + str(len(data)) for name, data in tree(output).items()}
        results.append(
            {
                "code": first,
                "messages": messages,
                "half": half,
                "parts": parts,
                "then": report.exit_code,
                "whole": whole,
            }
        )
        if first == ExitCode.OK:
            break
    return results


def in_a_small_disk(folder: Path, disk: Path) -> list[str] | None:
    """Return how to run Python where `disk` is a small disk, or None where nobody may mount one."""
    disk.mkdir()
    code = IN_A_SMALL_DISK.format(path=[str(ROOT), str(ROOT / "tests")], folder=str(folder), disk=str(disk))
    mount = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" -P -X utf8 -c "$3"'
    for before in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        command = [*before, "sh", "-c", mount, "sh", str(disk), sys.executable]
        if not shutil.which("unshare"):
            return None
        if subprocess.run([*command, "pass"], capture_output=True, check=False).returncode == 0:
            return [*command, code]
    return None


def test_a_small_disk_filled_to_every_page(site: Site, tmp_path: Path, note: Note) -> None:
    command = in_a_small_disk(site.folder, tmp_path / "disk")
    if command is None:  # the other tests here stand for it: they need nobody's leave
        test_files_that_may_not_grow(site, note)
        return
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    results = json.loads(done.stdout)
    *refused, last = results
    assert len(refused) > 20
    assert last["code"] == ExitCode.OK, last["messages"]
    for result in refused:
        assert result["code"] == ExitCode.RENDER
        assert result["parts"] == []
        for message in result["messages"]:
            assert "No space left on device" in message, message
        assert result["then"] == ExitCode.OK
        assert result["whole"] == last["whole"]
    note(
        "disk full: a small tmpfs with n pages free, for every n",
        len(refused),
        "what is written is whole; told in a sentence; the next build completes",
    )


def test_files_that_may_not_grow(site: Site, note: Note) -> None:
    """As a full disk where nobody may mount one: the system refuses whatever makes a file longer."""
    expected: Tree = {}
    sizes = (0, 1, 1000, 4096, 16384, 30000)
    for size in sizes:
        shutil.rmtree(site.output, ignore_errors=True)
        done = site.build(first=f"import resource as r; r.setrlimit(r.RLIMIT_FSIZE, ({size}, {size}))")
        assert done.returncode == ExitCode.RENDER
        assert "File too large" in done.stderr or "No usable temporary directory" in done.stderr
        assert "Traceback" not in done.stderr
        done = site.build()
        assert (done.returncode, done.stderr) == (ExitCode.OK, "")
        expected = expected or tree(site.output)
        site.is_as(expected)
    note("no file may grow beyond a size", len(sizes), "told in a sentence; the next build completes")


# Takes from root the right to write where it may not; others have none. PR_CAPBSET_DROP is 24,
# CAP_DAC_OVERRIDE is 1, CAP_DAC_READ_SEARCH is 2.
WITHOUT_SPECIAL_RIGHTS = """
import ctypes, os
for capability in (1, 2) if os.geteuid() == 0 else ():
    if ctypes.CDLL(None).prctl(24, capability, 0, 0, 0):
        raise SystemExit("a right cannot be taken away")
"""


def forbid(folder: Path, *, is_forbidden: bool) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o555 if is_forbidden else 0o755)


def test_a_folder_that_may_not_be_written_into(
    site: Site, undisturbed: tuple[Tree, Tree], note: Note
) -> None:
    site.complete(undisturbed[0])
    forbid(site.output, is_forbidden=True)
    # What is up to date needs no writing.
    done = site.build(first=WITHOUT_SPECIAL_RIGHTS)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    site.change()
    done = site.build(first=WITHOUT_SPECIAL_RIGHTS)
    assert done.returncode == ExitCode.RENDER
    assert "cannot be written: Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
    site.is_as(undisturbed[0])
    forbid(site.output, is_forbidden=False)
    site.complete(undisturbed[1])
    # The folder around it: the output cannot even be made.
    shutil.rmtree(site.output)
    forbid(site.project, is_forbidden=True)
    done = site.build(first=WITHOUT_SPECIAL_RIGHTS)
    assert done.returncode == ExitCode.RENDER
    assert "cannot be written: Permission denied" in done.stderr
    forbid(site.project, is_forbidden=False)
    site.complete(undisturbed[1])
    note(
        "a folder that may not be written into",
        3,
        "up to date: exit code 0; else told in a sentence, nothing lost",
    )


def test_no_temporary_folder(site: Site, undisturbed: tuple[Tree, Tree], note: Note) -> None:
    for wrong in ("is not there", "may not be written into", "is no folder"):
        place = site.folder / f"tmp {wrong}"
        match wrong:
            case "may not be written into":
                place.mkdir(0o555)
            case "is no folder":
                place.write_bytes(b"")
            case _:
                ...
        done = site.build(env={"TMPDIR": str(place)}, first=WITHOUT_SPECIAL_RIGHTS)
        assert done.returncode in (ExitCode.OK, ExitCode.RENDER)  # Python looks for another folder
        assert "Traceback" not in done.stderr
        site.complete(undisturbed[0])
    note("a temporary folder that cannot be used", 3, "another is used; the next build completes")
