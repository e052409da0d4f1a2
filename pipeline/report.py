"""Reports: what was made, what was found, and which exit code that means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.diagnostics import Diagnostic, ExitCode, PipelineError, Severity, worst


@dataclass(frozen=True, slots=True)
class Made:
    """One target of a build. `reason` says why it was made; "" means it was up to date. `seconds` of work."""

    name: str
    size: int
    pages: int | None
    reason: str
    seconds: float
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """One target, or all of a language, that could not be made."""

    name: str
    exit_code: ExitCode
    diagnostics: tuple[Diagnostic, ...]


@dataclass(slots=True)
class BuildReport:
    """All that a build did."""

    made: list[Made] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)

    @property
    def exit_code(self) -> ExitCode:
        """The exit code: that of the gravest failure, else whether there are findings."""
        if self.failed:
            return max(f.exit_code for f in self.failed)
        found = worst(d for m in self.made for d in m.diagnostics)
        return ExitCode.FINDINGS if found >= Severity.FAIL else ExitCode.OK

    @property
    def built(self) -> int:
        """How many targets were made anew."""
        return sum(bool(m.reason) for m in self.made)


def failure(name: str, error: PipelineError) -> Failed:
    """Return the failure that an error means for the target or language `name`."""
    return Failed(name, error.exit_code, error.diagnostics)


def size_text(size: int) -> str:
    """Return a size in bytes as a person reads it: `87 kB`, `1.2 MB` (decimal units)."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def count_text(number: int, noun: str) -> str:
    """Return a number with its noun in the right form."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def unique(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return each diagnostic once, in order: one fault of a text shows in many targets."""
    return tuple(dict.fromkeys(diagnostics))
