"""Errands: `make`, done in a process that may be on another machine.

With a store the process sees nothing but it: the project comes from there, and what is made goes there.
Artefacts go first and records last, so that what a record speaks of is always there, and whole.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from pipeline.build import make, settled, settled_of, unmade
from pipeline.copies import stencil_of
from pipeline.depot import Depot, open_depot
from pipeline.diagnostics import PipelineError, RenderError, SourceError
from pipeline.document import Document
from pipeline.download import LISTS, write_download_page
from pipeline.editions import Target
from pipeline.inputs import product, snapshot
from pipeline.making import Result
from pipeline.parcel import pack, unpack
from pipeline.plan import Job
from pipeline.report import Made, failure
from pipeline.store import record_path, sha256, testimony_path, write

# A worker may have several threads; what `make` remembers of a project is one for the whole process.
_TURN = threading.Lock()

# How many records are read at once to list a store; how often a list that another build wrote over is made.
_READERS, _LISTINGS = 8, 5

# The project that this process has unpacked: the digest of its parcel, and its snapshot.
_UNPACKED: list[str] = []


@dataclass(frozen=True, slots=True)
class Errand:
    """Does what `make` does for a job, wherever it is called. Never raises a `PipelineError`.

    `product` is the digest of the program, with its styles, that the build was started with. `store` is the
    URL of the store that everybody shares, and `parcel` the digest of the project in it; without a store
    everybody shares the folders that the job names, and `token` is a file in the output folder by which that
    is seen.
    """

    product: str
    store: str = ""
    parcel: str = ""
    token: str = ""

    def __call__(self, job: Job) -> Result:
        with _TURN:
            try:
                if product() != self.product:
                    raise RenderError(
                        "a worker runs another version of handout, or of a library that it is made with",
                        hint="set up every machine from the same files, and start the workers again",
                    )
                return self._at_store(job) if self.store else self._in_place(job)
            except PipelineError as error:
                return unmade(job, error)
            except OSError as error:
                wrong = f"a worker cannot use {error.filename or 'a file'}: {error.strerror or error}"
                return unmade(job, RenderError(wrong))

    def _in_place(self, job: Job) -> Result:
        if self.token and not (job.output / self.token).exists():
            raise RenderError(
                f"a worker does not see the folder {job.output}",
                hint="name a store that all machines reach, with --store, or let them share that folder",
            )
        return make(job)

    def _at_store(self, job: Job) -> Result:
        depot = _depot(self.store)
        root, output = _project(depot, self.parcel, job.snapshot), _scratch() / "output"
        before = dict(_fetched(depot, output, job.targets))
        if job.organisations:
            _bring_stencils(depot, output, job)
        done, todo = settled_of(replace(job, output=output))
        try:
            if not todo:
                return Result(done, ())
            result = make(replace(job, root=root, output=output, targets=todo))
            delivered = _delivered(depot, output, result, before)
            return Result((*done, *delivered.made), delivered.failed)
        finally:
            for name in (name for target in job.targets for name in _names(target.name)):
                (output / name).unlink(missing_ok=True)


def send(root: Path, store: str, depot: Depot) -> Errand:
    """Put the project into the depot at the URL `store`, and return the errand of a build there.

    Raises `RenderError` if the store refuses.
    """
    data = pack(root)
    digest = sha256(data)
    depot.put(_parcel_name(digest), data)
    return Errand(product(), store, digest)


@contextmanager
def shared(output: Path) -> Iterator[Errand]:
    """Yield the errand of a build whose workers see the output folder, and the project, as this machine does.

    Raises `RenderError` if the folder cannot be written.
    """
    token = f".handout/shared/{uuid.uuid4().hex}"
    write(output / token, b"", shown="the output folder")
    try:
        yield Errand(product(), token=token)
    finally:
        with suppress(OSError):
            (output / token).unlink()
            (output / token).parent.rmdir()  # unless another build has its own there


def list_store(
    document: Document, wanted: tuple[Target, ...], depot: Depot, work: Path, *, folder: str = ""
) -> None:
    """Put page and manifest into the depot, for all that has a record there. `work` is a folder to do it in.

    Raises `RenderError` if the store refuses.
    """
    # Another build may list at the same time: the last to write looks whether it has listed everything.
    for _ in range(_LISTINGS):
        with ThreadPoolExecutor(_READERS) as readers:
            records = readers.map(lambda target: depot.get(_names(target.name)[2]), wanted)
            for target, record in zip(wanted, records, strict=True):
                if record is not None:
                    _lay(work / _names(target.name)[2], record)
        write_download_page(document, wanted, work, folder=folder, whole=lambda *_: True)
        names = [(PurePosixPath(folder) / name).as_posix() for name in LISTS]
        pages = {name: (work / name).read_bytes() for name in names}
        if all(depot.get(name) == data for name, data in pages.items()):
            return
        for name, data in pages.items():
            depot.put(name, data)


def _names(name: str) -> tuple[str, str, str]:
    """Return an artefact, what stands beside it, and its record, in the order in which they are put."""
    here = Path()
    return name, testimony_path(here, name).as_posix(), record_path(here, name).as_posix()


def _parcel_name(digest: str) -> str:
    return f".handout/projects/{digest}.zip"


def _fetched(depot: Depot, output: Path, targets: tuple[Target, ...]) -> Iterator[tuple[str, bytes]]:
    """Bring what the store has of the targets to `output`; yield each artefact's name and record."""
    for target in targets:
        name, _, record_name = _names(target.name)
        for stale in _names(target.name):
            (output / stale).unlink(missing_ok=True)
        record = depot.get(record_name)
        if record is not None:
            yield target.name, record
            _lay(output / record_name, record)
            artefact = depot.get(name)
            if artefact is not None:
                _lay(output / name, artefact)


