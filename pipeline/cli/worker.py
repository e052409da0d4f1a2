"""One process of a build: what it is asked for through its pipe, it does, and answers."""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.cli.machine import resident
from pipeline.cli.scratch import scratch

# A function, its arguments, and those by name.
Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

# What the name of a socket adds to its folder's, and the most bytes that the system allows for all of it.
_SOCKET = len("/pymp-12345678/listener-12345678")
_LONGEST_SOCKET = 108

_NEW_OBJECTS = 10_000  # after how many the garbage is collected
_PATIENCE = 10.0  # seconds for a process without work to end by itself


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: a value, or an error; and how many bytes of memory the process holds now."""

    value: Any
    error: Exception | None
    resident: int


@dataclass(frozen=True, slots=True, eq=False)
class Worker:
    """A process, this end of its pipe, and its temporary folder."""

    process: BaseProcess
    pipe: Connection
    folder: Path


def hire(preloaded: Iterable[str]) -> Worker:
    """Start a process that has loaded these modules, where that can be. Raises `OSError` or `EOFError`.

    It inherits that signals are held back, so that Ctrl-C, which reaches every process of the terminal, is
    answered by one alone. From here on they are in this thread, too: it is not the main one.
    """
    resource_tracker.ensure_running()  # which ends by letting them through
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    context = _context(preloaded)
    folder = Path(tempfile.mkdtemp(dir=scratch()))
    pipe, its_pipe = context.Pipe()
    with its_pipe:
        process = context.Process(target=_serve, args=(its_pipe, folder), daemon=True)  # type: ignore[attr-defined]
        process.start()
    return Worker(process, pipe, folder)


def prepare(preloaded: Iterable[str]) -> None:
    """Begin to load these modules for processes that will be needed, while this one does other things."""
    with suppress(OSError, EOFError):  # whoever needs a process will tell
        context = _context(preloaded)
        if context.get_start_method() == "forkserver":
            from multiprocessing import forkserver

            resource_tracker.ensure_running()
            with signals_held():
                forkserver.ensure_running()


def _context(preloaded: Iterable[str]) -> BaseContext:
    """Return the way to start processes: by a server that has loaded all, if its socket can have a name."""
    has_room = len(os.fsencode(scratch())) + _SOCKET < _LONGEST_SOCKET
    if not (sys.platform.startswith("linux") and has_room):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, *preloaded])
    return context


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold Ctrl-C and the request to end back until this is done."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def dismiss(workers: Iterable[Worker]) -> None:
    """Let processes that have no work end; end those that do not; remove their temporary folders."""
    leaving = tuple(workers)
    for worker in leaving:
        with suppress(OSError):
            worker.pipe.send(None)
    for worker in leaving:
        worker.process.join(_PATIENCE)
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        shutil.rmtree(worker.folder, ignore_errors=True)


def _serve(pipe: Connection, folder: Path) -> None:
    """Answer calls until there are no more, or the process that asks is gone."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    tempfile.tempdir = str(folder)
    # What is loaded by now stays: looking through it for garbage again and again is a twentieth of all work,
    # and another tenth is what looking after every 700 new objects costs, of which a page has 100,000.
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
    threading.Thread(target=_follow_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while call := pipe.recv():
            answer = _answer(call)
            try:
                pipe.send(answer)
            except OSError:
                raise
            except Exception as error:  # what cannot be sent is told in words
                pipe.send(Answer(None, RuntimeError(str(answer.error or error)), answer.resident))


def _answer(call: Call) -> Answer:
    function, arguments, named = call
    try:
        return Answer(function(*arguments, **named), None, resident())
    except Exception as error:
        return Answer(None, error, resident())


def _follow_parent() -> None:
    """Wait for the end of the parent, be it by kill -9, which no process can answer."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
