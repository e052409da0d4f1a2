"""The output folder: artefacts and their records, written whole or not at all.

A record says what an artefact was made from and what was found; it lies apart from the artefact, so
that the folder a person opens holds only leaflets. A damaged record reads as absent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from pipeline.diagnostics import RenderError
from pipeline.files import alone, put, sweep
from pipeline.passport import Passport
from pipeline.remarks import Remark, RuleOutcome

__all__ = [
    "FONTS",
    "PASSPORTS",
    "RECORDS",
    "Record",
    "Testimony",
    "alone",
    "changed",
    "is_whole",
    "read_record",
    "record_path",
    "sha256",
    "sweep",
    "testifies",
    "testimony_of",
    "testimony_path",
    "write",
    "write_record",
    "write_testimony",
]

RECORDS = ".handout/records"
FONTS = ".handout/fonts"
PIECES = ".handout/pieces"
PASSPORTS = "passports"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one artefact.

    `stamp` is the digest of the program and of all files that its language is made from, when it was last
    found up to date; `inputs` maps each kind of input that this target depends on to its digest. `digest` and
    `size` (bytes) are the artefact's. `pages` is None for a format without pages. `findings` are the
    renderer's own, `outcomes` what each rule said of the artefact when it was made,
    `passport` is the one inside it.
    """

    stamp: str
    inputs: dict[str, str]
    digest: str
    size: int
    title: str
    status: str
    pages: int | None = None
    page_of: dict[str, int] = {}
    findings: tuple[Remark, ...] = ()
    outcomes: tuple[RuleOutcome, ...]
    passport: Passport | None = None


class _Sealed(msgspec.Struct, frozen=True):
    """A record as it lies on the disk: with the SHA-256 of its text, which a damaged one does not have."""

    seal: str
    record: msgspec.Raw


class Testimony(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside a rendition: its passport, and what was found in just this file.

    `outcomes` say what each rule found, `standards` what standards for print say of it; `validators` are
    the programs that were asked. Plain data, written for people and programs; the build only looks whether
    it is still that of its file.
    """

    passport: Passport | None
    sha256: str
    size: int
    outcomes: tuple[RuleOutcome, ...]
    standards: Any = ()
    validators: tuple[str, ...] = ()


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data`, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def write(path: Path, data: bytes, *, shown: str = "") -> None:
    """Put `data` at `path`, whole. Raises `RenderError`; what was there before then stays.

    `shown` is what a message calls the file, if not by its name.
    """
    try:
        put(path, data)
    except OSError as error:
        raise RenderError(
            f"{shown or path.name} cannot be written: {error.strerror or error}",
            hint="make room or choose another folder with -o; what was made before is untouched",
        ) from error


def record_path(output: Path, name: str) -> Path:
    """Return where the record of the artefact `name` lies."""
    return output / RECORDS / f"{name}.json"


def read_record(output: Path, name: str) -> Record | None:
    """Return the record of `name`, or None if there is none that can be read and is as it was written."""
    try:
        sealed = msgspec.json.decode(record_path(output, name).read_bytes(), type=_Sealed)
        text = bytes(sealed.record)
        return msgspec.json.decode(text, type=Record) if sha256(text) == sealed.seal else None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_record(output: Path, name: str, record: Record) -> None:
    """Put the record of `name`. Raises `RenderError`."""
    text = msgspec.json.format(msgspec.json.encode(record))
    data = msgspec.json.encode(_Sealed(sha256(text), msgspec.Raw(text)))
    # Not by its name: a full disk is one cause of many failures, and is told once.
    write(record_path(output, name), data, shown="the record")


def testimony_path(output: Path, name: str) -> Path:
    """Return where the passport beside the artefact `name` lies."""
    return output / PASSPORTS / f"{name}.json"


def testimony_of(record: Record) -> Testimony:
    """Return what stands beside an artefact when it was made; `handout check` adds to it."""
    return Testimony(
        passport=record.passport, sha256=record.digest, size=record.size, outcomes=record.outcomes
    )


def testifies(output: Path, name: str, record: Record) -> bool:
    """Whether the passport beside the artefact `name` can be read and is that of its record."""
    try:
        data = testimony_path(output, name).read_bytes()
        found = msgspec.json.decode(data, type=Testimony)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return False
    known = (record.passport, record.digest, record.size)
    return data.endswith(b"\n") and (found.passport, found.sha256, found.size) == known


def write_testimony(output: Path, name: str, testimony: Testimony) -> None:
    """Put the passport beside the artefact `name`. Raises `RenderError`."""
    data = msgspec.json.format(msgspec.json.encode(testimony)) + b"\n"
    write(testimony_path(output, name), data, shown="the passport")


def is_whole(output: Path, name: str, record: Record) -> bool:
    """Whether the artefact `name` is there and still has the digest of its record."""
    path = output / name
    try:
        return path.stat().st_size == record.size and sha256(path.read_bytes()) == record.digest
    except OSError:
        return False


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Return the kinds of input that differ between two records' inputs."""
    return tuple(sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k)))
