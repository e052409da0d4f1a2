"""A typeface as the renderers get it: a family name and two files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REGULAR, BOLD = 400, 700


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family as two static files on this machine."""

    family: str
    regular: Path
    bold: Path

    @property
    def files(self) -> tuple[tuple[int, Path], ...]:
        """The files with their CSS weights."""
        return ((REGULAR, self.regular), (BOLD, self.bold))
