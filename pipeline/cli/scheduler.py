"""The scheduler of a Dask cluster: is its address one, does it answer, who works for it?"""

from __future__ import annotations

import asyncio
import logging
import threading
import warnings
from contextlib import suppress
from typing import Any

from pipeline.diagnostics import MissingToolError, ToolError, UsageError

# Seconds for one attempt to connect, and for one answer.
_CONNECT, ANSWER = 10.0, 60.0


def look(client: Any) -> tuple[str, int, int]:
    """Return which scheduler answers, and how many workers and threads it has."""
    identity = client.sync(client.scheduler.identity, n_workers=0, callback_timeout=ANSWER)
    return identity["id"], identity["n_workers"], identity["total_threads"]


def killer(address: str) -> type[BaseException]:
    """Return how the library says that a job kills its workers.

    Raises `UsageError` for an address that is none, `MissingToolError` if the library is not installed.
    """
    try:
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise MissingToolError("what a cluster needs is not installed", hint="./handout cluster") from error
    scheme, _, place = address.partition("://")
    if scheme not in ("tcp", "tls") or not place.rpartition(":")[2].isdigit():
        raise UsageError(
            f"“{address}” is no address of a scheduler", hint="write it as tcp://host:8786 or tls://host:8786"
        )
    return KilledWorker


def connect(address: str) -> Any:
    """Return a client of the scheduler. Raises `ToolError` if none answers."""
    import distributed
    from distributed.versions import VersionMismatchWarning

    library: Any = distributed  # its types are not complete

    # The library tells its log of what is told here in one sentence.
    for name in ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # What matters of the versions is compared by each worker.
    warnings.simplefilter("ignore", VersionMismatchWarning)
    failed = ToolError(
        f"no scheduler answers at {address}",
        hint="start it with: .venv/bin/dask scheduler",
    )
    # Behind a door where no scheduler lives a client would wait for ever, whatever the timeout.
    greeted = threading.Event()
    threading.Thread(target=_greet, args=(address, greeted), daemon=True).start()
    if not greeted.wait(_CONNECT):
        raise failed
    try:
        return library.Client(address, timeout=_CONNECT, set_as_default=False)
    except Exception as error:  # gone again, or of a version that it cannot talk to
        raise failed from error


def _greet(address: str, greeted: threading.Event) -> None:
    import distributed

    library: Any = distributed  # its types are not complete

    async def greet() -> None:
        safety = library.Security().get_connection_args("client")
        comm = await library.comm.connect(address, timeout=_CONNECT, **safety)
        greeted.set()
        await comm.close()

    with suppress(Exception):  # refused, unknown, silent: nobody greets
        asyncio.run(greet())
