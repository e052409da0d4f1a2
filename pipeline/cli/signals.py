"""Ctrl-C and the request to end: asked once, answered once, in the main thread."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from pipeline.diagnostics import ExitCode

# How the process ends when it is asked to.
_EXIT_CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}
_SHORTLY = 0.01  # seconds


class Signaled(KeyboardInterrupt):
    """A signal asks us to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.exit_code = _EXIT_CODES[signal.Signals(number)]


def answer() -> None:
    """Raise `Signaled` when a signal comes. Until now one just ended the process: it has done nothing yet."""
    for number in _EXIT_CODES:
        signal.signal(number, _interrupt)
    sys.unraisablehook = _raise_again


def ignore() -> None:
    """Let no second Ctrl-C, or a late one, break off what is over."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in _EXIT_CODES:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, _: FrameType | None) -> None:
    raise Signaled(number)


def _raise_again(lost: sys.UnraisableHookArgs) -> None:
    """Ask again if the question was lost: no exception leaves a callback of the interpreter's own."""
    if not isinstance(lost.exc_value, Signaled):
        sys.__unraisablehook__(lost)
        return
    number = lost.exc_value.number
    signal.signal(signal.SIGALRM, lambda *_: _interrupt(number, None))
    signal.setitimer(signal.ITIMER_REAL, _SHORTLY)
