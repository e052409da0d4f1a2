"""Typefaces for the screen: small WOFF2 files with the characters of one document."""

from __future__ import annotations

import string
from dataclasses import dataclass

from pipeline import interface
from pipeline.document import Abbreviation, Text, TranslatedDocument, Value, walk
from pipeline.editions import Layout
from pipeline.fonts import web_font
from pipeline.languages import language


@dataclass(frozen=True, slots=True)
class WebFont:
    """One face as a file: its CSS family and weight, and the bytes."""

    family: str
    weight: int
    name: str
    data: bytes


def web_fonts(translated: TranslatedDocument, layout: Layout, *, extra: str = "") -> tuple[WebFont, ...]:
    """Return the faces that show every character of `translated`, the interface's words and `extra`."""
    texts = (
        n.expansion + n.text if isinstance(n, Abbreviation) else n.text
        for n in walk(translated.document)
        if isinstance(n, Text | Abbreviation | Value)
    )
    words = "".join(
        (*texts, *translated.labels.values(), *interface.english().values(), translated.language.name, extra)
    )
    digits = language(translated.language.tag).localize_digits("0123456789")
    # The whole of ASCII, so that most names of organizations take the same file.
    characters = words + digits + string.printable + "–·•"
    return tuple(
        WebFont(
            face.family, weight, f"{face.family.replace(' ', '')}-{weight}.woff2", web_font(path, characters)
        )
        for face in layout.stack
        for weight, path in face.files
    )
