"""The processes that a build runs in: started when there is work, gone when the build is.

Each has a pipe of its own to this process, and they share no lock: when one dies, it is known what it
had in hand, and no other waits for it.
"""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import wait as wait_for
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from pipeline.cli.scratch import scratch, sweep_scratch
from pipeline.cli.worker import Answer, Call, Worker, dismiss, hire, prepare, signals_held

P = ParamSpec("P")
T = TypeVar("T")

# What each format loads that takes time; an e-book asks the PDF for its pages.
_HEAVY = {
    "pdf": ("pipeline.renderers.pdf",),
    "docx": ("pipeline.renderers.docx",),
    "epub": ("pipeline.renderers.pdf", "pipeline.renderers.epub"),
}

# What every process needs, whatever it makes.
_ALWAYS = ("pipeline.build", "pipeline.checks.artefact", "pipeline.checks.reading")

# A process that holds more bytes of memory than this makes room for a new one.
GROWN = 400_000_000


class ProcessDied(BrokenExecutor):
    """A piece of work whose process was ended, twice, the second time with no other beside it."""


@dataclass(slots=True, eq=False)
class _Task:
    future: Future[Any]
    call: Call
    has_cost_a_process: bool = False


class Workers(Executor):
    """Processes that start clean, load the renderers of `formats` once, and stay for the next piece of work.

    None starts before there is work, so that a build with nothing to do stays fast. One that is ended, be
    it for want of memory, costs nothing: what it had in hand is tried once more, in a new process, when all
    else is done and with nothing beside it. What ends that too has failed, with `ProcessDied`. A process
    that holds more than `grown` bytes is replaced. What they put into the temporary folder goes when they
    go. If the build is broken off they are ended at once: what they write is written whole or not at all.
    """

    def __init__(self, count: int, *, formats: Iterable[str], grown: int = GROWN) -> None:
        self._count = count
        self._grown = grown
        self._preloaded = _preloaded(formats)
        self._keeper: threading.Thread | None = None
        self._bell, self._ringer = Pipe(duplex=False)
        # The keeper's alone:
        self._idle: list[Worker] = []
        self._busy: dict[Worker, _Task] = {}
        self._suspects: deque[_Task] = deque()
        # Shared with it, under the lock:
        self._lock = threading.Lock()
        self._waiting: deque[_Task] = deque()
        self._ending = self._broken_off = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn` called in one of the processes."""
        future: Future[T] = Future()
        # Ctrl-C reaches every process of the terminal, and only this thread answers it: what is started
        # here inherits that signals are held back.
        with signals_held():
            with self._lock:
                if self._ending:
                    raise RuntimeError("the processes were told to end")
                self._waiting.append(_Task(future, (fn, args, kwargs)))
                is_first = len(self._waiting) == 1
            if self._keeper is None:
                scratch()
                self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
                self._keeper.start()
            if is_first:  # behind others it waits in any case
                self._ring()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for the processes to end, which takes what they left in the temporary folder with it."""
        with self._lock:
            self._ending = True
            if cancel_futures:
                for task in self._waiting:
                    task.future.cancel()
        if self._keeper is None:
            return
        self._ring()
        if wait:
            self._keeper.join()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with signals_held():  # a second Ctrl-C waits until all is cleaned up
            self._broken_off = kind is not None
            self.shutdown(cancel_futures=True)

    def _ring(self) -> None:
        """Wake the keeper."""
        self._ringer.send_bytes(b"!")

    # What follows runs in the keeper's thread.

    def _keep(self) -> None:
        """Hand out work and take in results until all is done."""
        try:
            while self._hand_out():
                for ready in wait_for([self._bell, *(w.pipe for w in (*self._idle, *self._busy))]):
                    if ready is self._bell:
                        self._bell.recv_bytes()
                    else:
                        self._take_in(next(w for w in (*self._idle, *self._busy) if w.pipe is ready))
        except BaseException as error:  # whoever waits for a result must not wait for ever
            self._fail_all(error)
        for worker in self._busy:
            worker.process.kill()
        dismiss((*self._idle, *self._busy))
        self._fail_all(ProcessDied("the build was broken off"))

    def _hand_out(self) -> bool:
        """Give work to as many processes as may run; return whether there is more to come."""
        while not self._broken_off:
            with self._lock:
                if any(task.has_cost_a_process for task in self._busy.values()):
                    return True  # that runs alone
                if self._waiting and len(self._busy) < self._count:
                    task = self._waiting.popleft()
                elif self._suspects and not self._waiting and not self._busy:
                    task = self._suspects.popleft()
                else:
                    return bool(self._busy) or not self._ending
            if task.has_cost_a_process:
                self._let_go(*self._idle)  # with no other beside it
                self._give(task)
            elif task.future.set_running_or_notify_cancel():
                self._give(task)
        return False

    def _give(self, task: _Task) -> None:
        try:
            worker = self._idle.pop() if self._idle else hire(self._preloaded)
        except (OSError, EOFError) as error:
            self._do_with_fewer(task, error)
            return
        self._busy[worker] = task
        try:
            worker.pipe.send(task.call)
        except OSError:
            self._lose(worker)
        except Exception as error:  # what cannot be sent to another process
            self._idle.append(worker)
            task = self._busy.pop(worker)
            task.future.set_exception(error)

    def _do_with_fewer(self, task: _Task, error: Exception) -> None:
        """Go on with the processes that there are, since no more can be started."""
        if not self._busy:
            task.future.set_exception(ProcessDied(f"no process can be started: {error}"))
            return
        self._count = len(self._busy)
        (self._suspects if task.has_cost_a_process else self._waiting).appendleft(task)

    def _take_in(self, worker: Worker) -> None:
        """Take in what a process answers, or that it is gone."""
        try:
            answer: Answer = worker.pipe.recv()
        except (EOFError, OSError):
            self._lose(worker)
            return
        except Exception as error:  # an error that was sent, and cannot be made again here
            answer = Answer(None, error, 0)
        task = self._busy.pop(worker)
        self._idle.append(worker)
        if answer.resident > self._grown:
            self._let_go(worker)
        if answer.error is None:
            task.future.set_result(answer.value)
        else:
            task.future.set_exception(answer.error)

    def _lose(self, worker: Worker) -> None:
        """Put aside what a process had in hand that is gone."""
        task = self._busy.pop(worker, None)
        if task is None:
            self._idle.remove(worker)
        worker.process.kill()
        dismiss([worker])
        if task is None:
            return
        if task.has_cost_a_process:
            task.future.set_exception(ProcessDied(f"twice, at last {_end_text(worker.process.exitcode)}"))
        else:
            task.has_cost_a_process = True
            self._suspects.append(task)

    def _let_go(self, *workers: Worker) -> None:
        for worker in workers:
            self._idle.remove(worker)
        dismiss(workers)

    def _fail_all(self, error: BaseException) -> None:
        with self._lock:
            self._ending = True
            tasks = (*self._waiting, *self._suspects, *self._busy.values())
            self._waiting.clear()
        self._suspects.clear()
        self._busy.clear()
        for task in tasks:
            if not task.future.done():
                task.future.set_exception(error)


def get_ready(formats: Iterable[str]) -> None:
    """Begin to load what processes that make these formats need, before there is work for them."""
    sweep_scratch()  # which looks for a folder beside the one that is made now
    prepare(_preloaded(formats))


def _preloaded(formats: Iterable[str]) -> tuple[str, ...]:
    return (*_ALWAYS, *sorted({module for name in formats for module in _HEAVY.get(name, ())}))


def _end_text(code: int | None) -> str:
    """Return how a process ended, in words."""
    if code is None or code >= 0:
        return f"with exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"
