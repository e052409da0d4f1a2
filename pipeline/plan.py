"""The plan: settings and wishes → targets; targets → jobs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from pipeline.config import Settings
from pipeline.diagnostics import UsageError
from pipeline.editions import Target
from pipeline.languages import PSEUDO_TAGS, language
from pipeline.organisations import Organisation
from pipeline.standards import STANDARDS

# Where the copies of organizations lie, each in a folder of its own; and what they are made from.
COPIES = "organisations"
STENCILS = ".handout/stencils"

# The formats whose pages have a size; the others are made once, whatever the paper.
PAGED = frozenset({"pdf", "docx"})

# The formats that are laid out as pages by WeasyPrint, or show where those are.
_OF_PAGES = frozenset({"pdf", "epub"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for; an empty tuple means everything that the settings name.

    With a `standard` only what has pages is made: no standard for print says anything of the others.
    With a `pdf_variant` only PDFs are made, in that variant, unless formats are named. A `release` is
    refused for what is not signed off. A `shard` (2, 5) is the second of five parts: each job is in one.
    """

    handouts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    standard: str = ""
    pdf_variant: str = ""
    release: bool = False
    shard: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Job:
    """Targets that share one translated handout in one edition: one piece of work for a process.

    The `snapshot` is of all files of the project, the `stamp` of those that this language is made from.
    With `organisations` the targets are their copies, one organization behind the other. A `release`
    makes nothing that is not signed off.
    """

    root: Path
    output: Path
    language: str
    handout: str
    edition: str
    targets: tuple[Target, ...]
    snapshot: str
    stamp: str = ""
    release: bool = False
    organisations: tuple[Organisation, ...] = ()


def targets(settings: Settings, wishes: Wishes) -> tuple[Target, ...]:
    """Return the targets that the settings and the wishes have in common.

    Raises `UsageError` for a wish that the settings do not know, and for a standard together with
    formats that have no pages.
    """
    handouts = [h.id for h in settings.handout]
    editions = list(dict.fromkeys(e for names in settings.build.formats.values() for e in names))
    _check("handout", wishes.handouts, handouts)
    _check("language", wishes.languages, [*settings.build.languages, *PSEUDO_TAGS])
    _check("format", wishes.formats, list(settings.build.formats))
    _check("edition", wishes.editions, editions)
    _check("standard", filter(None, (wishes.standard,)), list(STANDARDS))
    formats = wishes.formats or (("pdf",) if wishes.pdf_variant else tuple(settings.build.formats))
    if wishes.standard:
        formats = tuple(name for name in formats if name in PAGED)
    if not formats:
        raise UsageError(
            f"“{wishes.standard}” is a standard for print, and {', '.join(wishes.formats)} has no pages",
            hint=f"formats with pages are: {', '.join(sorted(PAGED))}",
        )
    wanted = tuple(
        Target(
            tag,
            handout,
            edition,
            name,
            paper,
            in_name,
            wishes.standard,
            variant=wishes.pdf_variant if name == "pdf" else "",
        )
        for tag in wishes.languages or settings.build.languages
        for handout in wishes.handouts or handouts
        for edition in wishes.editions or editions
        for name, allowed in settings.build.formats.items()
        if edition in allowed and name in formats
        for paper, in_name in _papers(settings, tag, name)
    )
    return _shard(wanted, wishes.shard)


def _shard(wanted: tuple[Target, ...], shard: tuple[int, int]) -> tuple[Target, ...]:
    """Return one part of the targets. What is up to date plays no role, so that the parts never overlap."""
    part, parts = shard
    # As dealt out like cards: what is heavy, such as a language, is spread over the parts.
    dealt = {group: at % parts for at, group in enumerate(dict.fromkeys(map(_group, wanted)))}
    return tuple(target for target in wanted if dealt[_group(target)] == part - 1)


def parse_shard(text: str) -> tuple[int, int]:
    """Return (2, 5) for `2/5`. Raises `UsageError` for what names no part."""
    numbers = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text, re.ASCII)
    part, parts = map(int, numbers.groups()) if numbers else (0, 0)
    if not 1 <= part <= parts:
        raise UsageError(
            f"“{text}” names no part of a build",
            hint="write which part, and how many there are: 2/5 is the second of five",
        )
    return part, parts


def _group(target: Target) -> tuple[str, str, str]:
    """Return what the targets of one job have in common."""
    return target.language, target.handout, target.edition


def copies(settings: Settings, wishes: Wishes, organisation: Organisation) -> tuple[Target, ...]:
    """Return an organization's targets: what the settings, the wishes and the organization have in common."""
    if organisation.papers:
        paper = dict.fromkeys(settings.build.languages, organisation.papers)
        settings = replace(settings, build=replace(settings.build, paper=paper))
    own = (
        (organisation.languages, "language"),
        (organisation.handouts, "handout"),
        (organisation.formats, "format"),
        (organisation.editions, "edition"),
    )
    return tuple(
        dataclasses.replace(target, folder=f"{COPIES}/{organisation.id}")
        for target in targets(settings, dataclasses.replace(wishes, shard=(1, 1)))
        if all(not wished or getattr(target, what) in wished for wished, what in own)
    )


def _papers(settings: Settings, tag: str, name: str) -> Iterable[tuple[str, bool]]:
    papers = settings.build.paper.get(tag) or (language(tag).paper,)
    if name not in PAGED:
        return [(papers[0], False)]
    return [(paper, len(papers) > 1) for paper in papers]


def _check(what: str, wished: Iterable[str], known: list[str]) -> None:
    for name in wished:
        if name not in known:
            raise UsageError(f"there is no {what} “{name}”", hint=f"known are: {', '.join(known)}")


def jobs(wanted: Iterable[Target], *, like: Job, stamps: Mapping[str, str]) -> tuple[Job, ...]:
    """Group targets into jobs, language by language; PDF and e-book, which lists its pages, are one.

    The longest come first in each language, so that at the end no process waits long for another. Root,
    output, snapshot and release are those of `like`; `stamps` has one for each language.
    """
    groups: dict[tuple[tuple[str, str, str], bool], list[Target]] = {}
    for target in wanted:
        groups.setdefault((_group(target), target.format in _OF_PAGES), []).append(target)
    languages = list(dict.fromkeys(tag for (tag, *_), _ in groups))
    ordered = sorted(groups.items(), key=lambda item: (languages.index(item[0][0][0]), not item[0][1]))
    return tuple(
        dataclasses.replace(
            like,
            language=tag,
            handout=handout,
            edition=edition,
            targets=tuple(sorted(group, key=lambda t: t.format != "pdf")),
            stamp=stamps[tag],
        )
        for ((tag, handout, edition), _), group in ordered
    )
