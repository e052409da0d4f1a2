"""Runs: text cut where its direction or its language changes.

Word takes size, weight, font and language of a run from different slots by the run's direction and
script, and does not resolve direction across runs as a browser does. So a Latin word in Arabic text
is a run of its own, from left to right, in a Latin language; a number is a run of its own in the
reader's language, whose digits Word leaves alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.languages import Language
from pipeline.renderers.docx.ooxml import Element, element, properties, text

# Classes of characters, one letter each, so that words can be found with a regular expression:
# L Latin letter, G other letter from left to right, R letter or digit from right to left,
# D European digit, M mark, S separator inside numbers, J joins words of a phrase, N anything else.
_PHRASE = r"[LG](?:[LGMDSJ]*[LGMD])?"
_NUMBER = r"D(?:[DS]*D)?"
_FOREIGN_IN_RTL = re.compile(f"{_PHRASE}|{_NUMBER}")
_FOREIGN_IN_LTR = re.compile(r"R(?:[RMDSJ]*[RM])?")
_FOREIGN_IN_OTHER = re.compile(rf"L(?:[LMDSJ]*[LMD])?|{_FOREIGN_IN_LTR.pattern}")

# Character styles. All but a term’s are bold; a label is bold without emphasis: the number of a note.
LINK, TERM, STRONG, EMPHASIS, ACCENTED = "Hyperlink", "GlossaryLink", "Strong", "Emphasis", "Accent"
LABEL = "Label"


@dataclass(frozen=True, slots=True)
class Voice:
    """How text is spoken and set: its language, that of Latin words in it, a character style.

    `page_rtl` is the direction of the document, `linked` whether the text is inside a link already,
    `underlines` whether emphasis is a line under the words instead of bold (ACB).
    """

    language: Language
    latin: Language
    page_rtl: bool
    style: str = ""
    linked: bool = False
    underlines: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one direction and one language."""

    text: str
    language: Language
    rtl: bool


def pieces(words: str, voice: Voice) -> Iterator[Piece]:
    """Yield `words` cut where the direction or the language changes."""
    own = voice.language
    if own.pseudo and own.rtl:
        # The mirrored test language is English that is laid out from right to left.
        yield Piece(words, own, rtl=True)
        return
    kinds = "".join(map(_kind, words))
    if own.rtl:
        pattern = _FOREIGN_IN_RTL
    elif own.script != "Latn" and not own.pseudo:
        pattern = _FOREIGN_IN_OTHER
    else:
        pattern = _FOREIGN_IN_LTR
    at = 0
    for found in pattern.finditer(kinds):
        if found.start() > at:
            yield Piece(words[at : found.start()], own, rtl=own.rtl)
        part = words[found.start() : found.end()]
        yield Piece(part, voice.latin if "L" in found[0] else own, rtl="R" in found[0])
        at = found.end()
    if at < len(words):
        yield Piece(words[at:], own, rtl=own.rtl)


def runs(words: str, voice: Voice) -> list[Element]:
    """Return the runs of `words`."""
    return [made for piece in pieces(words, voice) for made in run(piece, voice)]


def run(piece: Piece, voice: Voice) -> list[Element]:
    """Return the run of one piece."""
    return [element("w:r", run_properties(piece, voice), text(piece.text))]


def run_properties(piece: Piece, voice: Voice) -> Element | None:
    """Return the properties of a piece's run: style, direction, script and language."""
    own = piece.language
    # Bold from a character style in a bold paragraph is not bold (17.7.3, toggle properties); bold
    # of the run itself is bold everywhere.
    lined = voice.underlines and voice.style in (STRONG, EMPHASIS)
    bold = voice.style not in ("", TERM) and not lined
    direction = element("w:rtl", val=None if piece.rtl else "0") if piece.rtl or voice.page_rtl else None
    return properties(
        "w:rPr",
        (
            element("w:rStyle", val=voice.style) if voice.style else None,
            element("w:rFonts", hint="eastAsia") if own.east_asian else None,
            element("w:b") if bold else None,
            element("w:bCs") if bold else None,
            element("w:u", val="single") if lined else None,
            direction,
            element("w:cs") if own.complex_script and not own.rtl else None,
            language_slots(own),
        ),
    )


def language_slots(own: Language) -> Element:
    """Return a language in each of the slots that Word chooses from by script and direction."""
    return element("w:lang", val=own.regional, eastAsia=own.regional, bidi=own.regional)


def mark_properties(own: Language) -> Element | None:
    """Return the properties of a paragraph's mark, which text typed at its end takes on."""
    return properties("w:rPr", (element("w:rtl") if own.rtl else None, language_slots(own)))


def plain_voice(own: Language, latin: Language) -> Voice:
    """Return the voice of running text in a document in the language `own`."""
    return Voice(own, latin, own.rtl)


def _kind(character: str) -> str:
    if character in "0123456789":
        return "D"
    if character in ".,:/":
        return "S"
    if character in " '’&+-‐‑\u00a0":
        return "J"
    match unicodedata.bidirectional(character):
        case "L":
            return "L" if unicodedata.name(character, "").startswith("LATIN") else "G"
        case "R" | "AL" | "AN":
            return "R"
        case "EN" if unicodedata.name(character).startswith("EXTENDED ARABIC"):
            return "R"
        case "NSM":
            return "M"
        case _:
            return "N"
