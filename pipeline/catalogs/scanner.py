"""The lines of a PO file → tokens.

The grammar is gettext's (`po-lex.c`, `po-gram-gen.y` of 0.21) with one difference: a line holds one
statement and one text in quotes. gettext takes `"say "" now"` for two texts and loses the quotes;
here it is a fault. Only LF, or CR LF, ends a line: U+2028, U+0085 and vertical tabs do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pipeline.catalogs.rules import Problems

_WHITE: Final = " \t\f\v"
_CONFLICT: Final = re.compile(r"(<{7}|\|{7}|={7}|>{7})(\s|$)")
_STATEMENT: Final = re.compile(r"([A-Za-z_$][\w$]*)(?:[ \t]*(\[[ \t]*\d*[ \t]*\]))?[ \t\f\v]*(.*)", re.ASCII)
_QUOTED: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"[ \t\f\v]*')
_ESCAPE: Final = re.compile(r"\\(x[0-9A-Fa-f]+|[0-7]{1,3}|.)")
_ESCAPES: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"',
}  # fmt: skip
_KEYWORDS: Final = frozenset({"msgctxt", "msgid", "msgid_plural", "msgstr", "msgstr[]"})


class Kind(Enum):
    """What a line is."""

    COMMENT = "comment"
    STATEMENT = "statement"
    TEXT = "text"
    BROKEN = "broken"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Token:
    """One line. `word` is a statement's keyword (`msgstr[]` for any plural form) or what follows
    the `#` of a comment (".", ":", "," or ""); of a broken line it is the keyword, if that was legible.
    """

    kind: Kind
    line: int
    word: str = ""
    text: str = ""
    obsolete: bool = False
    previous: bool = False


def scan(text: str, problems: Problems) -> Iterator[Token]:
    """Yield a token for every line of `text` that is not blank, and note what is wrong with it."""
    for number, line in enumerate(text.split("\n"), 1):
        body = line.removesuffix("\r").lstrip(_WHITE)
        if body.startswith("#"):
            yield _marked(body, number, problems)
        elif body:
            yield _statement(body, Token(Kind.STATEMENT, number), problems)


def _marked(body: str, line: int, problems: Problems) -> Token:
    """Return the token of a line that begins with `#`."""
    mark, rest = body[:2], body[2:]
    match mark:
        case "#~":
            previous = rest.startswith("|")
            rest = rest.removeprefix("|").lstrip(_WHITE)
            if rest.startswith("#") and not previous and rest[1:2] not in {"~", "|"}:
                return _marked(rest, line, problems)
            blank = Token(Kind.STATEMENT, line, obsolete=True, previous=previous)
        case "#|":
            rest = rest.lstrip(_WHITE)
            blank = Token(Kind.STATEMENT, line, previous=True)
        case _:
            _check_line(body, line, problems)
            # `#=` holds flags since gettext's PO syntax of 2025, `#!` held them in the oldest versions.
            word = {",": ",", "!": ",", "=": ",", ".": ".", ":": ":"}.get(mark[1:], "")
            text = rest if word else body[1:]
            return Token(Kind.COMMENT, line, word, text.removeprefix(" "))
    if not rest:
        return Token(Kind.BLANK, line)
    return _statement(rest, blank, problems)


def _statement(body: str, blank: Token, problems: Problems) -> Token:
    """Return the token of `keyword "text"` or `"text"`; `blank` has its line and its marks."""
    line = blank.line

    def token(kind: Kind, word: str = "", text: str = "") -> Token:
        return Token(kind, line, word, text, blank.obsolete, blank.previous)

    if not _check_line(body, line, problems):
        return token(Kind.BROKEN)
    if _CONFLICT.match(body):
        problems.add("C011", line)
        return token(Kind.BROKEN)
    if body.startswith('"'):
        text = _unquote(body, line, problems)
        return token(Kind.BROKEN) if text is None else token(Kind.TEXT, text=text)
    found = _STATEMENT.match(body)
    if found is None:
        problems.add("C017", line)
        return token(Kind.BROKEN)
    word, index, rest = found.groups()
    word += "[]" if index else ""
    if word not in _KEYWORDS:
        problems.add("C031" if word == "domain" else "C012", line, word=word)
        return token(Kind.BROKEN)
    if not rest.startswith('"'):
        problems.add("C013", line, word=word)
        return token(Kind.BROKEN, word)
    text = _unquote(rest, line, problems)
    return token(Kind.BROKEN, word) if text is None else token(Kind.STATEMENT, word, text)


def _check_line(body: str, line: int, problems: Problems) -> bool:
    """Return whether `body` holds nothing that ends or joins lines in another program's eyes."""
    if "\r" in body:
        problems.add("C009", line)
    elif body.endswith("\\"):
        problems.add("C010", line)
    else:
        return True
    return False


def _unquote(body: str, line: int, problems: Problems) -> str | None:
    """Return the text between the quotes that `body` begins with, or None if it is not to be read."""
    found = _QUOTED.match(body)
    if found is None:
        problems.add("C014", line)
        return None
    if found.end() != len(body):
        problems.add("C015", line, rest=body[found.end() :])
        return None
    text = found[1]
    if "\\" in text:
        unknown = dict.fromkeys(m[0] for m in _ESCAPE.finditer(text) if _character(m) is None)
        for escape in unknown:
            problems.add("C016", line, escape=escape)
        if unknown:
            return None
        text = _ESCAPE.sub(lambda m: _character(m) or "", text)
    if "\x04" in text:
        problems.add("C018", line)
        return None
    return text


def _character(escape: re.Match[str]) -> str | None:
    """Return what an escape stands for, or None.

    gettext takes any number of hexadecimal digits and works on bytes; other readers do neither. So
    numbers are read only where all agree: from 1 to 127.
    """
    body = escape[1]
    if body in _ESCAPES:
        return _ESCAPES[body]
    if body[0] == "x" and len(body) > 1:
        number = int(body[1:], 16) if len(body) <= 9 else 0
    elif body[0] in "01234567":
        number = int(body, 8)
    else:
        return None
    return chr(number) if 0 < number < 128 else None
