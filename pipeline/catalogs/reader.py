"""A PO file → Catalog, or every fault of the file.

Strict where tolerant readers guess: a guess can put one paragraph's translation under another, or
print a translation that was marked as doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Final

from pipeline.catalogs.assembly import Draft, assemble
from pipeline.catalogs.charset import clean_bytes, decode
from pipeline.catalogs.model import Catalog, Entry, Headers, utf8_headers
from pipeline.catalogs.rules import Problems
from pipeline.catalogs.scanner import Token, scan

_FLAG_BREAK: Final = re.compile(r"[ \t\r\f\v,]+")
_CHARSET: Final = re.compile(r"charset=(\S*)", re.IGNORECASE)


def read(path: Path) -> Catalog:
    """Read the PO file at `path`. Raises `TranslationError` with every fault, or if it cannot be opened."""
    try:
        data = path.read_bytes()
    except OSError as error:
        problems = Problems(path)
        problems.add("C001", 0, reason=error.strerror or type(error).__name__)
        raise problems.error() from error
    return parse(data, path)


def parse(data: bytes, path: PurePath) -> Catalog:
    """Read the bytes of a PO file; `path` is the name used in messages.

    Raises `TranslationError` whose diagnostics are all faults of the file, in the order of its lines.
    """
    problems = Problems(path)
    data = clean_bytes(data, problems)
    text = decode(data, _declared_charset(data), problems)
    drafts = list(assemble(scan(text, problems), problems))
    if not problems and not any(draft.complete for draft in drafts):
        problems.add("C008", 1)
    catalog = _catalog(drafts, problems)
    if problems:
        raise problems.error()
    return catalog


def _declared_charset(data: bytes) -> str:
    """Return the charset that the header names, or "".

    The charsets allowed agree on ASCII, so the header can be read before its charset is known.
    """
    scratch = Problems(PurePath())
    first = next(assemble(scan(data.decode("latin-1"), scratch), scratch), Draft())
    content_types = [
        value
        for name, value in _headers(first, scratch)
        if _is_header(first) and name.casefold() == "content-type"
    ]
    found = _CHARSET.search("".join(content_types))
    return found[1] if found else ""


def _is_header(draft: Draft) -> bool:
    return draft.complete and draft.context is None and not draft.obsolete and not any(draft.id or ())


def _catalog(drafts: list[Draft], problems: Problems) -> Catalog:
    """Return the catalog of the drafts; faults of single messages and of pairs are noted."""
    header = Draft()
    entries: list[Entry] = []
    seen: dict[tuple[str | None, str], int] = {}
    segments: dict[str, int] = {}
    for number, draft in enumerate(drafts):
        entry, start = _entry(draft, problems), draft.starts
        if draft.broken or not draft.complete:
            continue
        first = seen.setdefault((entry.context, entry.id), start)
        if first != start:
            problems.add("C034", start, first=first)
        elif entry.context == "":
            problems.add("C032", start)
        elif _is_header(draft):
            header = draft
            if number > 0:
                problems.add("C036", start)
        elif not entry.id:
            problems.add("C033", start)
        else:
            entries.append(entry)
            if entry.context is not None and not entry.obsolete:
                other = segments.setdefault(entry.context, start)
                if other != start:
                    problems.add("C035", start, context=entry.context, first=other)
    if header.previous_id is not None:
        problems.add("C027", header.begins)
    headed = _entry(header, problems)
    return Catalog(
        entries=tuple(entries),
        headers=utf8_headers(_headers(header, problems)),
        header_comments=headed.translator_comments,
        header_extracted_comments=headed.extracted_comments,
        header_references=headed.references,
        header_flags=("fuzzy",) * headed.fuzzy + headed.flags,
        footer=tuple(_as_line(c) for d in drafts if not d.complete for c in d.comments),
        path=problems.path,
    )


def _entry(draft: Draft, problems: Problems) -> Entry:
    flags = _flags(draft.comments, problems)
    return Entry(
        context=_joined(draft.context),
        id=_joined(draft.id) or "",
        translation=_joined(draft.translation) or "",
        fuzzy="fuzzy" in flags,
        flags=tuple(flag for flag in flags if flag != "fuzzy"),
        translator_comments=_lines(draft.comments, ""),
        extracted_comments=_lines(draft.comments, "."),
        references=_lines(draft.comments, ":"),
        previous_context=_joined(draft.previous_context),
        previous_id=_joined(draft.previous_id),
        obsolete=draft.obsolete,
        line=draft.line,
    )


def _joined(parts: list[str] | None) -> str | None:
    return None if parts is None else "".join(parts)


def _lines(comments: Iterable[Token], mark: str) -> tuple[str, ...]:
    return tuple(c.text for c in comments if c.word == mark)


def _as_line(comment: Token) -> str:
    return f"#{comment.word} {comment.text}" if comment.text else f"#{comment.word}"


def _flags(comments: Iterable[Token], problems: Problems) -> tuple[str, ...]:
    """Return the flags as gettext splits them, each once; `range: 0..9` is one flag."""
    flags: dict[str, None] = {}
    for comment in comments:
        if comment.word != ",":
            continue
        words = iter(word for word in _FLAG_BREAK.split(comment.text) if word)
        for word in words:
            flag = f"{word} {next(words, '')}".rstrip() if word == "range:" else word
            if "fuzzy" in flag.casefold() and flag != "fuzzy":
                # Other readers would take the translation for a finished one.
                problems.add("C039", comment.line, flag=flag)
            flags[flag] = None
    return tuple(flags)


def _headers(header: Draft, problems: Problems) -> Headers:
    """Return the fields in the header's msgstr; a fault has the line of its msgid."""
    fields: dict[str, tuple[str, str]] = {}
    for line in (_joined(header.translation) or "").removesuffix("\n").split("\n"):
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            if line.strip():
                problems.add("C037", header.line, text=line)
            continue
        if name.strip().casefold() in fields:
            problems.add("C038", header.line, name=name.strip())
        fields[name.strip().casefold()] = (name.strip(), value.strip(" \t"))
    return tuple(fields.values())
