"""Faults of the readers that judge our PDFs: correct pages made by hand, which come back wrong.

Each is the cause of a floor below 1 in test_text_comes_back.py. Where a reader has learned better the
test fails: the floor can then be raised.
"""

from __future__ import annotations

import io
import os

import pikepdf
import pytest
from test_text_comes_back import READERS, REMEDIES, is_there

YEAR = "\u0633\u0646\u0629"
EDITION = "\u0646\u0633\u062e\u0647\u0654"


def page(text: str) -> bytes:
    """Return a page with one line: `text` from left to right, in one string, each character one code."""
    codes = {character: number for number, character in enumerate(sorted(set(text)), start=33)}
    pairs = [f"<{code:02x}> <{character.encode('utf-16-be').hex()}>" for character, code in codes.items()]
    table = (
        "begincmap /CMapName /Hand def /CMapType 2 def\n"
        "1 begincodespacerange\n<00> <ff>\nendcodespacerange\n"
        f"{len(pairs)} beginbfchar\n" + "\n".join(pairs) + "\nendbfchar\nendcmap"
    )
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Courier,
        FirstChar=33,
        LastChar=126,
        Widths=[600] * 94,
        ToUnicode=document.make_stream(table.encode()),
    )
    document.add_blank_page()
    shown = bytes(codes[character] for character in text).hex()
    content = f"BT /F 20 Tf 1 0 0 1 72 700 Tm <{shown}> Tj ET".encode()
    document.pages[0].Contents = document.make_stream(content)
    document.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def read(reader: str, text: str) -> str:
    if not is_there(reader):
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(f"{reader} did not run: {REMEDIES[reader]}")
    return READERS[reader](page(text)).strip()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", ["kettle", YEAR])
def test_plain_lines_come_back(reader: str, text: str) -> None:
    # What runs from right to left is painted from its end.
    assert read(reader, text if text.isascii() else text[::-1]) == text


@pytest.mark.parametrize(
    ("reader", "painted", "right", "got"),
    [
        # A number alone, in the one order that it can have: MuPDF takes its digits for letters.
        ("mupdf", "\u0662\u0660\u0662\u0666", "\u0662\u0660\u0662\u0666", "\u0666\u0662\u0660\u0662"),
        # PDFium turns the two parts of a compound, and a name and its number, with the line.
        ("pdfium", f"{YEAR[::-1]} ab-cd {(YEAR + ' ' + YEAR)[::-1]}", "ab-cd", "cd-ab"),
        ("pdfium", f".CC0 1.0 {(YEAR + ' ' + YEAR)[::-1]}", "CC0 1.0", "1.0 0CC"),
        # From left to right a mark is painted before its letter: both take it to what stands before.
        ("mupdf", f"ab {EDITION[::-1]}", EDITION, f"\u0654{EDITION[:-1]}"),
        ("pdfium", f"ab {EDITION[::-1]}", EDITION, f"\u0654{EDITION[:-1]}"),
    ],
)
def test_a_correct_line_comes_back_wrong(reader: str, painted: str, right: str, got: str) -> None:
    text = read(reader, painted)
    assert right not in text
    assert got in text


@pytest.mark.parametrize("painted", ["\u0662\u0660\u0662\u0666", f"ab {EDITION[::-1]}"])
def test_poppler_reads_what_others_do_not(painted: str) -> None:
    words = {"\u0662\u0660\u0662\u0666", EDITION}
    assert words & set(read("poppler", painted).split())
