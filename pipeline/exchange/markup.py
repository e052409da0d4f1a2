"""Tags as inline codes, for formats that protect them: what may be translated, and what may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from pipeline.catalogs.tags import TAG, unescape


class Kind(Enum):
    """What a piece of a message is."""

    TEXT = "text"
    OPENING = "opening tag"
    CLOSING = "closing tag"
    ALONE = "a tag without content, or one whose content nobody translates"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a message. `code` is the tag as it stands there; `text` the words that it shows.

    `number` is the code's, counted from 1; an opening and its closing tag share it. 0 for text.
    """

    kind: Kind
    text: str = ""
    code: str = ""
    number: int = 0


def pieces_of(message: str) -> tuple[Piece, ...]:
    """Return the pieces of a message or of a translation with tags. An abbreviation is one code.

    A tag that is not closed, or closes nothing, is a code alone: nothing is ever lost.
    """
    raw = list(_raw(message))
    partner = _partners(raw)
    found: list[Piece] = []
    numbers: dict[int, int] = {}
    count = 0
    for index, (code, text) in enumerate(raw):
        if not code:
            found.append(Piece(Kind.TEXT, unescape(text)))
            continue
        if index in numbers:
            found.append(Piece(Kind.CLOSING, "", code, numbers[index]))
            continue
        count += 1
        if index in partner:
            numbers[partner[index]] = count
            found.append(Piece(Kind.OPENING, "", code, count))
        else:
            found.append(Piece(Kind.ALONE, text, code, count))
    return tuple(found)


def _raw(message: str) -> Iterator[tuple[str, str]]:
    """Yield codes and texts in turn; an abbreviation comes whole, with its words beside it."""
    position = 0
    for match in TAG.finditer(message):
        if match.start() < position:
            continue
        if match.start() > position:
            yield "", message[position : match.start()]
        position = match.end()
        if match["name"] == "abbr" and not match["close"] and not match["empty"]:
            end = message.find("</abbr>", position)
            if end >= 0:
                words = message[position:end]
                position = end + len("</abbr>")
                yield message[match.start() : position], unescape(words)
                continue
        yield match[0], ""
    if position < len(message):
        yield "", message[position:]


def _partners(raw: list[tuple[str, str]]) -> dict[int, int]:
    """Return for each opening tag the place of its closing tag; only tags that nest properly have one."""
    found: dict[int, int] = {}
    open_tags: list[tuple[int, str]] = []
    for index, (code, words) in enumerate(raw):
        match = TAG.fullmatch(code)
        if match is None or match["empty"] or words:
            continue
        if not match["close"]:
            open_tags.append((index, match["name"]))
        elif open_tags and open_tags[-1][1] == match["name"]:
            found[open_tags.pop()[0]] = index
    return found


def escape(text: str) -> str:
    """Return words as they stand in a message: signs that could begin a tag are entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
