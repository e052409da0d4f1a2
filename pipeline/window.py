"""Many calls on any executor, of which only a few are under way at once, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")


def windowed(
    executor: Executor, call: Callable[[A], T], arguments: Iterable[A], *, window: Callable[[], int]
) -> Iterator[tuple[A, Future[T]]]:
    """Yield each argument with what became of the call on it, as it is done.

    `window` says how many calls may be under way, and is asked anew each time: a cluster grows and shrinks.
    What is under way when the iterator is closed is canceled.
    """
    waiting = iter(arguments)
    under_way: dict[Future[T], A] = {}
    try:
        while True:
            for argument in islice(waiting, max(0, max(1, window()) - len(under_way))):
                under_way[executor.submit(call, argument)] = argument
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(future), future
    finally:
        for future in under_way:
            future.cancel()
