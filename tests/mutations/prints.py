"""Harms to prints: the words, the characters, the tags, and the setting of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pikepdf

from mutations.mutating import add, clean, elements, on, pdf, remeasured, reported, reworded
from pipeline import checks
from pipeline.diagnostics import findings
from pipeline.document import Image, Node, Paragraph, Section, Segment, Text, transform
from pipeline.editions import PAPERS
from pipeline.making import companions_of
from pipeline.renderers import FORMATS
from pipeline.renderers.pdf.stylesheet import stylesheets


def words(old: str, new: str) -> Callable[[Node], Node]:
    """Return a change of each text that holds `old`."""

    def change(node: Node) -> Node:
        return replace(node, text=node.text.replace(old, new)) if isinstance(node, Text) else node

    return change


def abbreviation(old: str, new: str) -> Callable[[Node], Node]:
    """Return a change of an abbreviation wherever it stands."""
    return lambda n: replace(n, text=new) if getattr(n, "text", None) == old else n  # type: ignore[call-arg]


def without(*names: str) -> Callable[[Node], Node]:
    """Return a change that drops paragraphs by their segment."""

    def change(node: Node) -> Node:
        if not isinstance(node, Section):
            return node
        kept = (b for b in node.blocks if not (isinstance(b, Paragraph) and b.text.id in names))
        return replace(node, blocks=tuple(kept))

    return change


def exchanged(name: str) -> Callable[[Node], Node]:
    """Return a change that swaps the first two blocks of a section."""

    def change(node: Node) -> Node:
        if isinstance(node, Section) and node.id == name:
            first, second, *rest = node.blocks
            return replace(node, blocks=(second, first, *rest))
        return node

    return change


def emptied(name: str) -> Callable[[Node], Node]:
    """Return a change that empties a segment."""
    return lambda n: (
        replace(n, children=(Text("—"),)) if isinstance(n, Segment) and n.id.startswith(name) else n
    )


def styled(css: str, tag: str = "en", edition: str = "clear") -> Callable[[], frozenset[str]]:
    """Return a search in a print that has more CSS than it should."""

    def find() -> frozenset[str]:
        good = clean(tag, "pdf", edition)

        def more(translated: Any, layout: Any) -> tuple[Any, ...]:
            return (*stylesheets(translated, layout), css)

        with patch("pipeline.renderers.pdf.stylesheets", more):
            data = FORMATS["pdf"](good.translated, good.layout, companions_of(good.target, (), {})).data
        assert data != good.data, "the mutation did nothing"
        return reported(replace(good, data=data))

    return find


FREQUENCY = "250,000"
for format, edition in (("pdf", "clear"), ("pdf", "giant"), ("docx", "clear"), ("txt", "clear")):
    for title, claims, change in (
        ("paragraph dropped", "R001", without("frequency-population")),
        ("paragraphs swapped", "R001", exchanged("frequency")),
        ("digits swapped", "R011, R001", words(FREQUENCY, "520,000")),
        ("separator changed", "R011", words(FREQUENCY, "250.000")),
        ("range changed", "R011, R001", words("8 to 40", "8 to 14")),
        ("abbreviation changed", "R011, R001", abbreviation("HSCT", "HSTC")),
    ):
        add(
            f"{format} {edition}: {title}",
            claims,
            lambda f=format, e=edition, c=change: reworded("en", f, e, c),  # type: ignore[misc]
        )

for title, claims, change in (
    ("paragraph dropped", "R001", without("frequency-population")),
    ("digits swapped", "R011", words("٢٥٠٬٠٠٠", "٥٢٠٬٠٠٠")),
    ("separator lost", "R011", words("٢٥٠٬٠٠٠", "٢٥٠ ٠٠٠")),
    ("one digit changed", "R011", words("٤٠", "٤٨")),
    ("Latin abbreviation changed", "R011", abbreviation("HSCT", "HSTC")),
    ("presentation forms", "R012", words("العظام", "ﺍﻟﻌﻈﺎﻡ")),
):
    # The faces have no presentation forms, so that only formats without faces of their own can hold them.
    kind = "txt" if title == "presentation forms" else "pdf"
    add(
        f"{kind} Arabic: {title}",
        claims,
        lambda k=kind, c=change: reworded("ar", k, "clear", c),  # type: ignore[misc]
    )

add("pdf: alternative text changed", "R003", lambda: reworded("en", "pdf", "clear", emptied_alt))
add("pdf: heading emptied", "R001", lambda: reworded("en", "pdf", "clear", emptied("frequency")))


def emptied_alt(node: Node) -> Node:
    """Write one poor alternative text for all pictures."""
    return (
        replace(node, alt=replace(node.alt, children=(Text("Picture"),))) if isinstance(node, Image) else node
    )


# --- The setting of the page --------------------------------------------------------------------

for title, claims, changes in (
    ("17 pt", "P001", {"body_pt": 17.0}),
    ("18.1 pt", "P002", {"body_pt": 18.1}),
):
    add(f"pdf large: {title}", claims, lambda c=changes: remeasured("en", "large", **c))  # type: ignore[misc]
add("pdf: lines too long", "P006", lambda: remeasured("en", "clear", measure_pt=520.0))
add(
    "pdf: wrong page size",
    "P015",
    lambda: remeasured("en", "clear", paper=PAPERS["a5"] if "a5" in PAPERS else PAPERS["a4"]),
)
add("pdf Arabic: wrong page size", "P015", lambda: remeasured("ar", "clear", paper=PAPERS["letter"]))

for title, claims, css in (
    ("small captions", "P003", "figcaption { font-size: 11pt; }"),
    ("headings as small as text", "P004", "h2, h3, h4 { font-size: 12pt !important; }"),
    ("lines too close", "P005", "p, li { line-height: 1.15; }"),
    ("no space between paragraphs", "P007", "p { margin: 0 !important; }"),
    ("indented paragraphs", "P008", "p { text-indent: 12pt; }"),
    ("justified text", "P009", "p { text-align: justify; }"),
    ("centered text", "P009", "p { text-align: center; }"),
    ("hyphenated words", "P010", "p { hyphens: auto; hyphenate-character: '-'; width: 250pt; }"),
    ("slanted captions", "P011", "figcaption { transform: skewX(-12deg); }"),
    ("underlined captions", "P012", "figcaption { text-decoration: underline; }"),
    ("two columns", "P013", "body { columns: 2; }"),
    ("narrow margin", "P014", "@page { margin-left: 12mm; }"),
    ("page number lost", "P016", "@page :left { @bottom-left { content: none; } }"),
    ("small page number", "P016", "@page :left { @bottom-left { font-size: 10pt; } }"),
    ("low contrast", "P017", "p { color: #888; }"),
    ("low contrast of captions", "P017", "figcaption { color: #14171A; background: #0A3A5C; }"),
    ("leaders", "P021", "figcaption::after { content: ' ........ '; }"),
):
    add(f"pdf: {title}", claims, styled(css))
add(
    "pdf: capitals",
    "P020",
    lambda: reworded("en", "pdf", "clear", words("In the general population", "IN THE GENERAL POPULATION")),
)
add("pdf large: justified text", "P009", styled("p { text-align: justify; }", edition="large"))
add("pdf Arabic: justified text", "P009", styled("p { text-align: justify; }", tag="ar"))
add("pdf Arabic: low contrast", "P017", styled("p { color: #888; }", tag="ar"))


# --- The objects of the file --------------------------------------------------------------------


def fonts(document: pikepdf.Pdf) -> list[Any]:
    return [f for page in document.pages for f in page.Resources.Font.values()]


def no_alternative(document: pikepdf.Pdf) -> None:
    for figure in elements(document, "/Figure"):
        del figure["/Alt"]


def no_unicode(document: pikepdf.Pdf) -> None:
    for font in fonts(document):
        if "/ToUnicode" in font:
            del font["/ToUnicode"]


def private_use(document: pikepdf.Pdf) -> None:
    table = fonts(document)[0].ToUnicode
    table.write(re.sub(rb"(<[0-9a-fA-F]+>\s*)<0065>", rb"\1<E065>", table.read_bytes()))


def ligatures(document: pikepdf.Pdf) -> None:
    table = fonts(document)[0].ToUnicode
    table.write(re.sub(rb"(<[0-9a-fA-F]+>\s*)<0066>", rb"\1<FB01>", table.read_bytes()))


def unreadable(document: pikepdf.Pdf) -> None:
    table = fonts(document)[0].ToUnicode
    table.write(re.sub(rb"(<[0-9a-fA-F]+>\s*)<0065>", rb"\1<FFFD>", table.read_bytes()))


def page_lost(document: pikepdf.Pdf) -> None:
    del document.pages[2]


def pages_swapped(document: pikepdf.Pdf) -> None:
    page = document.pages[3]
    del document.pages[3]
    document.pages.insert(1, page)


on_print = on("en", "pdf")
for title, claims, harm in (
    ("alternative text removed", "R003", no_alternative),
    ("ToUnicode missing", "R012", no_unicode),
    ("private-use characters", "R012", private_use),
    ("ligature not resolved", "R012", ligatures),
    ("unknown characters", "R012", unreadable),
    ("page lost", "R001", page_lost),
    ("pages swapped", "R001", pages_swapped),
):
    add(f"pdf: {title}", claims, on_print(pdf(harm)))
add("pdf Arabic: page lost", "R001", on("ar", "pdf")(pdf(page_lost)))
add("pdf: file cut short", "R002", on_print(lambda data: data[:200]))

# A second reader sees what the first one tidies up.
for title, harm in (("private-use characters", private_use), ("unknown characters", unreadable)):
    add(f"pdf, read by poppler: {title}", "R013", on_print(pdf(harm)))


def other_words_in_one_edition() -> frozenset[str]:
    """Return what parity says of two prints of which one has a word that the other has not."""
    good, large = clean("en", "pdf"), clean("en", "pdf", "large")
    change = words("Symptoms and their severity", "Symptoms and their terrible severity")
    other = replace(large.translated, document=transform(large.translated.document, change))
    data = FORMATS["pdf"](other, large.layout, companions_of(large.target, (), {})).data
    return frozenset(d.code for d in findings(checks.check_parity([good, replace(large, data=data)])))


add("parity: a word more in one edition", "R034", other_words_in_one_edition)
