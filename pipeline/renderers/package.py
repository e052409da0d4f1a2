"""Zip containers that are the same, byte for byte, whenever and wherever they are written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

# The earliest time that a zip member can carry; the present time would change the bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = ("mimetype", "[Content_Types].xml", "_rels/.rels")


def write_zip(members: Iterable[tuple[str, bytes]], *, stored: frozenset[str] = frozenset()) -> bytes:
    """Return a zip of `members` (name, content) in their order; those named in `stored` uncompressed.

    Raises `ValueError` when a name comes twice: readers disagree on which of the two counts.
    """
    out = io.BytesIO()
    seen: set[str] = set()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            if name in seen:
                raise ValueError(f"{name} is twice in the package")
            seen.add(name)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0  # Else the operating system would be on record.
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compress_type=kind, compresslevel=9)
    return out.getvalue()


def repack(data: bytes, *, stored: frozenset[str] = frozenset()) -> bytes:
    """Return the zip `data` again, its members sorted by name behind those that must come first."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    first = [name for name in _FIRST if name in members]
    return write_zip(
        ((name, members[name]) for name in (*first, *sorted(members.keys() - set(first)))), stored=stored
    )
