"""A Dask cluster as an executor: what is lost on the way is given out again until it is done.

`Client.get_executor()` would be shorter, but its futures are cancelled when the scheduler goes, and never
end if the connection breaks while a result is fetched. Jobs may be done twice, so they are simply sent again.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar

from pipeline.cli.scheduler import ANSWER, connect, killer, look
from pipeline.diagnostics import PipelineError, RenderError, ToolError
from pipeline.report import count_text

P = ParamSpec("P")
T = TypeVar("T")

# How many jobs are sent ahead for each thread of a worker: it need not wait for the next one.
_AHEAD = 3
# Seconds from one look at the cluster to the next.
_LOOK = 1.0
# How often a job may get lost with its scheduler before it is given up.
_LOSSES = 20

_KILLED = RenderError(
    "the worker that makes it is killed each time, perhaps for want of memory",
    hint="see the logs of the workers, and give them more memory; all else is made",
)


@dataclass(slots=True, eq=False)
class _Task:
    """One job. `inner` is the cluster's future of it, or None while it has to be sent (again)."""

    call: Callable[[], Any]
    outer: Future[Any] = field(default_factory=Future)
    inner: Any = None
    losses: int = 0
    suspect: bool = False


class Cluster(Executor):
    """The workers of the Dask scheduler at `address`.

    A scheduler that goes may come back, and workers may come late: each is waited for `patience` seconds.
    `tell` is given a sentence whenever something happens that a person should know of. Raises `UsageError`
    for an address that is none, `MissingToolError` if the library is not installed, `ToolError` if no
    scheduler answers. A job that cannot be done ends with a `PipelineError`.
    """

    def __init__(self, address: str, *, tell: Callable[[str], None], patience: float = 300.0) -> None:
        self._address = address
        self._tell = tell
        self._patience = patience
        self._tasks: set[_Task] = set()
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._lost: PipelineError | None = None
        self._killer = killer(address)
        self._client = connect(address)
        self._scheduler, self._workers, self._threads = look(self._client)
        self._seen = time.monotonic()  # when there was a worker, for the last time
        self._told_of_none = False
        tell(f"{count_text(self._workers, 'worker')} at {address}")
        threading.Thread(target=self._watch, daemon=True).start()

    def room(self) -> int:
        """Return how many jobs keep all workers busy."""
        return _AHEAD * max(1, self._threads)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn` called by one of the workers, again and again if workers or the scheduler go."""
        task = _Task(partial(_at_worker, partial(fn, *args, **kwargs)))
        with self._lock:
            if self._lost:
                task.outer.set_exception(self._lost)
                return task.outer
            self._tasks.add(task)
            self._send(task)
        return task.outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 (of the base)
        """Leave the cluster; what is not done by then is canceled there. It is never waited for."""
        self._ended.set()
        with self._lock:
            self._tasks.clear()
        with suppress(Exception):  # the scheduler may be gone
            self._client.close(timeout=2)

    def _send(self, task: _Task) -> None:
        # What cannot be sent stays for the next look at the cluster.
        with suppress(Exception):
            # Not `pure`: another build's job of the same name may have another fate.
            task.inner = self._client.submit(task.call, pure=False)
            task.inner.add_done_callback(partial(self._settle, task))

    def _settle(self, task: _Task, inner: Any) -> None:
        """Pass on what became of a task; runs in a thread of the library."""
        if task.inner is not inner or self._ended.is_set():
            return
        result, raised, error = None, "", None
        try:
            if inner.status == "error":
                error = inner.exception(timeout=ANSWER)
            else:
                result, raised = inner.result(timeout=ANSWER)
        except BaseException:  # cancelled, or the connection broke: `CancelledError` is no `Exception`
            with self._lock:
                task.inner = None
                task.losses += 1
                if task.losses > _LOSSES:
                    self._fail(
                        task, ToolError("a job gets lost again and again", hint="see the scheduler's log")
                    )
            return
        with self._lock:
            if isinstance(error, self._killer) and not task.suspect:
                # Whatever was on those workers is under suspicion; alone it shows which job it is.
                self._tell("Workers were killed again and again; the jobs that they had are tried alone.")
                task.suspect, task.inner = True, None
            elif isinstance(error, self._killer):
                self._fail(task, _KILLED)
            elif error is not None or raised:
                reason = raised or _sentence(error or Exception())
                hint = "set it up as this machine is, and see its log"
                self._fail(task, ToolError(f"a worker could not do its job: {reason}", hint=hint))
            else:
                self._finish(task, result)
            self._try_suspect()

    def _finish(self, task: _Task, result: Any) -> None:
        self._tasks.discard(task)
        task.inner = None  # the cluster may forget it
        if task.outer.set_running_or_notify_cancel():
            task.outer.set_result(result)

    def _fail(self, task: _Task, error: PipelineError) -> None:
        self._tasks.discard(task)
        task.inner = None
        if task.outer.set_running_or_notify_cancel():
            task.outer.set_exception(error)

    def _try_suspect(self) -> None:
        """Send one job that is under suspicion, if nothing else is under way."""
        if any(not task.suspect or task.inner is not None for task in self._tasks):
            return
        for task in self._tasks:
            self._send(task)
            return

    def _watch(self) -> None:
        """Look at the cluster from time to time: is it there, has it workers, is anything to be sent?"""
        while not self._ended.wait(_LOOK):
            try:
                scheduler, workers, threads = look(self._client)
            except Exception:  # whatever the library says when nobody answers
                scheduler, workers, threads = "", 0, 0
            if self._ended.is_set():
                return
            # A scheduler that was started anew knows nothing of what it was sent before.
            if scheduler != self._scheduler and not self._reconnect():
                return
            if scheduler == self._scheduler:
                self._count(workers, threads)
            with self._lock:
                for task in [task for task in self._tasks if task.inner is None and not task.suspect]:
                    self._send(task)
                self._try_suspect()

    def _reconnect(self) -> bool:
        """Find the scheduler again, and give out everything again that is not done. False if it is gone."""
        self._tell(f"The scheduler at {self._address} is gone; waiting for it.")
        deadline = time.monotonic() + self._patience
        while not self._ended.is_set():
            try:
                client = connect(self._address)
                looked = look(client)
            except Exception:  # not there yet, or gone again
                if time.monotonic() > deadline:
                    self._give_up(f"the scheduler at {self._address} is gone, and does not come back")
                    return False
                self._ended.wait(_LOOK)
                continue
            with self._lock:
                old, self._client = self._client, client
                self._scheduler, self._workers, self._threads = looked
                for task in self._tasks:
                    task.inner = None
            self._tell(f"The scheduler is back; {count_text(len(self._tasks), 'job')} given out again.")
            with suppress(Exception):
                old.close(timeout=2)
            return True
        return False

    def _count(self, workers: int, threads: int) -> None:
        if workers < self._workers:
            lost = count_text(self._workers - workers, "worker")
            self._tell(f"{lost} lost, {workers} left; what was not done is given out again.")
        elif workers > self._workers:
            self._tell(f"{count_text(workers, 'worker')} at {self._address}")
        self._workers, self._threads = workers, threads
        if workers or not self._tasks:
            self._seen, self._told_of_none = time.monotonic(), False
            return
        if not self._told_of_none:
            self._told_of_none = True
            self._tell("No worker is there; waiting for one.")
        if time.monotonic() > self._seen + self._patience:
            self._give_up(f"the scheduler at {self._address} has no worker")

    def _give_up(self, reason: str) -> None:
        error = ToolError(reason, hint="what was finished is kept; the next build goes on from there")
        with self._lock:
            self._lost = error
            for task in tuple(self._tasks):
                self._fail(task, error)


def _at_worker(call: Callable[[], T]) -> tuple[T | None, str]:
    """Call it in a worker; return what it gives and "", or None and what it raised.

    An exception itself does not always survive the way back; then the library would wait for ever. The
    worker's own folder takes the temporary files, and goes when the worker goes.
    """
    from distributed import get_worker

    tempfile.tempdir = get_worker().local_directory
    try:
        return call(), ""
    except Exception as error:
        return None, _sentence(error)


def _sentence(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
