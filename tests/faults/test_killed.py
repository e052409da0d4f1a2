"""kill -9 at random moments: of the build, of all its processes, of a worker, of what starts the workers."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faults.builds import (
    SEED,
    Note,
    Site,
    Tree,
    group_of,
    in_peace,
    kill,
    leaflets,
    wait_for,
    wait_until_gone,
    workers_of,
)

KILLS = 100
# What two lanes build beside each other.
LANES = (("-j", "1", "-f", "txt", "-f", "html", "-f", "docx"), ("-j", "2"))
ATTEMPTS = 10 * KILLS  # a build that has ended before the moment came does not count

# Whom a kill meets, and how often.
VICTIMS = {"the build": 4, "all its processes": 3, "a worker": 3, "what starts the workers": 1}


class Lane:
    """A project that is built and killed again and again, anew or with a changed source."""

    def __init__(self, folder: Path, number: int, undisturbed: tuple[Tree, Tree]) -> None:
        self.site = Site(folder / str(number), LANES[number])
        self.random = random.Random(f"{SEED} {number}")
        self.undisturbed = undisturbed
        self.killed: Counter[str] = Counter()
        self.is_changed = False
        self.seconds = 2.0

    def run(self, kills: int) -> Counter[str]:
        """Kill so many builds; complete each."""
        for _ in range(ATTEMPTS):
            if self.killed.total() == kills:
                return self.killed
            self.is_changed = not self.is_changed
            self.site.change() if self.is_changed else self.site.restore()
            self.kill_one(self.random.choices(list(VICTIMS), list(VICTIMS.values()))[0])
        raise AssertionError("no build lived until it should be killed")

    def kill_one(self, victim: str) -> None:
        """Start a build, kill what is named at some moment, and look at all that is there."""
        process = self.site.start()
        started = time.monotonic()
        survives = victim in ("a worker", "what starts the workers")
        if survives:  # it must be there first
            wait_for(lambda: workers_of(process.pid) or process.poll() is not None)
        time.sleep(self.random.uniform(0, self.seconds / 4 if survives else self.seconds))
        met = self.hit(victim, process.pid)
        out, errors = process.communicate(timeout=300)
        wait_until_gone(process)
        # Whatever is there is whole, of the one source or of the other.
        for name, data in leaflets(self.site.output).items():
            assert data in [expected[name] for expected in self.undisturbed], name
        # What has ended by itself just then was not killed.
        met = met and (survives or process.returncode != 0)
        if not met:
            self.seconds = (self.seconds + time.monotonic() - started) / 2
        elif survives:
            assert (process.returncode, errors) == (0, ""), out
        else:
            assert process.returncode == -signal.SIGKILL
        self.killed[victim] += met
        self.site.complete(self.undisturbed[self.is_changed])

    def hit(self, victim: str, leader: int) -> bool:
        """Kill, and return whether what is named was there."""
        match victim:
            case "a worker":
                found = workers_of(leader)
                return bool(found) and kill(self.random.choice(found))
            case "what starts the workers":
                parents = {group_of(leader).get(pid, 0) for pid in workers_of(leader)}
                return sum(kill(pid) for pid in parents if pid) > 0
            case "the build":
                return leader in group_of(leader) and kill(leader)
            case _:
                group = group_of(leader)
                return sum(kill(pid) for pid in group) > 0 and leader in group


def test_killed_at_random_moments(tmp_path: Path, undisturbed: tuple[Tree, Tree], note: Note) -> None:
    lanes = [Lane(tmp_path, 0, in_peace(tmp_path, LANES[0])), Lane(tmp_path, 1, undisturbed)]
    with ThreadPoolExecutor(len(lanes)) as pool:
        killed = sum(pool.map(Lane.run, lanes, [KILLS // 2] * 2), Counter[str]())
    assert killed.total() == KILLS
    for victim in VICTIMS:
        ends = (
            "the same build goes on, nothing lost"
            if victim not in list(VICTIMS)[:2]
            else "the next build completes"
        )
        note(f"kill -9 at a random moment: {victim}", killed[victim], ends)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_worker_killed_as_soon_as_it_is_there(
    site: Site, undisturbed: tuple[Tree, Tree], note: Note, jobs: int
) -> None:
    """No worker lives to do anything: each leaflet has failed, with one sentence, and the build ends."""
    process = site.start("-j", str(jobs))
    wait_for(lambda: workers_of(process.pid) or not group_of(process.pid))
    killed = 0
    while process.poll() is None:
        time.sleep(0.005)
        killed += sum(kill(pid) for pid in workers_of(process.pid))
    out, errors = process.communicate(timeout=300)
    assert process.returncode in (0, 6)
    assert "Traceback" not in out + errors
    if process.returncode:
        assert "the process that makes it was ended from outside: twice, at last by SIGKILL" in errors
    assert killed > 4
    site.complete(undisturbed[0])
    note(
        "kill -9 of every worker, over and over",
        killed,
        "each leaflet fails in a sentence; the next build completes",
    )
