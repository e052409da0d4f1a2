"""Text comes back: every word of every language, read out of the PDF by three programs that did not write it.

Each reader has its own habits where lines of both directions meet; they are undone here only where no
letter is touched. What is left stands in the table below, with its cause, and is printed after the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from itertools import permutations
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from rendered import COMPLETE, ROOT, layout, translated

from pipeline.checks.extraction import tokens
from pipeline.checks.pieces import pieces
from pipeline.document import TranslatedDocument
from pipeline.renderers import FORMATS, Companions

SHIPPED = ("en", "es", "ar", "sv", "ru")
TRIED = ("ar", "he", "fa", "hi", "ja", "zh-Hans")
EDITIONS = ("clear", "large")
CASES = [
    *((ROOT, "osteopetrosis", tag, edition) for tag in SHIPPED for edition in EDITIONS),
    *((COMPLETE, "complete", tag, edition) for tag in TRIED for edition in EDITIONS),
]

# The share of whole words that must come back: 1 unless it stands here. Measured with poppler 22.12,
# MuPDF 1.26.7 and PDFium of pypdfium2 5.15, rounded down. test_readers.py has each fault on a page
# made by hand.
FLOORS: Mapping[tuple[str, str, str], float] = {
    # MuPDF turns the digits of Arabic numbers round (٢٠٢٦ comes back as ٦٢٠٢), on a page of its own too.
    ("osteopetrosis", "ar", "mupdf"): 0.995,
    # PDFium turns the words of a Latin compound round in an Arabic line: Schönberg-Albers.
    ("osteopetrosis", "ar", "pdfium"): 0.999,
    ("complete", "ar", "mupdf"): 0.983,
    # PDFium turns “CC0 1.0” round.
    ("complete", "ar", "pdfium"): 0.995,
    # Both set a hamza above on the other side of its letter where a Latin word or a number follows.
    ("complete", "fa", "mupdf"): 0.989,
    ("complete", "fa", "pdfium"): 0.992,
}

# Letters of scripts that run from right to left, and what runs from left to right among them.
_RTL = "\u0590-\u05ff\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff"
_LTR = "A-Za-z0-9\u0660-\u0669\u06f0-\u06f9"
_TURN = re.compile(f"(?<=[{_RTL}])(?=[{_LTR}])|(?<=[{_LTR}])(?=[{_RTL}])")
# A hyphen inside a word, with the end of a line behind it or none.
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011]\s*(?=\w)")
# What PDFium gives for a hyphen at the end of a line.
_ENDING = {0x02: "-", 0xFFFE: "-"}
# What poppler wraps in marks: a line, or a run against the direction of its line, its blank at the other end.
_AGAINST = re.compile("[\u202a-\u202c]")


def poppler(data: bytes) -> str:
    """Return the text that pdftotext gives, each line and each run against its direction set apart."""
    command = ["pdftotext", "-enc", "UTF-8", "-", "-"]
    text = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    return _AGAINST.sub(" ", text)


def mupdf(data: bytes) -> str:
    """Return the text that MuPDF gives."""
    import pymupdf

    with pymupdf.open(stream=data, filetype="pdf") as document:
        return "\n".join(page.get_text() for page in document)


def pdfium(data: bytes) -> str:
    """Return the text that PDFium gives, as a browser copies it."""
    document = pypdfium2.PdfDocument(data)
    try:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        return text.translate(_ENDING)
    finally:
        document.close()


READERS: Mapping[str, Callable[[bytes], str]] = {"poppler": poppler, "mupdf": mupdf, "pdfium": pdfium}
REMEDIES = {"poppler": "install poppler-utils", "mupdf": "pip install pymupdf"}


def is_there(reader: str) -> bool:
    """Return whether a reader is installed."""
    match reader:
        case "poppler":
            return shutil.which("pdftotext") is not None
        case "mupdf":
            return find_spec("pymupdf") is not None
        case _:
            return True


def whole_words(text: str) -> Counter[str]:
    """Return the words of a text.

    A compound's hyphen takes no part: at the end of a line poppler takes it for a syllable's. Where
    directions meet a word ends: no reader keeps the space there on its side.
    """
    plain = unicodedata.normalize("NFC", _HYPHEN.sub("", text))
    return Counter(tokens(_TURN.sub(" ", plain)))


def share(document: TranslatedDocument, text: str) -> tuple[float, list[str]]:
    """Return the share of the document's words that stand whole in `text`, and those that do not."""
    wanted = sum((whole_words(piece.text) for piece in pieces(document, "pdf")), Counter[str]())
    lost = wanted - whole_words(text)
    return 1 - lost.total() / wanted.total(), sorted(lost.elements())


def added(text: str, other: str) -> list[str]:
    """Return the words that stand in `text` more often than in `other`."""
    return sorted((whole_words(text) - whole_words(other)).elements())


@pytest.mark.parametrize(("root", "handout", "tag", "edition"), CASES)
def test_every_word_comes_back_whole(
    root: Path, handout: str, tag: str, edition: str, record_property: Callable[[str, object], None]
) -> None:
    document = translated(tag, root, handout)
    data = FORMATS["pdf"](document, layout(tag, edition, root), Companions()).data
    missing, short = [], []
    texts: dict[str, str] = {}
    for reader, read in READERS.items():
        if not is_there(reader):
            missing.append(f"{reader} did not run: {REMEDIES[reader]}")
            record_property("text comes back", (handout, tag, edition, reader, None))
            continue
        texts[reader] = read(data)
        found, lost = share(document, texts[reader])
        record_property("text comes back", (handout, tag, edition, reader, found))
        if found < FLOORS.get((handout, tag, reader), 1.0):
            short.append(f"{reader}: {found:.4f}, without {' '.join(lost[:20])}")
    assert not short
    # Where every word comes back, none comes twice: the readers differ in nothing.
    for (one, text), (other, second) in permutations(texts.items(), 2):
        if not FLOORS.keys() & {(handout, tag, one), (handout, tag, other)}:
            assert not added(text, second), f"{one} reads more than {other}"
    if missing and os.environ.get("CI"):
        pytest.fail("; ".join(missing))
    if missing:
        pytest.skip("; ".join(missing))


def test_a_lost_or_torn_word_is_counted() -> None:
    document = translated("en")
    words = " ".join(piece.text for piece in pieces(document, "pdf"))
    assert share(document, words) == (1.0, [])
    assert share(document, words.replace("kettle", "ket tle", 1))[1] == ["kettle"]
    assert share(document, words.replace("strong", "", 1))[1] == ["strong"]
    assert added(words.replace("kettle", "kettle kettle", 1), words) == ["kettle"]


def test_floors_are_of_cases_that_exist() -> None:
    assert {(name, tag) for name, tag, _ in FLOORS} <= {(name, tag) for _, name, tag, _ in CASES}
    assert {reader for *_, reader in FLOORS} <= set(READERS)
