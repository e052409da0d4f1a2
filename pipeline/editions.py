"""Editions: the measures of clear, large and giant print; what a target and a rendition are.

The numbers come from UKAAF G003, RNIB Clear Print, APH and ACB large-print guidelines and WCAG
2.2; where those contradict each other an edition keeps to the stricter measure. A point size is
only a proxy for what the eye meets, so the body size follows from the height of the letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from pipeline.diagnostics import Diagnostic
from pipeline.fonts import Typeface, advance, letter_height
from pipeline.languages import Language

MM_PER_PT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet; sizes in mm."""

    name: str
    width: float
    height: float


PAPERS: Mapping[str, Paper] = MappingProxyType(
    {"a4": Paper("a4", 210.0, 297.0), "letter": Paper("letter", 215.9, 279.4)}
)


@dataclass(frozen=True, slots=True)
class Edition:
    """A typographic profile. Sizes in pt, heights and margins in mm, lengths of lines in characters.

    `headings` are the sizes of levels 1 to 4 as multiples of the body size; `heading_pt` are the
    least sizes that a standard names for the same levels. `pitches` are the least and the most that lines
    may be apart, in multiples of their size, `line_characters_least` what full lines have at least in the
    median where the paper has room. `leaders` asks for dots between the entries of the contents and their
    pages; `underlines` for emphasis by a line under the words, and not by bold.
    """

    name: str
    body_pt: float
    x_height_mm: float
    x_height_min_mm: float
    headings: tuple[float, float, float, float]
    heading_pt: tuple[float, float, float, float]
    pitch: float
    margin_mm: float
    line_characters: int
    line_characters_max: int
    stacked: bool
    line_characters_least: int = 0
    pitches: tuple[float, float] = (1.25, 1.30)
    leaders: bool = False
    underlines: bool = False


EDITIONS: Mapping[str, Edition] = MappingProxyType(
    {
        "clear": Edition(
            name="clear",
            body_pt=12.0,
            x_height_mm=2.3,
            x_height_min_mm=2.0,
            headings=(2.0, 1.4, 1.2, 1.08),
            heading_pt=(13.0, 13.0, 12.5, 12.5),
            pitch=1.28,
            margin_mm=20.0,
            line_characters=70,
            line_characters_max=80,
            stacked=False,
        ),
        "large": Edition(
            name="large",
            body_pt=18.0,
            x_height_mm=3.175,
            x_height_min_mm=3.175,
            headings=(1.6, 1.3, 1.15, 1.06),
            heading_pt=(22.0, 20.0, 19.0, 19.0),
            pitch=1.28,
            margin_mm=25.4,
            line_characters=43,
            line_characters_max=43,
            stacked=True,
            line_characters_least=39,
        ),
        "giant": Edition(
            name="giant",
            body_pt=24.0,
            x_height_mm=4.2,
            x_height_min_mm=4.2,
            headings=(1.4, 1.2, 1.1, 1.05),
            heading_pt=(29.0, 27.0, 25.0, 25.0),
            pitch=1.28,
            margin_mm=25.4,
            line_characters=43,
            line_characters_max=43,
            stacked=True,
            line_characters_least=39,
        ),
    }
)

# What an edition becomes where a standard asks for something else: standard → edition → fields. UKAAF and
# RNIB begin large print at 16 pt, whose x-height is RNIB's 2 mm of 12 pt enlarged, and RNIB allows longer
# lines; headings are then only larger than the body. ACB has its own pitch, leaders and emphasis.
_ACB = MappingProxyType({"pitch": 1.15, "pitches": (1.13, 1.17), "leaders": True, "underlines": True})
_UK_LARGE = MappingProxyType(
    {
        "body_pt": 16.0,
        "x_height_mm": 2.667,
        "x_height_min_mm": 2.667,
        "heading_pt": (17.0, 17.0, 16.5, 16.5),
        "line_characters": 64,
        "line_characters_max": 70,
        "line_characters_least": 0,
    }
)
_BENT: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "ukaaf": {"large": _UK_LARGE},
        "rnib": {"clear": {"line_characters": 66}, "large": _UK_LARGE},
        "aph": {},
        "acb": {"clear": _ACB, "large": _ACB, "giant": _ACB},
        "cnib": {},
    }
)


def edition_for(name: str, standard: str = "") -> Edition:
    """Return an edition, bent to a standard where standards differ; "" is the house's own measure.

    Raises `KeyError` for an edition or a standard that there is not.
    """
    return replace(EDITIONS[name], **(_BENT[standard].get(name, {}) if standard else {}))


# An East Asian letter is as wide as it is high: a line of 40 is the longest (WCAG 2.2 SC 1.4.8), and
# narrow Latin letters among them must not make it longer.
_EAST_ASIAN_CHARACTERS = 34

