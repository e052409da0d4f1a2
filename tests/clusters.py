"""A scheduler and workers of Dask, and a server that speaks S3, as processes and threads of the tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lxml import etree

SECONDS = 120.0  # how long a test waits for what must come

# Loaded into each worker: leaves a mark when a job begins, and waits, dawdles or dies as the test wants.
PRELOAD = """\
import os
import time
from pathlib import Path

from pipeline import errand

make = getattr(errand, "unwatched", errand.make)  # it is loaded twice: by the command and by the worker


def watched(job):
    place = Path(os.environ["MARKS"])
    name = f"{job.language}-{job.handout}-{job.edition}"
    (place / f"{os.getpid()} {name}").touch()
    if name == os.environ.get("DEADLY"):
        os._exit(1)
    until = time.monotonic() + 60
    while "HOLD" in os.environ and not (place / "go").exists() and time.monotonic() < until:
        time.sleep(0.05)
    result = make(job)
    time.sleep(float(os.environ.get("PAUSE", "0")))
    return result


errand.unwatched, errand.make = make, watched
"""


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Machines:
    """Processes of a cluster, on this machine alone; `close` ends them all."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.marks = folder / "marks"
        self.marks.mkdir()
        (folder / "preload.py").write_text(PRELOAD, "utf-8")
        self.env = os.environ | {"MARKS": str(self.marks)} | env
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def scheduler(self) -> subprocess.Popen[bytes]:
        """Start a scheduler: the second time where the first one was."""
        port = self.address.rpartition(":")[2] or "0"
        told = self.folder / f"scheduler-{len(self.processes)}.json"
        where = ("--host", "127.0.0.1", "--port", port, "--no-dashboard", "--scheduler-file", told)
        process = self._start("distributed.cli.dask_scheduler", where)
        wait_for(lambda: told.exists() and told.read_text("utf-8").strip().endswith("}"))
        self.address = json.loads(told.read_text("utf-8"))["address"]
        return process

    def worker(self, *arguments: str, **env: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread."""
        own = self.folder / "workers"
        usual = ("--nthreads", "1", "--no-dashboard", "--local-directory", own)
        preload = ("--preload", self.folder / "preload.py")
        command: tuple[str | Path, ...] = (self.address, *usual, *preload, *arguments)
        return self._start("distributed.cli.dask_worker", command, **env)

    def _start(self, module: str, arguments: Iterable[str | Path], **env: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-X", "utf8", "-m", module, *arguments],
                stdout=log,
                stderr=log,
                env=self.env | env,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def begun(self) -> dict[int, str]:
        """Return which job each worker's process has begun last."""
        marks = sorted(self.marks.glob("* *"), key=lambda path: path.stat().st_mtime_ns)
        return {int(number): name for number, _, name in (path.name.partition(" ") for path in marks)}

    def close(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Bucket:
    """A server that speaks S3, with one bucket. While `refusals` are left, it takes no object."""

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import make_server

        application: Any = DomainDispatcherApplication(create_backend_app)
        self.refusals = 0
        self.refused = 0

        def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] == "PUT" and self.refusals > 0:
                self.refusals -= 1
                self.refused += 1
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start("503 Slow Down", [("Content-Type", "application/xml")])
                return [b"<Error><Code>SlowDown</Code><Message>Please slow down</Message></Error>"]
            answer: Iterable[bytes] = application(environ, start)
            return answer

        self._server = make_server("127.0.0.1", 0, serve, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        # What any client of S3 reads.
        self.env = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "anybody",
            "AWS_SECRET_ACCESS_KEY": "anything",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        self._ask("PUT", "")

    def files(self, folder: str) -> dict[str, bytes]:
        """Return all objects below a folder."""
        listing = etree.fromstring(self._ask("GET", f"?list-type=2&prefix={folder}/"))
        names = [key.text or "" for key in listing.iter("{*}Key")]
        return {name.removeprefix(f"{folder}/"): self._ask("GET", f"/{name}") for name in names}

    def put(self, name: str, data: bytes) -> None:
        self._ask("PUT", f"/{name}", data)

    def _ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        # The server looks whether a request is signed, not how.
        signed = {
            "Authorization": "AWS4-HMAC-SHA256 Credential=anybody/20260101/us-east-1/s3/aws4_request",
            "Content-Type": "application/octet-stream",
        }
        address = f"{self.endpoint}/leaflets{quote(path, safe='/?=&')}"
        request = urllib.request.Request(address, data=data, method=method, headers=signed)
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            body: bytes = answer.read()
        return body

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
