"""The download page and the manifest: all that the output folder holds, for people and for programs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import groupby
from pathlib import Path

import msgspec

from pipeline.document import Document
from pipeline.editions import MEDIA_TYPES, Target
from pipeline.interface import english
from pipeline.languages import language
from pipeline.plan import PAGED
from pipeline.renderers.elements import element
from pipeline.report import count_text, size_text
from pipeline.store import Record, alone, is_whole, read_record, sha256, write
from pipeline.webpage import web_page

LISTS = ("manifest.json", "index.html")

_PAPERS = {"a4": "A4", "letter": "US Letter"}
_STATUS = {
    "source": "Original text. Not yet reviewed by a clinician.",
    "draft": "Draft translation. Not yet reviewed by a qualified person.",
    "fuzzy": "Incomplete draft translation. Some parts are shown in English.",
    "untranslated": "Incomplete draft translation. Some parts are shown in English.",
    "signed off": "Reviewed and signed off.",
}


class Artefact(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the output folder, as the manifest lists it. `bytes` is its size."""

    path: str
    title: str
    language: str
    handout: str
    edition: str
    format: str
    paper: str | None
    media_type: str
    bytes: int
    pages: int | None
    sha256: str
    status: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """All of manifest.json: the source's version and date, and what was made of it."""

    version: str
    issued: str
    artefacts: tuple[Artefact, ...]


def is_listed(wanted: Iterable[Target], output: Path, *, folder: str = "") -> bool:
    """Whether page and manifest are as they were written, and list just those targets that have a record."""
    try:
        lists = [(output / folder / name).read_bytes() for name in LISTS]
        if (output / _seal_name(folder)).read_text("ascii") != _seal(*lists):
            return False
        manifest = msgspec.json.decode(lists[0], type=Manifest)
    except (OSError, ValueError, msgspec.DecodeError):
        return False
    records = ((target, read_record(output, target.name)) for target in wanted)
    expected = tuple(_artefact(target, record) for target, record in records if record)
    return manifest.artefacts == expected


def _seal_name(folder: str) -> str:
    return f".handout/lists/{folder or 'all'}.sha256"


def _seal(*lists: bytes) -> str:
    """Return what tells whether any of these was altered."""
    return "".join(f"{sha256(data)}\n" for data in lists)


def write_download_page(
    document: Document,
    wanted: Iterable[Target],
    output: Path,
    *,
    folder: str = "",
    whole: Callable[[Path, str, Record], bool] = is_whole,
) -> None:
    """Write `index.html` and `manifest.json` for each of the targets that is there, whole.

    They lie in `folder` below the output folder, as the targets do. Raises `RenderError` if they cannot
    be written.
    """
    with alone(output):  # whichever build is the last to list sees what all have made
        found = [
            (target, record)
            for target in wanted
            if (record := read_record(output, target.name)) and whole(output, target.name, record)
        ]
        manifest = Manifest(
            version=document.version,
            issued=document.revision.isoformat(),
            artefacts=tuple(_artefact(target, record) for target, record in found),
        )
        lists = (msgspec.json.format(msgspec.json.encode(manifest)) + b"\n", _page(found))
        for name, data in zip(LISTS, lists, strict=True):
            _write_if_new(output / folder / name, data)
        _write_if_new(output / _seal_name(folder), _seal(*lists).encode())


def _write_if_new(path: Path, data: bytes) -> None:
    with suppress(OSError):  # what cannot be read is written anew
        if path.read_bytes() == data:
            return
    write(path, data)


def _artefact(target: Target, record: Record) -> Artefact:
    return Artefact(
        path=target.path,
        title=record.title,
        language=target.language,
        handout=target.handout,
        edition=target.edition,
        format=target.format,
        paper=target.paper if target.format in PAGED else None,
        media_type=MEDIA_TYPES[target.format],
        bytes=record.size,
        pages=record.pages,
        sha256=record.digest,
        status=record.status,
    )


def _page(found: list[tuple[Target, Record]]) -> bytes:
    """Return the page, in English; each language has its own name, each title its own language."""
    by_language = [(tag, list(group)) for tag, group in groupby(found, key=lambda f: f[0].language)]
    switch = element("ul", *(_language_link(tag) for tag, _ in by_language))
    nav = element(
        "nav",
        element("h2", "Languages", id="languages"),
        " ",
        switch,
        class_="top languages",
        aria_labelledby="languages",
    )
    return web_page(
        "Leaflets to download",
        "Choose a language, then a format.",
        *(_language_section(tag, group) for tag, group in by_language),
        nav=nav,
    )


def _language_link(tag: str) -> ET.Element:
    own = language(tag)
    link = element("a", own.name, href=f"#{tag}", lang=tag, dir=own.direction)
    return element("li", link, "" if tag == "en" else f" ({own.english_name})")


def _language_section(tag: str, found: list[tuple[Target, Record]]) -> ET.Element:
    own = language(tag)
    name = element("span", own.name, lang=tag, dir=own.direction)
    heading = element("h2", name, "" if tag == "en" else f" – {own.english_name}", id=f"{tag}-heading")
    handouts = [list(group) for _, group in groupby(found, key=lambda f: f[0].handout)]
    return element(
        "section",
        heading,
        element("p", element("strong", "Status: "), _STATUS[found[0][1].status], class_="status"),
        *(part for group in handouts for part in _handout(group)),
        id=tag,
        aria_labelledby=f"{tag}-heading",
    )


def _handout(found: list[tuple[Target, Record]]) -> tuple[ET.Element, ET.Element]:
    target, record = found[0]
    own = language(target.language)
    ordered = sorted(found, key=lambda f: list(MEDIA_TYPES).index(f[0].format))
    items = (element("li", _link(t, r), f" – {_details(r)}") for t, r in ordered)
    return element("h3", element("span", record.title, lang=own.tag, dir=own.direction)), element(
        "ul", *items
    )


def _link(target: Target, record: Record) -> ET.Element:
    labels = english()
    paper = f", {_PAPERS[target.paper]}" if target.paper_in_name else ""
    words = f"{labels[f'format-{target.format}']}, {labels[f'edition-{target.edition}'].lower()}{paper}"
    # Links must make sense by themselves (WCAG 2.2 SC 2.4.4): the title goes with each, unseen.
    hidden = element("span", f" – {record.title}", class_="unseen", lang=target.language)
    return element("a", words, hidden, href=target.path, type=MEDIA_TYPES[target.format])


def _details(record: Record) -> str:
    pages = f"{count_text(record.pages, 'page')}, " if record.pages else ""
    return f"{pages}{size_text(record.size)}"
