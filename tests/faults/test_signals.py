"""Ctrl-C and the request to end, at random moments: a sentence at most, and an exit code."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from faults.builds import INTERRUPTED, SEED, Note, Site, Tree, kill, leaflets, wait_for, wait_until_gone

TIMES = 12
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def has_begun(pid: int) -> bool:
    """Whether our program has begun: until then Python answers, with a traceback.

    Python ignores SIGPIPE from its start on, and answers SIGINT; our first line makes that end the process.
    """
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        words = dict(line.split(":\t", 1) for line in lines)
        masks = {name: int(words[name], 16) for name in ("SigIgn", "SigCgt")}
        is_python = masks["SigIgn"] >> (signal.SIGPIPE - 1) & 1
        answers = {number: masks["SigCgt"] >> (number - 1) & 1 for number in CODES}
        return bool(is_python and (answers[signal.SIGTERM] or not answers[signal.SIGINT]))
    return True


def ask_to_end(process: subprocess.Popen[str], number: signal.Signals, *, whole_group: bool) -> None:
    with suppress(ProcessLookupError):
        (os.killpg if whole_group else kill)(process.pid, number)


@pytest.mark.parametrize(
    ("number", "whole_group"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGTERM, True)],
    ids=["Ctrl-C in a terminal", "kill -INT", "a service is stopped", "a whole group is stopped"],
)
def test_asked_to_end_at_random_moments(
    site: Site,
    undisturbed: tuple[Tree, Tree],
    note: Note,
    number: signal.Signals,
    whole_group: bool,
    request: pytest.FixtureRequest,
) -> None:
    seconds = 2.0
    moments = random.Random(f"{SEED} {request.node.name}")
    ended, is_changed = 0, False
    for attempt in range(50 * TIMES):
        is_changed = attempt % 2 == 1
        site.change() if is_changed else site.restore()
        process = site.start()
        wait_for(lambda: has_begun(process.pid))  # noqa: B023
        started = time.monotonic()
        # A third of them while the program starts.
        time.sleep(moments.uniform(0, 0.3 if attempt % 3 == 0 else seconds))
        ask_to_end(process, number, whole_group=whole_group)
        if attempt % 4 == 0:  # who is impatient asks twice
            time.sleep(moments.uniform(0, 0.05))
            ask_to_end(process, number, whole_group=whole_group)
        out, errors = process.communicate(timeout=300)
        wait_until_gone(process)
        if process.returncode == 0:  # all was made before
            seconds = (seconds + time.monotonic() - started) / 2
            assert errors == ""
        elif process.returncode == -number:  # it had not begun
            assert (out, errors) == ("", "")
            ended += 1
        else:
            assert (process.returncode, errors) == (CODES[number], INTERRUPTED), out
            ended += 1
        for name, data in leaflets(site.output).items():
            assert data in [expected[name] for expected in undisturbed], name
        if attempt % 3 == 0 or process.returncode == 0:
            site.complete(undisturbed[is_changed])
        if ended >= TIMES:
            break
    site.complete(undisturbed[is_changed])
    name = (
        f"{number.name} to {'the whole group' if whole_group else 'the build'}, some in the start, some twice"
    )
    note(name, ended, f"one sentence at most, exit code {CODES[number]}; the next build completes")
