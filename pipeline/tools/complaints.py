"""What an external validator says of a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One sort of fault: the clause or code that it breaks, how often, and where first."""

    clause: str
    message: str
    count: int = 1
    place: str = ""

    def __str__(self) -> str:
        often = f" ({self.count} times)" if self.count > 1 else ""
        where = f"; first at {self.place}" if self.place else ""
        return f"{self.clause}: {self.message}{often}{where}"


@dataclass(frozen=True, slots=True)
class NoVerdict:
    """The validator broke down over the file: nothing is known of it, good or bad."""

    reason: str


Verdict = tuple[Complaint, ...] | NoVerdict
