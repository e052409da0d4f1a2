"""Tokens → drafts: the statements of each message brought together, in gettext's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pipeline.catalogs.rules import Problems
from pipeline.catalogs.scanner import Kind, Token

_ENTRY_WORDS: Final = frozenset({"msgctxt", "msgid"})


@dataclass(slots=True)
class Draft:
    """A message while it is being read. A part is None until its keyword was seen.

    `begins` is the line of the first statement, `starts` of the first that is not previous text
    (where people look for the message), `line` of the msgid; 0 until seen. A `broken` draft has lost
    a part to a fault that was noted.
    """

    comments: list[Token] = field(default_factory=list)
    previous_context: list[str] | None = None
    previous_id: list[str] | None = None
    context: list[str] | None = None
    id: list[str] | None = None
    translation: list[str] | None = None
    obsolete: bool = False
    plural: bool = False
    broken: bool = False
    begins: int = 0
    starts: int = 0
    line: int = 0

    @property
    def complete(self) -> bool:
        return self.translation is not None

    @property
    def open(self) -> bool:
        return self.begins > 0 and not self.complete


def assemble(tokens: Iterable[Token], problems: Problems) -> Iterator[Draft]:
    """Yield the messages of a file in order; the last draft may be comments alone."""
    draft = Draft()
    target: list[str] | None = None  # where the next text in quotes belongs
    owner = Token(Kind.BLANK, 0)  # the statement that `target` is of
    for token in tokens:
        if token.kind is Kind.BLANK:
            continue
        if draft.complete and _begins_entry(token):
            yield draft
            draft = Draft()
        match token.kind:
            case Kind.COMMENT:
                target = None
                if draft.open:
                    problems.add("C025", token.line)
                else:
                    draft.comments.append(token)
            case Kind.TEXT:
                if target is None or owner.previous != token.previous:
                    problems.add("C020", token.line)
                elif owner.obsolete != token.obsolete:
                    problems.add("C026", token.line)
                else:
                    target.append(token.text)
            case Kind.BROKEN if token.word not in _ENTRY_WORDS:
                # A msgstr that cannot be read is none, so that the message left without is named too.
                target, owner, draft.broken = [], token, True
            case _:
                if _is_left_behind(draft, token, problems):
                    draft = Draft()
                target, owner = [token.text], token
                if not _add_part(draft, token, target, problems):
                    draft = Draft()
    if draft.open:
        code, line = ("C024", draft.begins) if draft.id is None else ("C023", draft.line)
        problems.add(code, line, start=line)
    elif draft.complete or draft.comments:
        yield draft


def _begins_entry(token: Token) -> bool:
    return (
        token.kind is Kind.COMMENT
        or token.word in _ENTRY_WORDS
        or (token.kind is Kind.BROKEN and not token.word)
    )


def _is_left_behind(draft: Draft, token: Token, problems: Problems) -> bool:
    """Return whether `token` begins another message although `draft` has no msgstr yet."""
    if token.previous or token.word not in _ENTRY_WORDS:
        return False
    if draft.id is not None:
        problems.add("C023", token.line, start=draft.line)
        return True
    if draft.context is not None and token.word == "msgctxt":
        problems.add("C024", draft.starts)
        return True
    return False


def _add_part(draft: Draft, token: Token, text: list[str], problems: Problems) -> bool:
    """Put the text of a statement in its place. Return False when it belongs to no message at all."""
    line = token.line
    if draft.begins and draft.obsolete != token.obsolete:
        problems.add("C026", line)
    draft.obsolete = token.obsolete
    draft.broken |= token.kind is Kind.BROKEN
    match token.word:
        case "msgid_plural" | "msgstr[]":
            if not draft.plural:
                problems.add("C030", line)
            draft.plural = draft.broken = True
            if token.word == "msgstr[]":
                draft.translation = text
        case "msgstr" if token.previous:
            problems.add("C027", line)
        case "msgstr" if draft.complete:
            problems.add("C022", line)
        case "msgstr" if draft.id is None:
            problems.add("C021", line)
            return False
        case "msgstr":
            draft.translation = text
        case "msgctxt" | "msgid" if token.previous:
            _add_previous(draft, token, text, problems)
        case _:
            if draft.previous_context is not None and draft.previous_id is None:
                problems.add("C024", line)
                draft.previous_id = []
            draft.starts = draft.starts or line
            if token.word == "msgctxt":
                draft.context = text
            else:
                draft.id, draft.line = text, line
    draft.begins = draft.begins or line
    return True


def _add_previous(draft: Draft, token: Token, text: list[str], problems: Problems) -> None:
    late = draft.starts > 0 or draft.previous_id is not None
    if token.word == "msgid":
        draft.previous_id = text
    else:
        late |= draft.previous_context is not None
        draft.previous_context = text
    if late:
        problems.add("C027", token.line)
