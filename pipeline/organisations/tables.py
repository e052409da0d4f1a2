"""Tables: CSV, TOML and Excel files as rows of text. What a row says is for others to judge."""

from __future__ import annotations

import codecs
import csv
import io
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.diagnostics import SourceError

# A table of a hundred thousand organizations is a tenth of this; what is larger is no table of ours.
_LARGEST = 200_000_000
_SEPARATORS = ",;\t"
# More than any cell may hold: a cell that reaches it has lost its closing quotation mark.
_LONGEST_CELL = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One organization's cells by column. `number` is the row as a spreadsheet counts; the heading is 1.

    `fault` says why the row could not be read.
    """

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table in their order, and its rows, which are read as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterable[Row]


def open_table(path: Path) -> Table:
    """Return the table in a CSV, TOML or Excel file. Raises `SourceError` if it is none."""
    kinds: Mapping[str, Callable[[bytes], Table]] = MappingProxyType(
        {".csv": _csv, ".toml": _toml, ".xlsx": _xlsx}
    )
    read = kinds.get(path.suffix.lower())
    if read is None:
        raise SourceError(f"{path.name} is no table of organizations", hint=f"known are: {', '.join(kinds)}")
    try:
        if path.stat().st_size > _LARGEST:
            raise SourceError(f"{path.name} is larger than {_LARGEST // 1_000_000} MB")
        return read(path.read_bytes())
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except _UnreadableError as error:
        raise SourceError(f"{path.name} cannot be read: {error}", hint=error.hint) from error


class _UnreadableError(Exception):
    """A table cannot be read at all; `hint` says what would help."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


# --- CSV ----------------------------------------------------------------------------------------


def _csv(data: bytes) -> Table:
    """Read CSV as spreadsheets write it: UTF-8 or UTF-16, with commas, semicolons or tabs.

    Bytes that are not UTF-8 come through as lone surrogates, so that only their row is refused.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="surrogatepass")
    else:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="surrogateescape")
    first = next(iter(text.splitlines()), "")
    separator = max(_SEPARATORS, key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = _columns(next(records, []))
    except csv.Error as error:
        raise _UnreadableError(f"its first row is no heading: {error}") from error
    return Table(columns, _csv_rows(records, columns))


def _csv_rows(records: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[Row]:
    number = 1
    while True:
        number += 1
        try:
            record = next(records, None)
        except csv.Error as error:
            what = "a quotation mark is not closed, or stands inside a cell; rows behind it may be lost"
            yield Row(number, fault=f"{what} ({error})")
            continue
        if record is None:
            return
        yield from _row(number, record, columns)


def _columns(record: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(cell or "").strip().lower() for cell in record)


def _row(number: int, record: list[str], columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield a record as a row; nothing for an empty one, which spreadsheets leave at the end."""
    if not any(cell.strip() for cell in record):
        return
    spare = [cell for cell in record[len(columns) :] if cell.strip()]
    if spare:
        fault = f"it has {len(record)} cells, and the heading has {len(columns)}"
        yield Row(number, fault=f"{fault}: put a cell with a separator in it between quotation marks")
        return
    yield Row(number, dict(zip(columns, record, strict=False)))


# --- TOML ---------------------------------------------------------------------------------------


def _toml(data: bytes) -> Table:
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _UnreadableError(f"it is not valid TOML: {error}") from error
    entries = tables.get("organisation")
    if not isinstance(entries, list) or set(tables) != {"organisation"}:
        raise _UnreadableError("it has something else than [[organisation]] tables")
    rows = [_entry(number, entry) for number, entry in enumerate(entries, start=1)]
    columns = dict.fromkeys(chain.from_iterable(row.cells for row in rows))
    return Table(tuple(columns), rows)


def _entry(number: int, entry: Any) -> Row:
    if not isinstance(entry, dict):
        return Row(number, fault="it is no table")
    cells = {}
    for key, value in entry.items():
        match value:
            case str():
                cells[key.lower()] = value
            case list() if all(isinstance(item, str) for item in value):
                cells[key.lower()] = ", ".join(value)
            case _:
                return Row(number, fault=f"the value of “{key}” is neither text nor a list of texts")
    return Row(number, cells)


# --- Excel --------------------------------------------------------------------------------------


def _xlsx(data: bytes) -> Table:
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(member.file_size for member in package.infolist()) > _LARGEST:
                raise _UnreadableError("what is packed in it is too large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        records = [[_text(value) for value in record] for record in sheet.iter_rows(values_only=True)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise _UnreadableError(f"it is no Excel workbook: {error}", "save it as .xlsx again") from error
    columns = _columns(records[0] if records else [])
    rows = chain.from_iterable(_row(n, record, columns) for n, record in enumerate(records[1:], start=2))
    return Table(columns, list(rows))


def _text(value: Any) -> str:
    """Return a cell as a person sees it; what Excel took for a number or a date is not what was typed."""
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return f"{value.isoformat()} (a date)"
        case _:
            return str(value)
