"""The project's settings, as plain data: handouts.toml, glossary.toml, facts.toml.

msgspec checks types and refuses unknown keys; `load` turns its complaint into one sentence that
names the file and the path of what is wrong. Settings are untrusted: a file that they name must
lie inside the project.
"""

from __future__ import annotations

import tomllib
from pathlib import Path, PurePosixPath
from typing import Annotated, TypeVar

import msgspec

from pipeline.diagnostics import Location, SourceError, UsageError

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,38}$")]
FORMATS = ("pdf", "docx", "epub", "html", "txt")
EDITIONS = ("clear", "large", "giant")
PAPERS = ("a4", "letter")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A TOML table whose keys are all known."""


class ReleaseSettings(_Table, frozen=True):
    """`[release]`: the roles in which each segment must be signed off before a release.

    `roles` are those that a translation needs, `source_roles` those of the source itself.
    """

    roles: tuple[str, ...] = ("linguistic", "clinical")
    source_roles: tuple[str, ...] = ("clinical",)


class HandoutSettings(_Table, frozen=True):
    """One `[[handout]]`: which part of the source it publishes, under which title."""

    id: Identifier
    title: str = ""
    subtitle: str = ""
    summary: str = ""
    contents: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: dict[str, int] = {}


class BuildSettings(_Table, frozen=True):
    """`[build]`: the languages, the editions of each format, the papers of each language."""

    languages: tuple[str, ...]
    formats: dict[str, tuple[str, ...]]
    paper: dict[str, tuple[str, ...]] = {}


class ProjectSettings(_Table, frozen=True):
    """`[project]`: the file of the source, beside handouts.toml."""

    source: str


class Settings(_Table, frozen=True):
    """All of handouts.toml."""

    project: ProjectSettings
    build: BuildSettings
    handout: tuple[HandoutSettings, ...]
    release: ReleaseSettings = ReleaseSettings()


class TermEntry(_Table, frozen=True):
    """A `[[term]]` of the glossary."""

    id: Identifier
    term: str
    explanation: str
    note: str = ""


class AbbreviationEntry(_Table, frozen=True):
    """An `[[abbreviation]]`: `text` is the same in every language, `expansion` is translated."""

    id: Identifier
    text: str
    expansion: str
    note: str = ""


class KeptEntry(_Table, frozen=True):
    """A `[[keep]]`: a name that every language writes as the source does."""

    text: str
    note: str = ""


class Glossary(_Table, frozen=True):
    """All of glossary.toml."""

    term: tuple[TermEntry, ...] = ()
    abbreviation: tuple[AbbreviationEntry, ...] = ()
    keep: tuple[KeptEntry, ...] = ()


class Fact(_Table, frozen=True):
    """A fact of the content brief and the segments that carry it."""

    id: str
    segments: tuple[str, ...]


class Query(_Table, frozen=True):
    """An open medical question about a fact; `segment` is where the leaflet asks it."""

    id: str
    segment: str
    question: str
    fact: str = ""


class Facts(_Table, frozen=True):
    """All of facts.toml."""

    fact: tuple[Fact, ...] = ()
    query: tuple[Query, ...] = ()


T = TypeVar("T")


def load(path: Path, kind: type[T], *, root: Path | None = None) -> T:
    """Read the TOML file at `path` as `kind`. Raises `SourceError` with the path of what is wrong."""
    shown = PurePosixPath(path.relative_to(root) if root else path.name)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise SourceError(f"{shown} is missing", location=Location(shown)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{shown} cannot be read as UTF-8 text: {error}", location=Location(shown)
        ) from error
    return decode(text, kind, shown=shown)


def decode(text: str, kind: type[T], *, shown: PurePosixPath, first_line: int = 1) -> T:
    """Decode TOML `text`, which starts at `first_line` of the file `shown`, as `kind`."""
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except tomllib.TOMLDecodeError as error:
        line = first_line - 1 + int(getattr(error, "lineno", 0) or _line_of(str(error)))
        raise SourceError(f"not valid TOML: {error}", location=Location(shown, line)) from error
    except msgspec.ValidationError as error:
        raise SourceError(f"{error}", location=Location(shown), hint="see the README for the keys") from error


def _line_of(message: str) -> int:
    """Return the line that tomllib names in its message (Python 3.14 gives it as an attribute)."""
    words = message.replace(",", " ").replace(")", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else 0


def inside(root: Path, name: str, *, location: Location) -> Path:
    """Return the file `name` below `root`. Raises `SourceError` if it would lie outside."""
    path = (root / name.replace("\0", "/")).resolve()
    if "\0" in name or not path.is_relative_to(root.resolve()) or PurePosixPath(name).is_absolute():
        raise SourceError(f"“{name!r}” lies outside the project".replace("'", ""), location=location)
    return path


def check_settings(settings: Settings, *, shown: PurePosixPath) -> Settings:
    """Return `settings` if its names exist. Raises `UsageError` naming the first that does not."""
    known = {
        "format": (settings.build.formats, FORMATS),
        "edition": ([e for names in settings.build.formats.values() for e in names], EDITIONS),
        "paper": ([p for names in settings.build.paper.values() for p in names], PAPERS),
        "language with a paper": (settings.build.paper, settings.build.languages),
    }
    for what, (names, allowed) in known.items():
        for name in names:
            if name not in allowed:
                raise UsageError(
                    f"unknown {what} “{name}”",
                    location=Location(shown),
                    hint=f"known are: {', '.join(allowed)}",
                )
    ids = [h.id for h in settings.handout]
    for name in ids:
        if ids.count(name) > 1:
            raise UsageError(f"the handout id “{name}” is used twice", location=Location(shown))
    return settings
