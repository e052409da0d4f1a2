"""Two builds at once into one folder: neither takes anything from the other."""

from __future__ import annotations

import shutil

import pytest

from faults.builds import Note, Site, Tree, leaflets, tree, wait_for
from pipeline.files import put, sweep

ROUNDS = 3


@pytest.mark.parametrize(
    "wishes",
    [((), ()), (("-l", "en"), ("-l", "de")), (("-f", "pdf"), ("-f", "txt", "-f", "html", "-f", "docx"))],
    ids=["the same", "a language each", "formats each"],
)
def test_two_builds_at_once(
    site: Site, undisturbed: tuple[Tree, Tree], note: Note, wishes: tuple[tuple[str, ...], ...]
) -> None:
    for number in range(ROUNDS):
        is_changed = number % 2 == 1
        site.change() if is_changed else site.restore()
        if number == 2:
            shutil.rmtree(site.output)
        processes = [site.start(*own, "-j", "1") for own in wishes]
        for process in processes:
            out, errors = process.communicate(timeout=300)
            assert (process.returncode, errors) == (0, ""), out
        # Between them they made all, and whichever was the last to list has listed all.
        site.is_as(undisturbed[is_changed])
        site.complete(undisturbed[is_changed])
    note("two builds at once into one folder", ROUNDS * len(wishes), "both end well, all is there and listed")


def test_one_build_sweeps_while_another_writes(
    site: Site, undisturbed: tuple[Tree, Tree], note: Note
) -> None:
    process = site.start()
    wait_for(lambda: site.output.exists() or process.poll() is not None)
    times = 0
    while process.poll() is None:
        sweep(site.output)
        times += 1
    out, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, ""), out
    site.is_as(undisturbed[0])
    assert times > 10
    assert len(leaflets(site.output)) == 10
    note("parts swept by another build while they are written", times, "none is lost")


def test_a_part_that_nobody_writes_is_swept(site: Site) -> None:
    put(site.output / "en" / "whole.txt", b"whole")
    (site.output / "en" / ".left.part").write_bytes(b"half")
    sweep(site.output)
    assert tree(site.output) == {"en/whole.txt": b"whole"}
