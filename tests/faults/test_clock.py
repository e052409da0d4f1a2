"""A clock that is wrong, files from the future: a build does not ask what time it is."""

from __future__ import annotations

import os

import pytest

from faults.builds import Note, Site, Tree

# What a file named sitecustomize.py says, Python does when it starts: in each process of a build.
CLOCK = """
import datetime, time
SHIFT = {seconds}
whole = {{name: getattr(time, name) for name in ("time", "time_ns", "gmtime", "localtime", "strftime")}}
time.time = lambda: whole["time"]() + SHIFT
time.time_ns = lambda: whole["time_ns"]() + SHIFT * 10**9
time.gmtime = lambda seconds=None: whole["gmtime"](time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: whole["localtime"](time.time() if seconds is None else seconds)
time.strftime = lambda form, when=None: whole["strftime"](form, when or time.localtime())

real = datetime.datetime

class Kind(type):
    def __instancecheck__(cls, value):
        return isinstance(value, real)

class Shifted(real, metaclass=Kind):
    @classmethod
    def now(cls, tz=None):
        return real.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return real.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)

datetime.datetime = Shifted
"""
YEAR = 365 * 86400


@pytest.mark.parametrize("years", [-1, -40, 60])
def test_a_clock_that_is_wrong(site: Site, undisturbed: tuple[Tree, Tree], note: Note, years: int) -> None:
    shim = site.folder / "shim"
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(CLOCK.format(seconds=years * YEAR), "utf-8")
    shifted = {"PYTHONPATH": str(shim), "PYTHONDONTWRITEBYTECODE": "1"}
    # From nothing; then what the right clock made, changed; then with the right clock.
    for is_changed in (False, True):
        site.change() if is_changed else site.restore()
        done = site.build(env=shifted)
        assert (done.returncode, done.stderr) == (0, "")
        site.is_as(undisturbed[is_changed])
    site.restore()
    site.complete(undisturbed[0])
    note("a clock set back or forward by years", 2, "the same byte for byte, made anew when it must be")


@pytest.mark.parametrize("second", [0, 4_000_000_000], ids=["1970", "2096"])
def test_files_of_another_time(site: Site, undisturbed: tuple[Tree, Tree], note: Note, second: int) -> None:
    site.complete(undisturbed[0])
    site.change()
    for path in site.project.rglob("*"):
        os.utime(path, (second, second))
    site.complete(undisturbed[1])
    site.restore()
    for path in site.project.rglob("*"):
        os.utime(path, (second, second))
    site.complete(undisturbed[0])
    note("files from the past or the future", 2, "what changed is made anew, by what it says")


@pytest.mark.parametrize("epoch", ["0", "4000000000", "-1", "no number"])
def test_any_source_date_epoch(site: Site, undisturbed: tuple[Tree, Tree], note: Note, epoch: str) -> None:
    done = site.build(env={"SOURCE_DATE_EPOCH": epoch, "TZ": "Pacific/Kiritimati"})
    assert (done.returncode, done.stderr) == (0, "")
    site.is_as(undisturbed[0])
    site.complete(undisturbed[0])
    note("SOURCE_DATE_EPOCH of any value", 1, "the same byte for byte")
