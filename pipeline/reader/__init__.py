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
from pipeline.diagnostics import Location, SourceError
from pipeline.document import Document, Front, Handout, Role, Segment, Term, segments, walk
from pipeline.languages import language
from pipeline.reader.blocks import read_blocks
from pipeline.reader.inlines import glossary_segments, read_inline
from pipeline.reader.reading import Reading
from pipeline.reader.stamping import stamp

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
    return Project(root, config.check_settings(settings, shown=PurePosixPath("source/handouts.toml")))


def read(project: Project) -> Document:
    """Read the source of `project`. Raises `SourceError` with every fault that it has."""
    shown = PurePosixPath("source") / project.settings.project.source
    location = Location(PurePosixPath("source/handouts.toml"))
    path = config.inside(project.source_folder, project.settings.project.source, location=location)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"the source cannot be read: {error}", location=Location(shown)) from error
    matter, body, first_line = _split(text, shown)
    glossary_path = project.source_folder / "glossary.toml"
    glossary = (
        config.load(glossary_path, Glossary, root=project.root) if glossary_path.exists() else Glossary()
    )
    reading = Reading(folder=project.source_folder, shown=shown, first_line=first_line, glossary=glossary)
    _check_glossary(glossary, reading)
    front = _front(reading, matter.title, matter.subtitle, matter.summary, prefix="")
    blocks = read_blocks(body, reading)
    document = Document(
        slug=matter.slug,
        language=language(matter.language),
        front=front,
        blocks=blocks,
        revision=matter.issued,
        review=matter.review,
        version=matter.version,
        licence=matter.licence,
        authors=matter.authors,
        reviewers=matter.reviewers,
        expansions=glossary_segments(reading),
        handouts=tuple(_handout(reading, h, front) for h in project.settings.handout),
    )
    _check_document(document, reading)
    reading.raise_faults()
    return document


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


def _front(reading: Reading, title: str, subtitle: str, summary: str, *, prefix: str) -> Front:
    texts = ((Role.TITLE, title), (Role.SUBTITLE, subtitle), (Role.SUMMARY, summary))
    parts = [
        Segment(f"{prefix}{role.value}", role, read_inline(text, reading, line=1)) for role, text in texts
    ]
    return Front(*parts)


def _handout(reading: Reading, settings: HandoutSettings, default: Front) -> Handout:
    own = _front(
        reading, settings.title, settings.subtitle, settings.summary, prefix=f"handout-{settings.id}-"
    )
    front = Front(
        own.title if settings.title else default.title,
        own.subtitle if settings.subtitle else default.subtitle,
        own.summary if settings.summary else default.summary,
    )
    return Handout(
        settings.id,
        front,
        settings.contents,
        settings.include,
        settings.exclude,
        tuple(sorted(settings.max_pages.items())),
    )


def _check_glossary(glossary: Glossary, reading: Reading) -> None:
    for kind, entries in (("term", glossary.term), ("abbreviation", glossary.abbreviation)):
        ids = [entry.id for entry in entries]
        for duplicate in sorted({i for i in ids if ids.count(i) > 1}):
            reading.fault("S014", f"source/glossary.toml has the {kind} “{duplicate}” twice", line=0)


def _check_document(document: Document, reading: Reading) -> None:
    """Check what only the whole document can tell: unique ids, targets of terms and selections."""
    seen: dict[str, Segment] = {}
    for segment in segments(document):
        other = seen.setdefault(segment.id, segment)
        if other is not segment and other != segment:
            reading.fault_at(
                "S003",
                f"the segment id “{segment.id}” is used twice",
                segment.location,
                hint="choose another id",
            )
        elif other is not segment and segment.role not in (Role.TITLE, Role.SUBTITLE, Role.SUMMARY):
            reading.fault_at("S003", f"the segment id “{segment.id}” is used twice", segment.location)
    known = {t.id for t in reading.glossary.term}
    for node in walk(document):
        if isinstance(node, Term) and node.id not in known:
            reading.fault_at("S011", f"the glossary has no term “{node.id}”", node.location)
    ids = reading.block_ids | seen.keys()
    for handout in document.handouts:
        for name in (*handout.include, *handout.exclude):
            if name not in ids:
                reading.fault(
                    "S015",
                    f"source/handouts.toml: the handout “{handout.id}” names “{name}”, which is no id",
                    line=0,
                )
    for link, location in reading.internal_links:
        if link not in ids:
            reading.fault_at("S012", f"the link goes to “#{link}”, which is no id in this source", location)