def _bring_stencils(depot: Depot, output: Path, job: Job) -> None:
    """Bring what the copies of a job are made from, unless this process has it from an earlier job."""
    for target in dict.fromkeys(map(stencil_of, job.targets)):
        own = settled([(target, job.stamp)], output=output, release=job.release)
        if own[1]:
            dict(_fetched(depot, output, (target,)))


def _lay(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _delivered(depot: Depot, output: Path, result: Result, before: dict[str, bytes]) -> Result:
    """Put what was made into the store; return the result with what the store did not take as failed."""
    made: list[Made] = []
    failed = list(result.failed)
    for item in result.made:
        try:
            *parts, record_name = _names(item.name)
            record = (output / record_name).read_bytes()
            if item.reason:
                for part in parts:
                    depot.put(part, (output / part).read_bytes())
            if item.reason or before.get(item.name) != record:
                depot.put(record_name, record)
            made.append(item)
        except PipelineError as error:
            failed.append(failure(item.name, error))
    return Result(tuple(made), tuple(failed))


@cache
def _depot(url: str) -> Depot:
    return open_depot(url)


@cache
def _keeper() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="handout-worker-")


def _scratch() -> Path:
    """Return a folder of this process alone, which goes when it ends."""
    return Path(_keeper().name)


def _project(depot: Depot, digest: str, stamp: str) -> Path:
    """Return the folder of the project whose parcel has the digest; it is unpacked once."""
    folder = _scratch() / "projects" / PurePosixPath(digest).name
    if _UNPACKED[:1] != [digest]:
        data = depot.get(_parcel_name(digest))
        if data is None:
            raise RenderError("the project is gone from the store", hint="build again")
        shutil.rmtree(folder.parent, ignore_errors=True)
        _UNPACKED.clear()
        unpack(data, digest, folder)
        _UNPACKED[:] = [digest, snapshot(folder)]
    if _UNPACKED[1] != stamp:
        raise SourceError("the project was changed while the build began", hint="build again")
    return folder
