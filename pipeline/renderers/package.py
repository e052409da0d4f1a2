"""Zip containers that are the same, byte for byte, whenever and wherever they are written."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

# The earliest time that a zip member can carry; the present time would change the bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = ("mimetype", "[Content_Types].xml", "_rels/.rels")
_LEVEL = 9

# The records of a zip (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16). In both heads stand the version needed, flags,
# method, time, day, CRC-32, the sizes packed and whole, the lengths of the name and of what else there is.
_LOCAL, _CENTRAL, _END = "<4s5H3L2H", "<4s6H3L5H2L", "<4s4H2LH"
_VERSION, _TIME, _DAY = 20, 0, 1 << 5 | 1  # 1 January 1980, as DOS counts.
_MODE = 0o600 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a zip as it lies there, compressed, with the CRC-32 and the size of its content."""

    name: str
    packed: bytes
    checksum: int
    size: int


class Opening:
    """The beginning that many members share: it is compressed once, and what follows it for each alone."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name, self._size, self._checksum = name, len(data), zlib.crc32(data)
        self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._packed = self._packer.compress(data)

    def member(self, rest: bytes) -> Member:
        """Return the member with `rest` behind the beginning."""
        packer = self._packer.copy()
        packed = self._packed + packer.compress(rest) + packer.flush()
        return Member(self._name, packed, zlib.crc32(rest, self._checksum), self._size + len(rest))


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
            archive.writestr(entry, data, compress_type=kind, compresslevel=_LEVEL)
    return out.getvalue()


def repack(data: bytes, *, stored: frozenset[str] = frozenset()) -> bytes:
    """Return the zip `data` again, its members sorted by name behind those that must come first."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return write_zip(((name, members[name]) for name in _ordered(members)), stored=stored)


def pack(name: str, data: bytes) -> Member:
    """Return a member with the content `data`."""
    return Opening(name, b"").member(data)


def members_of(data: bytes) -> dict[str, Member]:
    """Return the members of a zip that `repack` wrote, all of them compressed, by their names."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            start = entry.header_offset + struct.calcsize(_LOCAL) + len(entry.filename.encode())
            packed = data[start : start + entry.compress_size]
            found[entry.filename] = Member(entry.filename, packed, entry.CRC, entry.file_size)
    return found


def join(members: Iterable[Member]) -> bytes:
    """Return the zip that `repack` would write of what is in `members`, which are not compressed again.

    Names are ASCII, as those of the parts of a package are. Raises `ValueError` when one comes twice.
    """
    given = list(members)
    by_name = {member.name: member for member in given}
    if len(by_name) != len(given):
        raise ValueError("a name is twice in the package")
    records: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name in _ordered(by_name):
        member, label = by_name[name], name.encode("ascii")
        facts = (
            zipfile.ZIP_DEFLATED,
            _TIME,
            _DAY,
            member.checksum,
            len(member.packed),
            member.size,
            len(label),
        )
        local = struct.pack(_LOCAL, b"PK\3\4", _VERSION, 0, *facts, 0)
        central = struct.pack(_CENTRAL, b"PK\1\2", _VERSION, _VERSION, 0, *facts, 0, 0, 0, 0, _MODE, at)
        records.extend((local, label, member.packed))
        directory.extend((central, label))
        at += len(local) + len(label) + len(member.packed)
    listed = b"".join(directory)
    end = struct.pack(_END, b"PK\5\6", 0, 0, len(given), len(given), len(listed), at, 0)
    return b"".join((*records, listed, end))


def _ordered(names: Iterable[str]) -> list[str]:
    given = set(names)
    first = [name for name in _FIRST if name in given]
    return [*first, *sorted(given.difference(first))]
