"""Harms to Word files, e-books, web pages and plain texts."""

from __future__ import annotations

import re

from mutations.mutating import add, inside, member, on, swap, text_of

WORD = "word/document.xml"
PHRASE = "about 8 to 40 children"


def drop(pattern: str) -> object:
    return lambda text: re.sub(pattern, "", text, count=1, flags=re.DOTALL)


def reversed_arabic(text: str) -> str:
    """Write a long Arabic word with its letters turned round, as a file in visual order has them."""
    return re.sub("نشرة|العظام", lambda m: m[0][::-1], text)


page, book, word, plain = on("en", "html"), on("en", "epub"), on("en", "docx"), on("en", "txt")
arabic_page, arabic_book, arabic_word = on("ar", "html"), on("ar", "epub"), on("ar", "docx")

PARAGRAPH = r'<p id="frequency-population">.*?</p>'
for name, damage, wrap in (
    ("html", page, text_of),
    ("epub", book, lambda change: member(".xhtml", change)),
):
    for title, claims, change in (
        ("paragraph dropped", "R001", lambda t: re.sub(PARAGRAPH, "", t)),
        ("digits swapped", "R011, R001", lambda t: t.replace("250,000", "520,000")),
        ("separator changed", "R011", lambda t: t.replace("250,000", "250.000")),
        ("range changed", "R011, R001", lambda t: t.replace("8 to 40", "8 to 4")),
        ("sign added", "R032, R011", lambda t: t.replace("first 10 years", "first <b>−10</b> years")),
        ("abbreviation changed", "R011, R001", lambda t: t.replace(">MIOP<", ">MI0P<")),
        (
            "item of a list dropped",
            "R001",
            lambda t: re.sub(r'<li id="key-differ">.*?</li>|<li><p id="key-differ">.*?</p></li>', "", t),
        ),
        ("soft control character", "R012, R002", lambda t: t.replace(PHRASE, "about\u0085 8 to 40 children")),
        ("ligature", "R012", lambda t: t.replace("first 10", "\ufb01rst 10")),
        ("private-use character", "R012", lambda t: t.replace(PHRASE, "\ue000 " + PHRASE)),
        ("unknown character", "R012", lambda t: t.replace(PHRASE, "\ufffd " + PHRASE)),
        ("alternative text removed", "R003", lambda t: re.sub(r' (aria-label|alt)="Drawing[^"]*"', "", t)),
        (
            "alternative texts exchanged",
            "R003",
            lambda t: re.sub(r'(aria-label|alt)="Drawing[^"]*"', r'\1="Picture"', t),
        ),
    ):
        if title != "sign added":
            add(f"{name}: {title}", claims, damage(wrap(change)))

for title, claims, harm in (
    (
        "paragraph dropped",
        "R001",
        member(
            WORD,
            lambda t: t.replace(
                "In the general population, 1 in every 250,000 people is born with the infant form.", ""
            ),
        ),
    ),
    ("separator changed", "R011", inside(WORD, "250,000", "250.000")),
    ("ligature", "R012", inside(WORD, "first 10", "\ufb01rst 10")),
    ("private-use character", "R012", inside(WORD, PHRASE, "\ue000 " + PHRASE)),
    ("alternative text removed", "R003", member(WORD, lambda t: re.sub(r' descr="[^"]*"', "", t))),
    ("runs in the wrong order", "R001", inside(WORD, PHRASE, "children 40 to 8 about")),
):
    add(f"docx in place: {title}", claims, word(harm))

for title, claims, harm in (
    ("item dropped", "R001", swap("- Symptoms and their severity differ greatly.\n", "")),
    ("wrong encoding", "R002, R012", lambda data: data.decode().encode("utf-16")),
    ("Latin-1 quotation marks", "R002, R012", lambda data: data.replace("’".encode(), b"\x92")),
    ("control character", "R012", swap("Key facts", "Key\x0b facts")),
    (
        "picture's text lost",
        "R003",
        text_of(lambda t: re.sub(r"^\[Drawing.*\]$", "", t, count=1, flags=re.MULTILINE)),
    ),
    ("spelled backwards", "R001", swap("severity", "ytireves")),
):
    add(f"txt: {title}", claims, plain(harm))

for name, damage, wrap in (
    ("html", arabic_page, text_of),
    ("epub", arabic_book, lambda change: member(".xhtml", change, every=True)),
    ("docx", arabic_word, lambda change: member(WORD, change)),
):
    for title, claims, change in (
        ("letters run backwards", "R001, R012", reversed_arabic),
        ("presentation forms", "R012", lambda t: t.replace("العظام", "ﺍﻟﻌﻈﺎﻡ")),
        ("digits of another number", "R011, R001", lambda t: t.replace("٢٥٠٬٠٠٠", "٥٢٠٬٠٠٠")),
        ("separator lost", "R011", lambda t: t.replace("٢٥٠٬٠٠٠", "٢٥٠،٠٠٠")),
        ("abbreviation changed", "R011, R001", lambda t: t.replace(">HSCT<", ">HSTC<")),
    ):
        add(f"{name} Arabic: {title}", claims, damage(wrap(change)))

add(
    "epub: chapters swapped in the spine",
    "R001",
    book(
        member(
            "content.opf",
            lambda t: re.sub(
                r'(<itemref idref="r-frequency-xhtml"/>)(\s*)(<itemref idref="r-treatment-xhtml"/>)',
                r"\3\2\1",
                t,
            ),
        )
    ),
)
add(
    "epub: chapter left out of the spine",
    "R001",
    book(member("content.opf", lambda t: re.sub(r'<itemref idref="r-frequency-xhtml"/>', "", t))),
)
add(
    "epub: a file of the book is missing",
    "R002",
    book(inside("content.opf", 'href="frequency.xhtml"', 'href="lost.xhtml"')),
)
add("docx: file cut short", "R002", word(lambda data: data[: len(data) // 2]))
