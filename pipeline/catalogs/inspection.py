"""Characters that a translation must not hold, because what is read would not be what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipeline.catalogs.model import Catalog
from pipeline.catalogs.rules import name_of, problem
from pipeline.diagnostics import Diagnostic, Location

# Unicode TR 36 and TR 20: overrides and embeddings reorder what is read and outlive their line in
# careless programs; isolates are allowed in pairs, since Arabic and Hebrew need them around numbers.
_FORBIDDEN: Final = (
    ("C050", re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")),
    ("C051", re.compile("[\u202a-\u202e]")),
    # Line and paragraph separators, deprecated formats, a byte order mark inside, annotations, the
    # sign that a letter was lost, tags, and code points that are no characters.
    (
        "C053",
        re.compile(
            "[\u2028\u2029\u206a-\u206f\ufeff\ufff9-\ufffd\ufdd0-\ufdef\U000e0000-\U000e007f"
            + "".join(chr((plane << 16) + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
            + "]"
        ),
    ),
)
_OPENS: Final = "\u2066\u2067\u2068"
_CLOSES: Final = "\u2069"


def inspect(catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return an ERROR for every harmful character in the translations in use and in the header fields.

    Line ends and tabs are allowed. Translations that are fuzzy count too: drafts may print them.
    """
    found: list[Diagnostic] = []
    for name, value in catalog.headers:
        found += _faults(f"{name}: {value}", _location(catalog, 0))
    for entry in catalog.entries:
        if entry.obsolete or not entry.translation:
            continue
        location = _location(catalog, entry.line)
        found += _faults(entry.translation, location)
        if not entry.translation.strip():
            found.append(problem("C055", location))
        for where, differ in (
            ("begin", entry.id.startswith("\n") != entry.translation.startswith("\n")),
            ("end", entry.id.endswith("\n") != entry.translation.endswith("\n")),
        ):
            if differ:
                found.append(problem("C054", location, where=where))
    return tuple(found)


def _location(catalog: Catalog, line: int) -> Location | None:
    return Location(catalog.path, line) if catalog.path is not None else None


def _faults(text: str, location: Location | None) -> Iterator[Diagnostic]:
    for code, pattern in _FORBIDDEN:
        for char in dict.fromkeys(pattern.findall(text)):
            yield problem(code, location, char=name_of(char))
    if not all(_is_balanced(line) for line in text.split("\n")):
        yield problem("C052", location)


def _is_balanced(line: str) -> bool:
    depth = 0
    for char in line:
        depth += (char in _OPENS) - (char in _CLOSES)
        if depth < 0:
            return False
    return depth == 0
