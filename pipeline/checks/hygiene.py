"""The characters of an artefact as they lie in the file, before any reader tidies them up.

PDFium resolves presentation forms and ligatures by itself, so that it cannot tell a good file from a
bad one; other readers, a search and a screen reader get what the file says. So the tables that say
which glyph is which character are read as well.
"""

from __future__ import annotations

import io
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf

from pipeline.checks.fact_lock import figures
from pipeline.checks.pieces import pieces
from pipeline.checks.registry import Finding, check
from pipeline.checks.subject import Subject
from pipeline.diagnostics import Outcome
from pipeline.document import TranslatedDocument, plain_text, segments
from pipeline.tools import POPPLER, find, run

# Ligatures and shapes of letters, which stand for letters; signs of their own among them (﷼, ﷽) are
# taken if the document itself has them.
_SHAPE = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]")
_SORTS = {"Co": "private-use characters", "Cs": "half characters", "Cn": "no characters at all"}
_LAYOUT = frozenset("\t\n\r\f")
_REPLACED = "\ufffd"

# Letters that never begin an Arabic word: where they do, the letters run backwards. Words of two
# letters are left alone.
_BACKWARDS = re.compile("(?<![\u0620-\u06ff])[ةى][\u0620-\u064a]{2,}")

_ENTRIES = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")


def raw(data: bytes, format: str, text: str) -> Mapping[str, str]:
    """Return the text of an artefact as each source gives it, untidied; `text` is what its reader gives."""
    texts = {"text": text}
    if format == "pdf":
        texts |= {f"ToUnicode table of {name}": text for name, text in _unicode_tables(data)}
    return texts


def strange(text: str, allowed: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the characters of a text, other than those `allowed`."""
    found = sorted({c for c in text if c not in allowed})
    shapes = [c for c in found if _SHAPE.match(c)]
    if shapes:
        yield f"presentation forms ({_names(shapes)})"
    for category, name in _SORTS.items():
        wrong = [c for c in found if unicodedata.category(c) == category]
        if wrong:
            yield f"{name} ({_names(wrong)})"
    controls = [c for c in found if unicodedata.category(c) == "Cc" and c not in _LAYOUT]
    if controls:
        yield f"control characters ({_names(controls)})"
    if _REPLACED in found:
        yield "the sign for an unknown character (U+FFFD)"
    backwards = _BACKWARDS.findall(text)
    if backwards:
        yield f"Arabic whose letters run backwards (“{backwards[0]}”)"


def _names(characters: list[str]) -> str:
    shown = ", ".join(f"U+{ord(c):04X}" for c in characters[:3])
    return f"{shown} …" if len(characters) > 3 else shown


def own_characters(translated: TranslatedDocument) -> frozenset[str]:
    """Return the characters that the document itself has."""
    return frozenset("".join(plain_text(s.children) for s in segments(translated.document)))


@check(
    "R012",
    source="WCAG 2.2 SC 1.3.1; ISO 14289-1, 7.21.7; The Unicode Standard, 23.5 and 9.2",
    suggestion="build the file again; if it stays, report the face and the characters",
)
def clean(translated: TranslatedDocument, texts: Mapping[str, str], format: str) -> Iterator[Finding]:
    """The text has the characters of the language, in logical order, and no substitutes for them.

    A presentation form, a ligature or a private character looks right on the page; a search does
    not find the word, and a screen reader spells it or says nothing. `texts` are what the file itself
    says, by where it says it.
    """
    allowed = own_characters(translated)
    for source, text in texts.items():
        if source != "text" and not text:
            yield Finding(f"the {source} is missing or empty in the {format}")
        for wrong in strange(text, allowed):
            yield Finding(f"the {source} of the {format} has {wrong}")


@check(
    "R013",
    source="project rule: a text is read by more than one program",
    suggestion="build the file again; if it stays, report the face and the characters",
)
def second_reader(translated: TranslatedDocument, text: str) -> Iterator[Finding]:
    """A second reader finds clean characters and every figure and fixed name in the PDF too.

    Readers differ in how they put a page together again; what one alone can read is lost to those
    who use another. `text` is what poppler gives.
    """
    for wrong in strange(text, own_characters(translated)):
        yield Finding(f"poppler finds {wrong}")
    there = Counter(figures(text, signs=False))
    for piece in pieces(translated, "pdf"):
        there.subtract(figures(piece.text, signs=False))
        gone = [f"“{name}”" for name in piece.fixed if name not in text]
        gone += [f"“{figure}”" for figure, count in there.items() if count < 0]
        if gone:
            yield Finding(f"poppler does not find {', '.join(gone)} of “{piece.name}”", piece.location)
            there = +there


def check_second_reader(subject: Subject) -> Outcome:
    """Return what poppler's reading of a PDF shows; SKIP if poppler is not installed."""
    found = find(POPPLER)
    if found is None:
        return Outcome("R013", skipped=f"{POPPLER.title} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "it.pdf"
        path.write_bytes(subject.data)
        read = run((found.path, "-enc", "UTF-8", "-nopgbrk", str(path), "-"), seconds=60).stdout
    return second_reader(subject.translated, read)


def _unicode_tables(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield for each font of a PDF that draws text the characters that its table names."""
    with pikepdf.open(io.BytesIO(data)) as document:
        seen: set[tuple[int, int]] = set()
        for page in document.pages:
            for font in _fonts(page):
                if font.objgen in seen:
                    continue
                seen.add(font.objgen)
                table = font.get("/ToUnicode")
                characters = "" if table is None else " ".join(_targets(table.read_bytes()))
                yield str(font.get("/BaseFont", "a font")).lstrip("/"), characters


def _fonts(page: Any) -> list[Any]:
    resources = page.get("/Resources") or {}
    return list((resources.get("/Font") or {}).values())


def _targets(table: bytes) -> Iterator[str]:
    """Yield the text of each glyph in a ToUnicode table; of a range its first."""
    for kind, entries in _ENTRIES.findall(table):
        texts = [_utf16(digits) for digits in _HEX.findall(entries)]
        step = 2 if kind == b"bfchar" else 3
        yield from texts[step - 1 :: step]


def _utf16(digits: Any) -> str:
    # What is no text at all shows as U+FFFD, which the check reports.
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
