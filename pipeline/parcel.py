"""Parcels: a project packed for a machine that does not see its folder."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pipeline import frozen
from pipeline.diagnostics import PipelineError, RenderError
from pipeline.renderers.package import write_zip
from pipeline.store import sha256, write
from pipeline.workspace import ledger_of

# What a build reads, and the editions of it that languages are kept on.
_FOLDERS = ("source", "translations")
_ALLOWED = (*(PurePosixPath(name) for name in _FOLDERS), frozen.PACKED)
# A project is text and drawings; more is no project, but an attack on the disk of a worker.
_MOST_BYTES = 1 << 30


def pack(root: Path) -> bytes:
    """Return what a build of the project reads, as a zip: the same bytes for the same files.

    An edition that Git does not know is left out: whoever needs it will say so.
    """
    return write_zip(sorted(dict(_members(root)).items()))


def _members(root: Path) -> Iterator[tuple[str, bytes]]:
    yield from _files(root)
    ledgers = sorted((root / "translations").glob("*/signoff.toml"))
    for tag in (path.parent.name for path in ledgers):
        try:
            edition = ledger_of(root, tag).edition
            folder = frozen.edition_at(root, edition) if edition else None
        except PipelineError:
            continue
        if folder:
            place = frozen.packed_at(edition)
            yield from ((f"{place}/{name}", data) for name, data in _files(folder))


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for folder in _FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.is_file():
                yield path.relative_to(root).as_posix(), _content(path)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # as in the digest of the project, inputs.snapshot
        return b""


def unpack(data: bytes, digest: str, folder: Path) -> None:
    """Make `folder` the project that was packed into `data`. It is there whole, or not at all.

    Raises `RenderError` if the data do not have the digest, or if they would write outside the folder.
    """
    if sha256(data) != digest:
        raise RenderError("the project in the store is not the one that was put there", hint="build again")
    half = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(half, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > _MOST_BYTES:
            raise RenderError("the project is too big to be sent to a worker")
        for member in members:
            write(half / _safe(member.filename), archive.read(member))
    half.mkdir(parents=True, exist_ok=True)
    half.replace(folder)


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    inside = any(path.is_relative_to(folder) for folder in _ALLOWED)
    if not inside or ".." in path.parts or "\\" in name or "\0" in name:
        raise RenderError(f"“{name}” is no file of a project: the parcel is refused")
    return path
