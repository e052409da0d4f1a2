"""What went wrong, where, and what to do about it.

Two kinds of trouble are kept apart. A `Diagnostic` is a fact about content (a heading skips a
level, a translation lost a number): it is collected, shown together with the others, and never
raised. A `PipelineError` means that a piece of work cannot go on: it is raised, and carries the
diagnostics that say why.

    PipelineError           exit code 70, unless a subclass says otherwise
    ├── UsageError          2   the command line or handouts.toml asks for what does not exist
    ├── SourceError         3   the source cannot be read
    ├── TranslationError    4   a catalog cannot be used
    ├── MissingToolError    5   a program, library or font is not there
    ├── ToolError           5   an external program is there, and fails or does not end
    └── RenderError         6   a rendition cannot be made as it should be
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePath


class ExitCode(IntEnum):
    """The process exit codes. They are documented in README.md and never renumbered."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    SOURCE = 3
    TRANSLATION = 4
    TOOL_MISSING = 5
    RENDER = 6
    INTERNAL = 70
    INTERRUPTED = 130
    TERMINATED = 143


class Severity(IntEnum):
    """How bad a finding is; the worst one decides the verdict of a report.

    A rule that could not run (`SKIP`) outranks one that passed: silence must never look like success.
    """

    PASS = 0
    SKIP = 1
    INFO = 2
    WARN = 3
    FAIL = 4
    ERROR = 5


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file that a person can open. `line` and `column` are 1-based; 0 means unknown."""

    path: PurePath
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        # A name may hold a new line, or marks that turn a line round: they are told, not done.
        shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in self.path.as_posix())
        return ":".join([shown, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding, as data, so that it can be shown, counted, stored or written as JSON."""

    code: str
    severity: Severity
    message: str
    location: Location | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{where}{self.severity.name.lower()} {self.code}: {self.message}{hint}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule said of one thing that it was run on.

    `skipped` is the reason why the rule could not run; then nothing is known, and nothing is claimed.
    """

    code: str
    diagnostics: tuple[Diagnostic, ...] = ()
    skipped: str = ""

    @property
    def verdict(self) -> Severity:
        """PASS, SKIP, or the gravest severity among the diagnostics."""
        return max(worst(self.diagnostics), Severity.SKIP if self.skipped else Severity.PASS)


def findings(outcomes: Iterable[Outcome]) -> tuple[Diagnostic, ...]:
    """Return all diagnostics of `outcomes`, in order."""
    return tuple(diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics)


def worst(diagnostics: Iterable[Diagnostic]) -> Severity:
    """Return the gravest severity among `diagnostics`, or PASS when there are none."""
    return max((d.severity for d in diagnostics), default=Severity.PASS)


class PipelineError(Exception):
    """A piece of work cannot go on. `diagnostics` holds every reason that was found, worst first."""

    exit_code = ExitCode.INTERNAL
    code = "E000"

    def __init__(
        self,
        message: str,
        *,
        location: Location | None = None,
        hint: str = "",
        diagnostics: Iterable[Diagnostic] = (),
    ) -> None:
        super().__init__(message)
        given = tuple(diagnostics)
        self.diagnostics = given or (Diagnostic(self.code, Severity.ERROR, message, location, hint),)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process boundaries, and the default reduction would lose the diagnostics.
        return _restore_error, (type(self), str(self.args[0]), self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(str(d) for d in self.diagnostics)


def _restore_error(
    kind: type[PipelineError], message: str, diagnostics: tuple[Diagnostic, ...]
) -> PipelineError:
    return kind(message, diagnostics=diagnostics)


class UsageError(PipelineError):
    """The command line or the configuration asks for something that does not exist."""

    exit_code = ExitCode.USAGE
    code = "E002"


class SourceError(PipelineError):
    """The source, or a file that belongs to it, cannot be read."""

    exit_code = ExitCode.SOURCE
    code = "E003"


class TranslationError(PipelineError):
    """A catalog cannot be used."""

    exit_code = ExitCode.TRANSLATION
    code = "E004"


class MissingToolError(PipelineError):
    """A program, a system library or a font is not there."""

    exit_code = ExitCode.TOOL_MISSING
    code = "E005"


class ToolError(PipelineError):
    """An external program is there, and fails or does not end: it has said nothing, good or bad."""

    exit_code = ExitCode.TOOL_MISSING
    code = "E007"


class RenderError(PipelineError):
    """A rendition cannot be made as it should be (a missing glyph, a lost word, a full disk)."""

    exit_code = ExitCode.RENDER
    code = "E006"
