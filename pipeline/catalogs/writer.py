"""Catalog → the text of a PO file, in gettext's own layout but never re-wrapped.

Re-wrapping makes a one-word change look like a changed paragraph, so a text stands on one line, and
is split only after its own line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.catalogs.model import Catalog, Entry, complete_headers
from pipeline.catalogs.rules import refusal

_NAMED: Final = {"\\": r"\\", '"': r"\"", "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n",
                 "\r": r"\r", "\t": r"\t", "\v": r"\v"}  # fmt: skip
_ESCAPES: Final = str.maketrans({chr(n): f"\\{n:03o}" for n in (*range(1, 32), 127)} | _NAMED)
# NUL ends a text for gettext, U+0004 joins context and text in its .mo files, surrogates have no UTF-8.
_NEVER: Final = re.compile("[\0\x04\ud800-\udfff]")
_NOT_IN_LINE: Final = re.compile("[\0\n\r\ud800-\udfff]|\\\\$")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_FLAG: Final = re.compile(r"range: -?\d+\.\.-?\d+|[^\s,\\]+")


def format_catalog(catalog: Catalog) -> str:
    """Return the PO file of `catalog`, to be stored as UTF-8; `parse` reads an equal catalog from it.

    A missing `Content-Type` is added, and its charset set to UTF-8. Raises `TranslationError` for what
    PO cannot hold: a line end in a comment or header, NUL, a flag with a comma, an empty msgid.
    """
    blocks = [_header(catalog), *map(_entry, catalog.entries)]
    if catalog.footer:
        blocks.append(_checked_line(line, "the comment") for line in catalog.footer)
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _header(catalog: Catalog) -> Iterator[str]:
    headers = complete_headers(catalog.headers)
    fields: dict[str, str] = {}
    for name, value in headers:
        if not name or name != name.strip() or name.casefold() in fields or re.search("[:\n]", name):
            raise refusal("C060", what="the header name", text=name)
        if "\n" in value:
            raise refusal("C060", what=f"the header {name}", text=value)
        fields[name.casefold()] = name + ": " + value.strip(" \t") + "\n"
    yield from _lines("#", catalog.header_comments)
    yield from _lines("#.", catalog.header_extracted_comments)
    yield from _lines("#:", catalog.header_references)
    yield from _flags(catalog.header_flags)
    yield from _statement("msgid", "")
    yield from _statement("msgstr", "".join(fields.values()))


def _entry(entry: Entry) -> Iterator[str]:
    if not entry.id or entry.context == "":
        raise refusal("C060", what="an empty msgid or msgctxt", text=entry.id or entry.translation)
    if entry.previous_id is None and entry.previous_context is not None:
        raise refusal("C060", what="a previous msgctxt without its msgid", text=entry.previous_context)
    if "fuzzy" in entry.flags:
        raise refusal("C060", what="the flag", text="fuzzy")
    yield from _lines("#", entry.translator_comments)
    yield from _lines("#.", entry.extracted_comments)
    yield from _lines("#:", entry.references)
    yield from _flags(("fuzzy",) * entry.fuzzy + entry.flags)
    mark, previous = ("#~ ", "#~| ") if entry.obsolete else ("", "#| ")
    for prefix, word, text in (
        (previous, "msgctxt", entry.previous_context),
        (previous, "msgid", entry.previous_id),
        (mark, "msgctxt", entry.context),
        (mark, "msgid", entry.id),
        (mark, "msgstr", entry.translation),
    ):
        if text is not None:
            yield from (prefix + line for line in _statement(word, text))


def _statement(word: str, text: str) -> Iterator[str]:
    if _NEVER.search(text):
        raise refusal("C060", what=f"the {word}", text=text)
    lines = [line.translate(_ESCAPES) for line in _LINE.findall(text)]
    if len(lines) > 1:
        yield f'{word} ""'
        yield from (f'"{line}"' for line in lines)
    else:
        yield f'{word} "{"".join(lines)}"'


def _lines(mark: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield f"{mark} {_checked_line(text, 'the comment')}" if text else mark


def _flags(flags: tuple[str, ...]) -> Iterator[str]:
    for flag in flags:
        if not _FLAG.fullmatch(flag) or ("fuzzy" in flag.casefold() and flag != "fuzzy"):
            raise refusal("C060", what="the flag", text=flag)
    if flags:
        yield "#, " + ", ".join(flags)


def _checked_line(text: str, what: str) -> str:
    if _NOT_IN_LINE.search(text):
        raise refusal("C060", what=what, text=text)
    return text
