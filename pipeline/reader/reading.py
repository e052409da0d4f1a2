"""What the reader knows while it reads: the file, the glossary, the faults found so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.config import Glossary
from pipeline.diagnostics import Diagnostic, Location, Severity, SourceError

SEGMENT_ID = re.compile(r"[a-z][a-z0-9-]{0,38}")


@dataclass(slots=True)
class Reading:
    """One reading of one source. `first_line` is the line of the file on which the Markdown starts."""

    folder: Path
    shown: PurePosixPath
    first_line: int
    glossary: Glossary
    faults: list[Diagnostic] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    internal_links: list[tuple[str, Location]] = field(default_factory=list)
    pending_note: str = ""

    def at(self, line: int) -> Location:
        """Return the place of the 0-based `line` of the Markdown body."""
        return Location(self.shown, self.first_line + line)

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
            ordered = sorted(self.faults, key=lambda d: (d.location or Location(self.shown), d.code))
            raise SourceError(f"{len(ordered)} faults in the source", diagnostics=ordered)
