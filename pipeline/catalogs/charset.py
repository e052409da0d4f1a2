"""Bytes of a catalog → text, by the charset that its header declares."""

from __future__ import annotations

import codecs
from typing import Final

from pipeline.catalogs.rules import Problems

# Charsets in which every ASCII byte is an ASCII character, so that a quote or a backslash is never
# half of another letter. Whoever uses another one is asked for UTF-8.
_NAMES: Final = frozenset(
    {"utf-8", "us-ascii", "ascii", "koi8-r", "koi8-u"}
    | {f"iso-8859-{n}" for n in (*range(1, 12), 13, 14, 15, 16)}
    | {f"{prefix}{n}" for n in range(1250, 1259) for prefix in ("windows-", "cp")}
)
_WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_UNDECLARED: Final = frozenset({"", "charset"})  # gettext's template says charset=CHARSET


def clean_bytes(data: bytes, problems: Problems) -> bytes:
    """Return `data` without a UTF-8 byte order mark, which is a fault.

    Raises `TranslationError` at once for UTF-16, UTF-32 and NUL bytes: nothing after them can be read.
    """
    if data.startswith(_WIDE_MARKS):
        problems.add("C002", 1)
    else:
        for line, raw in enumerate(data.split(b"\n"), 1):
            if b"\0" in raw:
                problems.add("C003", line)
    if problems:
        raise problems.error()
    if data.startswith(codecs.BOM_UTF8):
        # gettext 0.21 refuses it, and other readers take the header for a message.
        problems.add("C007", 1)
        return data[len(codecs.BOM_UTF8) :]
    return data


def decode(data: bytes, charset: str, problems: Problems) -> str:
    """Return the text of `data`; what cannot be decoded becomes U+FFFD and is a fault of its line.

    `charset` is what the header declares, or "".
    """
    name = charset.lower()
    if name in _UNDECLARED:
        name = "utf-8"
    elif name not in _NAMES:
        problems.add("C004", 1, charset=charset)
        name = "utf-8"
    if name != "utf-8" and not data.isascii() and _decodes(data, "utf-8"):
        problems.add("C006", 1, charset=charset)
    if not _decodes(data, name):
        for line, raw in enumerate(data.split(b"\n"), 1):
            if not _decodes(raw, name):
                problems.add("C005", line, charset=name.upper())
    return data.decode(name, "replace")


def _decodes(data: bytes, charset: str) -> bool:
    try:
        data.decode(charset)
    except UnicodeDecodeError:
        return False
    return True
