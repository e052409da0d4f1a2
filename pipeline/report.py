"""Reports: what was made, what was found, and which exit code that means."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Iterable
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.diagnostics import Diagnostic, ExitCode, PipelineError, RenderError, Severity, worst

_ROOMIER = (
    "for want of memory, build again with -j 1; for want of temporary room, set TMPDIR to a roomier folder"
)


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


def mishap(name: str, error: Exception) -> Failed:
    """Return what befell a target, in a sentence: a fault of the content, the machine or the program."""
    match error:
        case PipelineError():
            return failure(name, error)
        case _ if _wants_memory(error):
            return failure(name, RenderError("there is not enough memory to make it", hint=_ROOMIER))
        case BrokenExecutor():
            wrong = f"the process that makes it was ended from outside: {error}"
            return failure(name, RenderError(wrong, hint=_ROOMIER))
        case OSError():  # a full temporary folder, say
            wrong = f"{error.filename or 'a file'} cannot be used: {error.strerror or error}"
            return failure(name, RenderError(wrong))
        case _:
            return _crash(name, error)


def _wants_memory(error: BaseException) -> bool:
    """Whether memory did not suffice, also for a library or a thread that should have been started."""
    text = str(error)
    is_so = (
        isinstance(error, MemoryError)
        or (isinstance(error, ImportError) and "failed to map segment" in text)
        or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
        or (isinstance(error, RuntimeError) and "can't start new thread" in text)
    )
    cause = error.__cause__ or error.__context__
    return is_so or (cause is not None and _wants_memory(cause))


def _crash(name: str, error: Exception) -> Failed:
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    message = f"a fault of the program: {type(error).__name__}: {error} ({place})"
    return Failed(name, ExitCode.INTERNAL, (Diagnostic("E070", Severity.ERROR, message),))


def size_text(size: int) -> str:
    """Return a size in bytes as a person reads it: `87 kB`, `1.2 MB` (decimal units)."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def count_text(number: int, noun: str) -> str:
    """Return a number with its noun in the right form."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def unique(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return each diagnostic once, in order: one fault of a text shows in many targets."""
    return tuple(dict.fromkeys(diagnostics))
