"""Reading: rows of a table as organizations, and what is wrong with the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pipeline.config import PAPERS, Settings
from pipeline.diagnostics import Diagnostic, Location, Severity, SourceError
from pipeline.organisations.logos import LogoError, load_logo
from pipeline.organisations.model import Organisation, Texts
from pipeline.organisations.tables import Row, open_table
from pipeline.organisations.values import ValueFault, clean, email, identifier, names, phone, web

_TRANSLATED = ("name", "address", "logo_alt")
_PLAIN = ("id", "phone", "emergency", "web", "email", "logo")
_LISTS = ("languages", "papers", "handouts", "formats", "editions")
COLUMNS = ("id", "name", "address", "phone", "emergency", "web", "email", "logo", "logo_alt", *_LISTS)
_REQUIRED = ("id", "name")
_CONTACTS = ("address", "phone", "web", "email")
_TAGGED = re.compile(r"([a-z_]+):([a-z]{2,3}(?:-[a-z0-9]+)*)", re.I)
_LONGEST = {"name": 100, "address": 300, "logo_alt": 200, "phone": 40, "emergency": 40, "email": 254}
_LONGEST_OTHER = 300

T = TypeVar("T")


@dataclass(slots=True)
class _Reader:
    """Reads one row after another, and keeps what is wrong with them."""

    shown: PurePosixPath
    folder: Path
    tags: tuple[str, ...]
    known: Mapping[str, tuple[str, ...]]
    faults: list[Diagnostic] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    twins: set[str] = field(default_factory=set)

    def complain(self, code: str, row: Row, message: str, hint: str = "") -> None:
        """Keep a fault of a row."""
        place = Location(self.shown, row.number)
        self.faults.append(Diagnostic(code, Severity.ERROR, f"row {row.number}{message}", place, hint))


def read_organisations(
    path: Path, settings: Settings, *, shown: PurePosixPath | None = None
) -> tuple[tuple[Organisation, ...], tuple[Diagnostic, ...]]:
    """Return the organizations whose rows are good, and the faults of the others, by row and column.

    `shown` is what messages call the file. Raises `SourceError` if the file is no table, or if a column
    is missing, unknown or there twice: then no row says what it seems to say.
    """
    table = open_table(path)
    place = shown or PurePosixPath(path.name)
    tags = tuple(settings.build.languages)
    _check_columns(table.columns, tags, place)
    known = {
        "languages": tags,
        "papers": PAPERS,
        "handouts": tuple(h.id for h in settings.handout),
        "formats": tuple(settings.build.formats),
        "editions": tuple(dict.fromkeys(e for kinds in settings.build.formats.values() for e in kinds)),
    }
    reader = _Reader(place, path.parent, tags, known)
    found = [made for row in table.rows if (made := _organisation(row, reader)) is not None]
    # Nobody can know which of two rows with one id is meant.
    good = (one for one in found if one.id.casefold() not in reader.twins)
    return tuple(good), tuple(reader.faults)


def _check_columns(columns: tuple[str, ...], tags: tuple[str, ...], shown: PurePosixPath) -> None:
    faults = [f"the column “{name}” is missing" for name in _REQUIRED if name not in columns]
    faults += [
        f"the column “{name}” is there twice" for name in dict.fromkeys(columns) if columns.count(name) > 1
    ]
    for name in dict.fromkeys(columns):
        tagged = _TAGGED.fullmatch(name)
        base = tagged[1] if tagged else name
        if base not in (_TRANSLATED if tagged else COLUMNS):
            faults.append(f"the column “{name}” is not known")
        elif tagged and tagged[2].casefold() not in {tag.casefold() for tag in tags}:
            faults.append(f"the column “{name}” is for a language that the project does not build")
    if faults:
        hint = f"columns are: {', '.join(COLUMNS)}; and name:LANG, address:LANG, logo_alt:LANG"
        place = Location(shown, 1)
        raise SourceError(
            "not a table of organizations",
            diagnostics=[Diagnostic("O001", Severity.ERROR, fault, place, hint) for fault in faults],
        )


def _organisation(row: Row, reader: _Reader) -> Organisation | None:
    """Return the organization of a row, or None if anything in it is wrong: all of it is told."""
    before = len(reader.faults)
    if row.fault:
        reader.complain("O002", row, f": {row.fault}")
        return None
    cells = dict(_cleaned(row, reader))
    refused = row.cells.keys() - cells.keys()
    name = _value(identifier, cells["id"], "id", row, reader) or "" if "id" in cells else ""
    twin = reader.seen.setdefault(name.casefold(), row.number)
    if name and twin != row.number:
        reader.twins.add(name.casefold())
        what = f"“{name}” is the id of row {twin} too; neither is built"
        reader.complain("O004", row, f", column “id”: {what}")
    for column in _REQUIRED[1:]:
        if not cells.get(column) and column not in refused:
            reader.complain("O003", row, f", column “{column}”: it is empty")
    if not any(cells.get(column) or column in refused for column in _CONTACTS):
        reader.complain("O003", row, f": it has no way to reach anybody: {', '.join(_CONTACTS)}")
    logo = None
    if cells.get("logo"):
        try:
            logo = load_logo(reader.folder, cells["logo"])
        except LogoError as error:
            hint = "a logo is a PNG or JPEG beside the table"
            reader.complain("O006", row, f", column “logo”: {error}", hint)
    kinds: Mapping[str, Callable[[str], str]] = {
        "phone": phone,
        "emergency": phone,
        "web": web,
        "email": email,
    }
    plain = {
        column: _value(check, cells[column], column, row, reader) or ""
        for column, check in kinds.items()
        if cells.get(column)
    }
    lists = {
        column: _value(partial(names, known=reader.known[column]), cells.get(column, ""), column, row, reader)
        or ()
        for column in _LISTS
    }
    if len(reader.faults) > before:
        return None
    return Organisation(
        id=name,
        names=_texts("name", cells, reader),
        addresses=_texts("address", cells, reader),
        logo=logo,
        logo_alts=_texts("logo_alt", cells, reader),
        web_shown=cells.get("web", ""),
        location=Location(reader.shown, row.number),
        phone=plain.get("phone", ""),
        emergency=plain.get("emergency", ""),
        web=plain.get("web", ""),
        email=plain.get("email", ""),
        languages=lists["languages"],
        papers=lists["papers"],
        handouts=lists["handouts"],
        formats=lists["formats"],
        editions=lists["editions"],
    )


def _cleaned(row: Row, reader: _Reader) -> Iterator[tuple[str, str]]:
    """Yield the cells of a row, tidied; of a cell that is refused, nothing."""
    for column, text in row.cells.items():
        base = column.partition(":")[0]
        longest = _LONGEST.get(base, _LONGEST_OTHER)
        check = partial(clean, longest=longest, lines=base == "address")
        value = _value(check, text, column, row, reader)
        if value is not None:
            yield column, value


def _value(check: Callable[[str], T], text: str, column: str, row: Row, reader: _Reader) -> T | None:
    """Return what a check makes of a value, or None if it refuses it."""
    try:
        return check(text)
    except ValueFault as fault:
        reader.complain("O005", row, f", column “{column}”: {fault}", fault.hint)
        return None


def _texts(base: str, cells: Mapping[str, str], reader: _Reader) -> Texts:
    """Return a text in the languages that it is given in; tags as the project writes them."""
    written = {f"{base}:{tag}".casefold(): tag for tag in reader.tags} | {base: ""}
    return tuple((written[name], text) for name, text in sorted(cells.items()) if name in written and text)
