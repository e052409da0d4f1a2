"""The source: Markdown, glossary, drawings and handouts → one `Document`.

Only this package knows the Markdown dialect. Whatever is outside the dialect is an error with file
and line; all errors of a source are reported together, in one `SourceError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

import msgspec

from pipeline import config
from pipeline.config import Glossary, HandoutSettings, Settings
from pipeline.diagnostics import Location, SourceError, UsageError
from pipeline.document import Document, Front, Handout, Role, Segment
from pipeline.languages import Language, language
from pipeline.reader.blocks import read_blocks
from pipeline.reader.inlines import glossary_segments, read_text
from pipeline.reader.reading import HANDOUTS, Reading, toml_line
from pipeline.reader.stamping import stamp
from pipeline.reader.whole import check_characters, check_glossary, check_ids, check_targets

__all__ = ["Project", "open_project", "read", "stamp"]


class FrontMatter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The TOML between the `+++` lines of the source."""

    slug: config.Identifier
    language: str
    title: str
    subtitle: str
    summary: str
    version: str
    issued: date
    review: date
    licence: str = ""
    authors: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with `source/` and `translations/`, and its settings."""

    root: Path
    settings: Settings

    @property
    def source_folder(self) -> Path:
        """Where the source, the glossary and the settings are."""
        return self.root / "source"

    @property
    def translations_folder(self) -> Path:
        """Where the catalogs are."""
        return self.root / "translations"


def open_project(root: Path) -> Project:
    """Read the settings of the project in the folder `root`. Raises `SourceError`, `UsageError`."""
    path = root / "source" / "handouts.toml"
    settings = config.load(path, Settings, root=root)
    return Project(root, config.check_settings(settings, shown=HANDOUTS))


def read(project: Project) -> Document:
    """Read the source of `project`. Raises `SourceError` with every fault that it has."""
    name = project.settings.project.source
    shown = PurePosixPath("source") / name
    settings = (project.source_folder / "handouts.toml").read_text("utf-8")
    matter, body, first_line, text = _open(project, shown, settings)
    glossary_path = project.source_folder / "glossary.toml"
    exists = glossary_path.exists()
    reading = Reading(
        folder=project.source_folder,
        shown=shown,
        first_line=first_line,
        glossary=config.load(glossary_path, Glossary, root=project.root) if exists else Glossary(),
        glossary_text=glossary_path.read_text("utf-8") if exists else "",
    )
    check_glossary(reading)
    front = _front(matter, reading, text)
    blocks = read_blocks(body, reading)
    document = Document(
        slug=matter.slug,
        language=_language(matter.language, reading, text),
        front=front,
        blocks=blocks,
        revision=matter.issued,
        review=matter.review,
        version=matter.version,
        licence=matter.licence,
        authors=matter.authors,
        reviewers=matter.reviewers,
        expansions=glossary_segments(reading),
        handouts=tuple(_handout(h, front, reading, settings) for h in project.settings.handout),
    )
    check_ids(document, reading)
    check_targets(document, reading, settings)
    check_characters(document, reading, text)
    reading.raise_faults()
    return document


def _open(project: Project, shown: PurePosixPath, settings: str) -> tuple[FrontMatter, str, int, str]:
    """Return the front matter, the body, the line on which the body starts, and the whole text."""
    name = project.settings.project.source
    location = Location(HANDOUTS, toml_line(settings, "source"))
    try:
        path = config.inside(project.source_folder, name, location=location)
        text = path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise SourceError(f"the source {name!r} cannot be read: {error}", location=location) from error
    return (*_split(text, shown), text)


def _split(text: str, shown: PurePosixPath) -> tuple[FrontMatter, str, int]:
    """Return the front matter, the Markdown body, and the line of the file on which the body starts."""
    lines = text.removeprefix("\ufeff").split("\n")
    ends = [n for n, line in enumerate(lines) if line.rstrip() == "+++"]
    if len(ends) < 2 or ends[0] != 0:
        raise SourceError(
            "the source must begin with its front matter",
            location=Location(shown, 1),
            hint="put TOML (slug, language, title …) between two lines of +++",
        )
    matter = config.decode("\n".join(lines[1 : ends[1]]), FrontMatter, shown=shown, first_line=2)
    return matter, "\n".join(lines[ends[1] + 1 :]), ends[1] + 2


def _front(matter: FrontMatter, reading: Reading, text: str) -> Front:
    texts = ((Role.TITLE, matter.title), (Role.SUBTITLE, matter.subtitle), (Role.SUMMARY, matter.summary))
    parts = (
        read_text(words, reading, _in_front_matter(reading, text, role), name=role.value, role=role)
        for role, words in texts
    )
    return Front(*parts)


def _in_front_matter(reading: Reading, text: str, key: str) -> Location:
    return Location(reading.shown, toml_line(text, key))


def _language(tag: str, reading: Reading, text: str) -> Language:
    try:
        return language(tag)
    except UsageError as error:
        place = _in_front_matter(reading, text, "language")
        reading.fault_at("S016", str(error.args[0]), place, hint=error.diagnostics[0].hint)
        return language("en")


def _handout(settings: HandoutSettings, default: Front, reading: Reading, text: str) -> Handout:
    """Return a handout; what it does not say itself, it takes from the source's front matter."""

    def own(role: Role, words: str, inherited: Segment) -> Segment:
        if not words:
            return inherited
        place = Location(HANDOUTS, toml_line(text, role, table="handout", name=settings.id))
        return read_text(words, reading, place, name=f"handout-{settings.id}-{role}", role=role)

    front = Front(
        own(Role.TITLE, settings.title, default.title),
        own(Role.SUBTITLE, settings.subtitle, default.subtitle),
        own(Role.SUMMARY, settings.summary, default.summary),
    )
    return Handout(
        settings.id,
        front,
        settings.contents,
        settings.include,
        settings.exclude,
        tuple(sorted(settings.max_pages.items())),
    )