# Of a character more than asked for: a ragged line ends on average half a word short of its room.
_RAGGED = 2.0

# Where one step of a mean width ends and the next begins: where none of the shipped languages is near.
_STEP_BEGINS = 0.25


@dataclass(frozen=True, slots=True)
class Layout:
    """An edition measured out for one language, its typefaces and a paper. Sizes in pt.

    `guests` are faces for words in scripts that the language does not have, such as the name of a
    hospital abroad: they stand behind the others and have no say in any measure.
    """

    edition: Edition
    paper: Paper
    language: Language
    faces: tuple[Typeface, ...]
    body_pt: float
    measure_pt: float
    guests: tuple[Typeface, ...] = ()

    @property
    def stack(self) -> tuple[Typeface, ...]:
        """Every face that may set a word, in the order in which they are tried."""
        return self.faces + self.guests

    @property
    def page_pt(self) -> tuple[float, float]:
        """Width and height of the page."""
        return self.paper.width / MM_PER_PT, self.paper.height / MM_PER_PT

    @property
    def room_pt(self) -> float:
        """The width between the edition's least margins: what a table or a picture may fill."""
        return (self.paper.width - 2 * self.edition.margin_mm) / MM_PER_PT

    @property
    def side_margin_pt(self) -> float:
        """The margin left and right of the text: at least the edition's, wider for a short line."""
        return (self.page_pt[0] - self.measure_pt) / 2

    @property
    def pitch_pt(self) -> float:
        """The distance from one baseline to the next."""
        return round(self.body_pt * self.edition.pitch, 2)

    def heading_pt(self, level: int) -> float:
        """The size of a heading of `level` (1 is the title; beyond 4 the sizes stay)."""
        index = min(level, 4) - 1
        scaled = self.body_pt * self.edition.headings[index]
        return round(max(scaled, self.edition.heading_pt[index]) * 2) / 2


def body_size(edition: Edition, faces: tuple[Typeface, ...], script: str) -> float:
    """Return the body size in pt at which the letters are as tall as the edition wants them.

    RNIB (x-height of 2.0 mm or more in clear print) and APH (1/8 inch in large print); a script
    without an x-height is matched by the ink height of its letters, a figure of our own deriving.
    """
    height = min(letter_height(face, script) for face in faces[-1:])
    exact = edition.x_height_mm / MM_PER_PT / height
    # Round up to a tenth, so that rounding never takes the letters below their minimum.
    return max(edition.body_pt, -(-exact * 10 // 1) / 10)


def lay_out(
    edition: Edition, paper: Paper, *, language: Language, faces: tuple[Typeface, ...], sample: str
) -> Layout:
    """Return the measures of `edition` on `paper`; the line length follows the letters of `sample`."""
    script = "Latn" if language.pseudo else language.script
    body = body_size(edition, faces, script)
    # In steps of 1/200 em: a changed word must not move every line of a language.
    mean = int(advance(sample, faces) / max(len(sample), 1) * 200 + _STEP_BEGINS) / 200
    room = (paper.width - 2 * edition.margin_mm) / MM_PER_PT
    characters = edition.line_characters
    if language.east_asian:
        characters = min(characters, _EAST_ASIAN_CHARACTERS)
    measure = min(room, (characters + _RAGGED) * mean * body)
    return Layout(edition, paper, language, faces, body, round(measure, 1))


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One thing to make: handout × language × edition × format × paper.

    `standard` names the large-print standard that the edition is bent to where standards differ, and
    `variant` the variant of the format, such as `ua-2` of PDF; "" is what is made without asking. `folder`
    lies below the output folder: an organization's copies have one of their own.
    """

    language: str
    handout: str
    edition: str
    format: str
    paper: str = ""
    paper_in_name: bool = False
    standard: str = ""
    variant: str = ""
    folder: str = ""

    @property
    def name(self) -> str:
        """The path below the output folder: `es/infant-form-large-letter.pdf`."""
        return f"{self.folder}/{self.path}" if self.folder else self.path

    @property
    def path(self) -> str:
        """The path below the target's own folder, which links between targets go by."""
        paper = f"-{self.paper}" if self.paper_in_name else ""
        special = "".join(f"-{word}" for word in (self.standard, self.variant) if word)
        return f"{self.language}/{self.handout}-{self.edition}{paper}{special}.{self.format}"


MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "epub": "application/epub+zip",
        "html": "text/html",
        "txt": "text/plain",
    }
)


@dataclass(frozen=True, slots=True)
class Rendition:
    """A target made. `pages` is None for a format without pages; `page_of` maps segment ids to pages."""

    data: bytes
    pages: int | None = None
    page_of: Mapping[str, int] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
