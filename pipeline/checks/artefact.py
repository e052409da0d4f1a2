"""All that can be checked on a finished file, whoever made it and whenever."""

from __future__ import annotations

from pipeline.checks.extraction import alternatives, extract
from pipeline.checks.pages import UnreadableError, read_sheets
from pipeline.checks.print_size import check_print, print_of
from pipeline.checks.words import described, readable, words
from pipeline.diagnostics import Diagnostic
from pipeline.document import TranslatedDocument
from pipeline.editions import Layout


def check_words(
    translated: TranslatedDocument,
    format: str,
    data: bytes,
) -> tuple[Diagnostic, ...]:
    """Return the words and the alternative texts of the document that a file has lost."""
    try:
        text, pictures = extract(data, format), alternatives(data, format)
    except UnreadableError as fault:
        return readable(fault, format)
    return (*words(translated, text, format), *described(translated, pictures, format))


def check_file(
    translated: TranslatedDocument,
    format: str,
    layout: Layout,
    data: bytes,
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a file: words that are lost, and the measures of a print."""
    try:
        sheets = read_sheets(data) if format == "pdf" else ()
        text = "\n".join(sheet.text for sheet in sheets) if sheets else extract(data, format)
        pictures = alternatives(data, format)
    except UnreadableError as fault:
        return readable(fault, format)
    found = (*words(translated, text, format), *described(translated, pictures, format))
    return (*found, *check_print(print_of(translated, layout, sheets))) if format == "pdf" else found
