"""Stamping: an id for each block of the source that has none, made once and never changed again."""

from __future__ import annotations

import re

from markdown_it.token import Token

from pipeline.reader.blocks import parser
from pipeline.reader.reading import SEGMENT_ID

_WORD = re.compile(r"[a-z0-9]+")
_KNOWN_ID = re.compile(r"\{#([^{}]*)\}")
_BLOCK_ID = re.compile(r"^ *:{3,} *[a-z-]+ +(\S+)", re.MULTILINE)
_MINOR = frozenset(
    (
        "a an and are as at be by can for from has have in is it its may of on or so that the this to "
        "with you your"
    ).split()
)


def stamp(text: str) -> tuple[str, int]:
    """Return the source `text` with an id behind each block that had none, and how many were added.

    An id is the section's id and the first telling words of the block.
    """
    head, body = _split(text)
    lines = body.split("\n")
    taken = {*_KNOWN_ID.findall(text), *_BLOCK_ID.findall(text)}
    section, added = "text", 0
    tokens = parser().parse(body)
    for before, token in zip([Token("", "", 0), *tokens], tokens, strict=False):
        if token.type != "inline" or token.map is None or _is_image(token):
            continue
        name = str(token.meta["segment"])
        if not name:
            name = _new_id(token.content, section, taken)
            if _insert(lines, token, name):
                added += 1
        if before.type == "heading_open":
            section = name if SEGMENT_ID.fullmatch(name) else "text"
    return head + "\n".join(lines), added


def _split(text: str) -> tuple[str, str]:
    """Return the front matter with its fences, and the rest."""
    end = text.find("\n+++", 3)
    end = text.index("\n", end + 1) + 1 if end >= 0 else 0
    return text[:end], text[end:]


def _is_image(token: Token) -> bool:
    return token.content.startswith("![")


def _new_id(content: str, section: str, taken: set[str]) -> str:
    words = [w for w in _WORD.findall(content.casefold()) if w not in _MINOR][:3]
    base = "-".join([section.split("-", maxsplit=1)[0], *words])[:34].strip("-")
    name, number = base, 2
    while name in taken or not SEGMENT_ID.fullmatch(name):
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name


def _insert(lines: list[str], token: Token, name: str) -> bool:
    """Put the id behind the block's last words; return whether they were found."""
    first, end = token.map or (0, 0)
    last_words = token.content.split("\n")[-1]
    # A term of a definition list has no lines of its own in the token's map.
    for number in range(max(end - 1, first), first - 1, -1):
        place = (
            lines[number].rfind(last_words)
            if lines[number].lstrip()[:1] != "|"
            else _cell(lines[number], last_words)
        )
        if place >= 0:
            place += len(last_words)
            lines[number] = f"{lines[number][:place]} {{#{name}}}{lines[number][place:]}"
            return True
    return False


def _cell(line: str, words: str) -> int:
    """Return where the cell with just these words, and no id yet, stands in a table row, or -1."""
    found = re.search(rf"\|\s*({re.escape(words)})\s*(?=\||\Z)", line)
    return found.start(1) if found else -1
