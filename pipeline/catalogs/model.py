"""What a catalog holds: messages as extraction gives them, entries as people translate them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]

_CHARSET = re.compile(r"charset=\S*", re.IGNORECASE)
_CONTENT_TYPE = ("Content-Type", "text/plain; charset=UTF-8")


@dataclass(frozen=True, slots=True)
class Message:
    """A segment as extraction gives it.

    `context` is the segment id, `id` the source text with inline tags, `comments` what translators
    should know (`#.`), `references` where it stands (`#:`).
    """

    context: str
    id: str
    comments: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a PO file with its translation; an empty `translation` means untranslated.

    Comments and references are the text of one line each, without `# `, `#. ` or `#: `. `flags` are
    all flags but `fuzzy`. `line` is the 1-based line of the msgid, 0 when it was not read from a file.
    """

    context: str | None
    id: str
    translation: str = ""
    fuzzy: bool = False
    flags: tuple[str, ...] = ()
    translator_comments: tuple[str, ...] = ()
    extracted_comments: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    previous_context: str | None = None
    previous_id: str | None = None
    obsolete: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Catalog:
    """One PO file. Headers keep their order and spelling; `footer` holds the comment lines, with
    their `#`, that stand after the last message. The text is Unicode, so a `Content-Type` says UTF-8.
    """

    entries: tuple[Entry, ...] = ()
    headers: Headers = ()
    header_comments: tuple[str, ...] = ()
    header_extracted_comments: tuple[str, ...] = ()
    header_references: tuple[str, ...] = ()
    header_flags: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    path: PurePath | None = field(default=None, compare=False)
    _active: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        active = {e.context: e for e in self.entries if e.context is not None and not e.obsolete}
        object.__setattr__(self, "_active", active)

    def get(self, context: str) -> Entry | None:
        """Return the entry in use for a segment id, or None; obsolete entries are never returned."""
        return self._active.get(context)

    def header(self, name: str) -> str:
        """Return the value of a header field, or "" when it is not there; case does not matter."""
        wanted = name.casefold()
        return next((value for key, value in self.headers if key.casefold() == wanted), "")

    @property
    def language(self) -> str:
        """The `Language` header as it is written there, or ""; it may be no language tag at all."""
        return self.header("Language")


def utf8_headers(headers: Headers) -> Headers:
    """Return `headers` with UTF-8 as the charset of a `Content-Type` that is there."""
    return tuple(
        (name, _CHARSET.sub("charset=UTF-8", value) if name.casefold() == "content-type" else value)
        for name, value in headers
    )


def complete_headers(headers: Headers) -> Headers:
    """Return `headers` with a `Content-Type` that says UTF-8; gettext refuses a file without any header."""
    whole = tuple(
        h for h in utf8_headers(headers) if h[0].casefold() != "content-type" or _CHARSET.search(h[1])
    )
    if any(name.casefold() == "content-type" for name, _ in whole):
        return whole
    return (*whole, _CONTENT_TYPE)


def replace_headers(headers: Headers, values: dict[str, str]) -> Headers:
    """Return `headers` with `values` put in: in their old place if they had one, else at the end."""
    left = dict(values)
    kept = [(name, left.pop(name, value)) for name, value in headers]
    return (*kept, *left.items())
