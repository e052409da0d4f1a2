"""What the reader knows while it reads: the file, the glossary, the faults found so far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.config import Glossary
from pipeline.diagnostics import Diagnostic, Location, Severity, SourceError
from pipeline.document import EndNote

SEGMENT_ID = re.compile(r"[a-z][a-z0-9-]{0,38}")
HANDOUTS = PurePosixPath("source/handouts.toml")
GLOSSARY = PurePosixPath("source/glossary.toml")

_HEADER = re.compile(r"\s*\[\[\s*([a-z]+)\s*\]\]")


@dataclass(slots=True)
class Reading:
    """One reading of one source. `first_line` is the line of the file on which the Markdown starts."""

    folder: Path
    shown: PurePosixPath
    first_line: int
    glossary: Glossary
    glossary_text: str = ""
    faults: list[Diagnostic] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    internal_links: list[tuple[str, Location]] = field(default_factory=list)
    end_notes: tuple[EndNote, ...] = ()
    pending_note: str = ""
    _elsewhere: Location | None = field(default=None, init=False)

    @contextmanager
    def elsewhere(self, place: Location) -> Iterator[None]:
        """Let all that is read meanwhile come from `place`, and not from the Markdown body."""
        before, self._elsewhere = self._elsewhere, place
        yield
        self._elsewhere = before

    def at(self, line: int) -> Location:
        """Return the place of the 0-based `line` of the Markdown body."""
        return self._elsewhere or Location(self.shown, self.first_line + line)

    def in_glossary(self, table: str, name: str, key: str) -> Location:
        """Return the place of a key of a glossary entry."""
        return Location(GLOSSARY, toml_line(self.glossary_text, key, table=table, name=name))

    def fault(self, code: str, message: str, *, line: int, hint: str = "") -> None:
        """Record a fault on the 0-based `line` of the Markdown body."""
        self.fault_at(code, message, self.at(line), hint=hint)

    def fault_at(self, code: str, message: str, location: Location | None, *, hint: str = "") -> None:
        """Record a fault at `location`."""
        place = location or Location(self.shown)
        self.faults.append(Diagnostic(code, Severity.ERROR, message, place, hint))

    def claim(self, block_id: str, *, line: int) -> str:
        """Take `block_id` for a block; a second claim is a fault."""
        if not SEGMENT_ID.fullmatch(block_id):
            self.fault("S002", f"“{block_id}” is not an id", line=line, hint="use a–z, 0–9 and hyphens")
        elif block_id in self.block_ids:
            self.fault("S003", f"the id “{block_id}” is used twice", line=line, hint="choose another id")
        self.block_ids.add(block_id)
        return block_id

    def take_note(self) -> str:
        """Return the translators' note that waits for the next segment, and forget it."""
        note, self.pending_note = self.pending_note, ""
        return note

    def raise_faults(self) -> None:
        """Raise a `SourceError` with all faults, in the order of the file, if there are any."""
        if self.faults:
            ordered = sorted(
                dict.fromkeys(self.faults), key=lambda d: (d.location or Location(self.shown), d.code)
            )
            raise SourceError(f"{len(ordered)} faults in the source", diagnostics=ordered)


def toml_line(text: str, key: str, *, table: str = "", name: str = "") -> int:
    """Return the 1-based line of `key` in TOML `text`, or 0 if it cannot be told.

    With `table`, the key is that of the `[[table]]` whose id is `name`.
    """
    lines = text.split("\n")
    heads = [n for n, line in enumerate(lines) if _HEADER.match(line)]
    for start, end in zip([0, *heads], [*heads, len(lines)], strict=True):
        head = _HEADER.match(lines[start])
        if (head[1] if head else "") != table or (table and not _key(lines[start:end], "id", name)):
            continue
        return start + (_key(lines[start:end], key) or 1)
    return 0


def _key(lines: list[str], key: str, value: str = "") -> int:
    """Return the 1-based number of the line that sets `key` (to `value`), or 0."""
    wanted = re.compile(rf"\s*{key}\s*=\s*" + (rf"[\"']{re.escape(value)}[\"']" if value else ""))
    return next((n for n, line in enumerate(lines, start=1) if wanted.match(line)), 0)
