"""The processes that a build runs in: started when there is work, gone when the build is."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from types import TracebackType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# What every process needs, whatever it makes.
_ALWAYS = ("pipeline.build", "pipeline.checks.artefact", "pipeline.checks.reading")

# What each format loads that takes time; an e-book asks the PDF for its pages.
_HEAVY = {
    "pdf": ("pipeline.renderers.pdf",),
    "docx": ("pipeline.renderers.docx",),
    "epub": ("pipeline.renderers.pdf", "pipeline.renderers.epub"),
}


class Workers(Executor):
    """A pool of processes that start clean and load the renderers of `formats` once.

    None starts before there is work, so that a build with nothing to do stays fast. What they put into
    the temporary folder goes when they go; if the build is broken off, they are ended at once, since
    whatever they write is written whole or not at all.
    """

    def __init__(self, count: int, *, formats: Iterable[str]) -> None:
        self._count = count
        self._preloaded = sorted({module for name in formats for module in _HEAVY.get(name, ())})
        self._pool: ProcessPoolExecutor | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn` called in one of the processes."""
        pool = self._pool = self._pool or self._start()
        # Ctrl-C reaches every process of the terminal. Only this one answers it: a process that is
        # started here inherits that the signal is held back. Nor may a process be lost half started.
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            return pool.submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for the processes to end, and remove what they left in the temporary folder."""
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)
        if self._folder is not None:
            self._folder.cleanup()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            for process in multiprocessing.active_children():
                process.kill()
        self.shutdown(cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        method = "forkserver" if sys.platform.startswith("linux") else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload([__name__, *_ALWAYS, *self._preloaded])
        self._folder = tempfile.TemporaryDirectory(prefix="handout-")
        return ProcessPoolExecutor(
            self._count, mp_context=context, initializer=_begin, initargs=(self._folder.name,)
        )


def _begin(folder: str) -> None:
    """Make this process use `folder` for temporary files, and end when the one that started it ends."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    tempfile.tempdir = folder
    # What is loaded by now stays: looking through it for garbage again and again is a twentieth of all work.
    gc.freeze()
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """Wait for the end of the parent, be it by kill -9, which no process can answer."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
