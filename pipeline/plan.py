"""The plan: settings and wishes → targets; targets → jobs; the digests of what each depends on."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from pipeline.config import Settings
from pipeline.diagnostics import UsageError
from pipeline.document import TranslatedDocument
from pipeline.editions import Layout, Target
from pipeline.fonts import Typeface
from pipeline.languages import PSEUDO_TAGS, language
from pipeline.organisations import Organisation
from pipeline.standards import STANDARDS

# Where the copies of organizations lie, each in a folder of its own; and what they are made from.
COPIES = "organisations"
STENCILS = ".handout/stencils"

# The formats whose pages have a size; the others are made once, whatever the paper.
PAGED = frozenset({"pdf", "docx"})

# format → the style sheet that sets it. A change of one leaves the files of other formats up to date.
STYLES_FOLDER = Path(__file__).parent / "renderers" / "styles"
STYLES: Mapping[str, str] = MappingProxyType({"pdf": "print.css", "html": "web.css", "epub": "ebook.css"})

# The libraries whose version changes what comes out.
LIBRARIES = (
    "weasyprint pydyf tinycss2 fonttools brotli python-docx EbookLib lxml resvg-py uharfbuzz Babel "
    "pikepdf pillow segno markdown-it-py mdit-py-plugins"
).split()


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
    """The targets that share one translated handout in one edition: one piece of work for a process.

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


def jobs(wanted: Iterable[Target], *, like: Job) -> tuple[Job, ...]:
    """Group targets into jobs, in their order; the PDF, whose pages an e-book lists, comes first.

    Root, output, snapshot and release are those of `like`.
    """
    groups: dict[tuple[str, str, str], list[Target]] = {}
    for target in wanted:
        groups.setdefault(_group(target), []).append(target)
    return tuple(
        dataclasses.replace(
            like,
            language=tag,
            handout=handout,
            edition=edition,
            targets=tuple(sorted(group, key=lambda t: t.format != "pdf")),
        )
        for (tag, handout, edition), group in groups.items()
    )


def snapshot(root: Path) -> str:
    """Return one digest of every file that a build of the project reads, and of the program."""
    digest = hashlib.sha256(product().encode())
    for folder in ("source", "translations"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + _content(path) + b"\0")
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    """Return what a file holds; nothing if it cannot be read, which whoever needs it will tell."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


@cache
def program() -> str:
    """Return the digest of our own code, and of the versions of the libraries."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*")):
        if path.suffix in (".py", ".conf", ".xml"):
            digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    interface = sorted((here.parent / "translations").rglob("interface.po"))
    for path in interface:
        digest.update(path.read_bytes())
    for name in LIBRARIES:
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{name} absent\n".encode())
    return digest.hexdigest()


def product() -> str:
    """Return the digest of the program and of its style sheets."""
    return hashlib.sha256("\0".join((program(), *map(style, STYLES))).encode()).hexdigest()


@cache
def style(format: str) -> str:
    """Return the digest of the style sheet that a format is set by; "" for one that has none."""
    name = STYLES.get(format)
    return hashlib.sha256((STYLES_FOLDER / name).read_bytes()).hexdigest()[:20] if name else ""


def inputs(
    translated: TranslatedDocument, layout: Layout, format: str, *, companions: object
) -> Mapping[str, str]:
    """Return the digest of each kind of input of a target, by a name that a person understands."""
    measures = (layout.edition, layout.paper, layout.body_pt, layout.measure_pt)
    return {
        "text": _digest((translated.document, translated.superseded)),
        "interface": _digest(sorted(translated.labels.items())),
        "edition": _digest(measures),
        "style": style(format),
        "fonts": _digest([_font_digest(face) for face in layout.stack]),
        "companions": _digest(companions),
        "program": program(),
    }


def _digest(value: object) -> str:
    """Return the digest of a value's representation; locations take no part in it."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:20]


@cache
def _font_digest(face: Typeface) -> str:
    data = b"".join(path.read_bytes() for _, path in face.files)
    return f"{face.family} {hashlib.sha256(data).hexdigest()}"
