"""The rules of a catalog: one code each, what is wrong in one sentence, and what to do about it.

Codes are never renumbered or used again. C0xx are faults of the file (the reader refuses it),
C05x faults of a translation's characters, C06x what cannot be written as PO.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from pipeline.diagnostics import Diagnostic, Location, Severity, TranslationError

RULES: Final[dict[str, tuple[str, str]]] = {
    "C001": ("the catalog cannot be opened: {reason}", "check the file's name and its permissions"),
    "C002": ("the file is UTF-16 or UTF-32, or is not text", "save it as UTF-8 without a byte order mark"),
    "C003": ("the file holds a NUL byte", "delete it, or take the file from the translator again"),
    "C004": ('the charset "{charset}" cannot be used', "save the file as UTF-8 and write charset=UTF-8"),
    "C005": ("the bytes of this line are not {charset}", "save the file as UTF-8 and write charset=UTF-8"),
    "C006": ("the header says {charset}, but the bytes are UTF-8", "write charset=UTF-8 in the header"),
    "C007": ("the file begins with a byte order mark", "save it as UTF-8 without a byte order mark"),
    "C008": ("the file holds no header and no message", "restore it; `catalogs update` fills a new one"),
    "C009": ("a carriage return stands inside the line", "save the file with LF or CRLF line ends"),
    "C010": (
        "the line ends in a backslash, which gettext takes to join two lines",
        'put a word or " after it',
    ),
    "C011": ("a merge conflict was left in the file", "keep one of the two versions and delete the markers"),
    "C012": ('"{word}" is not a keyword', "the keywords are msgctxt, msgid and msgstr"),
    "C013": ("{word} has no text in quotes on its line", 'write {word} "…", at least {word} ""'),
    "C014": ("the closing quote is missing", 'end the text with "'),
    "C015": ('there is more after the closing quote: "{rest}"', 'a quote inside a text is written \\"'),
    "C016": (
        'the escape "{escape}" is unknown, or stands for no ASCII character',
        "write the character itself; a backslash is written \\\\",
    ),
    "C017": (
        "this line is not part of any PO syntax",
        "delete it, or write # before it to make it a comment",
    ),
    "C018": ("a character U+0004 stands in the text", "delete it; gettext uses it inside its own files"),
    "C020": ("a text in quotes follows no msgctxt, msgid or msgstr", "join it to its message or delete it"),
    "C021": ("this msgstr has no msgid", "restore its msgid, or delete it"),
    "C022": ("this message has a second msgstr", "keep the right one"),
    "C023": ("the message of line {start} has no msgstr that can be read", 'give it one, at least msgstr ""'),
    "C024": ("msgctxt or previous text without a msgid", "restore the msgid that follows it"),
    "C025": ("a comment stands inside a message", "move it above the message"),
    "C026": ("some lines of the message begin with #~ and others do not", "write #~ before all or none"),
    "C027": (
        "previous text (#|) is out of place",
        "it stands directly above its message: #| msgctxt, if any, then #| msgid",
    ),
    "C030": ("plural forms are not used in these catalogs", "write a sentence for each case in the source"),
    "C031": ("a domain line would send the messages to another catalog", "delete it"),
    "C032": ("the msgctxt is empty", "write the segment's id, or delete the msgctxt line"),
    "C033": ("the msgid is empty, which only the header's may be", "restore the text, or delete the message"),
    "C034": ("this message stands in the file already, at line {first}", "keep the right one"),
    "C035": ('the segment "{context}" has another message at line {first}', "keep the one that is in use"),
    "C036": ("the header is not the first message", "move it to the top"),
    "C037": ('the header line "{text}" is not `Name: value`', "write it as one line, `Name: value`"),
    "C038": ('the header field "{name}" occurs twice', "keep the right one"),
    "C039": ('the flag "{flag}" is not `fuzzy`, yet looks like it', "write #, fuzzy"),
    "C050": ("the translation holds the control character {char}", "delete it"),
    "C051": (
        "the translation holds {char}, which reorders what is read",
        "delete it; the pipeline sets the direction itself",
    ),
    "C052": (
        "a direction isolate (U+2066 to U+2069) is not closed in its line, or closes nothing",
        "pair each U+2066, U+2067 or U+2068 with one U+2069",
    ),
    "C053": (
        "the translation holds {char}, which is never part of a text",
        "delete it, or type the line again",
    ),
    "C054": (
        "text and translation do not both {where} with a line end",
        "make the translation's line ends match",
    ),
    "C055": ("the translation is nothing but white space", "translate the text, or leave the msgstr empty"),
    "C060": ('{what} cannot be written in a catalog: "{text}"', "take line ends and control characters out"),
    "C061": (
        '{what} in the messages: "{text}"',
        "give every segment of the source an id and a text of its own",
    ),
}


def problem(code: str, location: Location | None = None, /, **values: object) -> Diagnostic:
    """Return the diagnostic of rule `code`; `values` fill the places in its sentence and hint."""
    sentence, hint = RULES[code]
    return Diagnostic(code, Severity.ERROR, sentence.format(**values), location, hint.format(**values))


def refusal(code: str, **values: str) -> TranslationError:
    """Return the error that rule `code` raises on its own. Quoted text is cut and made printable."""
    found = problem(code, **{key: _excerpt(value) for key, value in values.items()})
    return TranslationError(found.message, diagnostics=(found,))


def name_of(char: str) -> str:
    """Return `char` as people look it up, such as `U+202E`; safe to print in a terminal."""
    return f"U+{ord(char):04X}"


class Problems:
    """The faults of one file, collected while it is read."""

    def __init__(self, path: PurePath) -> None:
        self.path = path
        self._found: list[Diagnostic] = []

    def add(self, code: str, line: int, **values: object) -> None:
        """Note that rule `code` is broken at `line` (1-based). Quoted text is cut and made printable."""
        shown = {k: _excerpt(v) if isinstance(v, str) else v for k, v in values.items()}
        self._found.append(problem(code, Location(self.path, line), **shown))

    def __bool__(self) -> bool:
        return bool(self._found)

    def error(self) -> TranslationError:
        """Return the error that carries all faults, in the order of their lines."""
        found = sorted(self._found, key=lambda d: d.location.line if d.location else 0)
        return TranslationError(f"{self.path.as_posix()} cannot be read", diagnostics=found)


def _excerpt(text: str) -> str:
    shown = "".join(c if c.isprintable() else f"<{name_of(c)}>" for c in text[:40])
    return shown + "…" if len(text) > 40 else shown
