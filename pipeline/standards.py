"""The large-print standards, clause by clause, with their numbers.

UKAAF G003 (2019, United Kingdom), RNIB Clear Print, APH Guidelines for Print Document Design, ACB
Large Print Guidelines (2025) and CNIB Clear Print contradict each other: ACB wants lines 1.15 times
their size apart, CNIB and APH 1.25 to 1.30; ACB underlines for emphasis, UKAAF forbids it. A print is
therefore judged by each of them, and never by one union of all.

A clause names a measure of the finished page and the limits that the measure is held to, edition by
edition. An edition that a clause has no limits for is one that the standard does not speak of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

# What a measure is held to: least and most, or what the measure says; pt, mm, lines or characters.
Limits: TypeAlias = tuple[float, ...]

STANDARDS: Mapping[str, str] = MappingProxyType(
    {
        "ukaaf": "UKAAF G003, Creating clear print and large print documents",
        "rnib": "RNIB Clear Print",
        "aph": "APH Guidelines for Print Document Design",
        "acb": "ACB Large Print Guidelines",
        "cnib": "CNIB Clear Print Accessibility Guidelines",
    }
)

# The measure of a clause that only a person can answer.
HUMAN = "human"

_EDITIONS = ("clear", "large", "giant")


@dataclass(frozen=True, slots=True)
class Clause:
    """One demand of a standard.

    `measure` names what is measured, or is `human`; `rule` is the code of our own rule that measures the
    same, or "". `limits` are given by edition; `derived` names the editions whose limits are ours, worked
    out from the standard's number for another edition.
    """

    standard: str
    name: str
    title: str
    measure: str
    rule: str = ""
    limits: Mapping[str, Limits] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """What the clause is called: `acb.leaders`."""
        return f"{self.standard}.{self.name}"


# measure → the rule of ours that measures the same.
_RULES = {
    "body-size": "P001",
    "x-height": "P002",
    "smallest": "P003",
    "headings": "P004",
    "pitch": "P005",
    "line-length": "P006",
    "paragraph-gap": "P007",
    "indent": "P008",
    "alignment": "P009",
    "hyphens": "P010",
    "italics": "P011",
    "underlines": "P012",
    "emphasis": "P012",
    "columns": "P013",
    "margins": "P014",
    "paper": "P015",
    "page-number": "P016",
    "contrast": "P017",
    "headings-kept": "P018",
    "widows": "P019",
    "capitals": "P020",
    "leaders": "P021",
    "pictures": "P022",
    "notes": "P023",
}

_NONE: Limits = ()


def _clause(
    standard: str,
    measure: str,
    title: str,
    every: Limits | None = None,
    *,
    name: str = "",
    derived: str = "",
    **editions: Limits,
) -> Clause:
    limits = {edition: every for edition in _EDITIONS if every is not None} | editions
    rule = _RULES.get(measure, "")
    return Clause(
        standard, name or measure, title, measure, rule, MappingProxyType(limits), frozenset(derived.split())
    )


def _question(standard: str, name: str, title: str) -> Clause:
    return _clause(standard, HUMAN, title, _NONE, name=name)


# Page numbers: outer corner, bold, size of the body; 1 is demanded, 0 is not.
_ANYWHERE, _OUTER_BOLD_BODY = (0, 0, 0), (1, 1, 1)

_TABLE: tuple[Clause, ...] = (
    _clause(
        "ukaaf", "body-size", "Body text of 12 pt in clear and 16 pt in large print, or larger",
        clear=(12,), large=(16,), giant=(24,), derived="giant",
    ),
    _clause("ukaaf", "smallest", "Page numbers, labels and superscripts as large as the body", _NONE),
    _clause("ukaaf", "paragraph-gap", "A blank line or more between paragraphs", (1,)),
    _clause("ukaaf", "alignment", "Text aligned where lines begin, never justified", _NONE),
    _clause("ukaaf", "hyphens", "Words are not split over two lines", _NONE),
    _clause("ukaaf", "italics", "No italics", _NONE),
    _clause("ukaaf", "underlines", "No underlining", _NONE),
    _clause("ukaaf", "capitals", "No blocks of capital letters: two words at most", (2,)),
    _clause("ukaaf", "paper", "The paper of the country, and never an enlarged copy", _NONE),
    _question("ukaaf", "typeface", "Is the typeface a legible sans serif of medium weight?"),
    _question("ukaaf", "finish", "Is the paper matt, and thick enough that print does not show through?"),
    _clause(
        "rnib", "body-size", "Body text of 12 pt in clear and 16 pt in large print, or larger",
        clear=(12,), large=(16,), giant=(24,), derived="giant",
    ),
    _clause(
        "rnib", "x-height", "An x-height of 2 mm or more at 12 pt",
        clear=(2.0,), large=(2.667,), giant=(4.0,), derived="large giant",
    ),
    _clause("rnib", "line-length", "Lines of 70 characters at most; 40 in Chinese, Japanese and Korean", (0, 70, 80)),
    _clause("rnib", "alignment", "Text aligned where lines begin, never justified", _NONE),
    _clause("rnib", "italics", "No italics", _NONE),
    _clause("rnib", "underlines", "No underlining", _NONE),
    _clause("rnib", "capitals", "No blocks of capital letters: two words at most", (2,)),
    _clause("rnib", "page-number", "The page number in the same place on every page", _ANYWHERE),
    _question("rnib", "finish", "Is the paper matt, and thick enough that print does not show through?"),
    _clause("aph", "body-size", "Body text of 18 pt or more in large print", clear=(12,), large=(18,), giant=(24,), derived="giant"),
    _clause(
        "aph", "x-height", "An x-height of 1/8 inch (3.175 mm) or more in large print",
        large=(3.175,), giant=(4.2,), derived="giant",
    ),
    _clause(
        "aph", "headings", "Headings of 22 pt, and of 20 pt below them, at a body of 18 pt",
        large=(22, 20), giant=(29, 27), derived="giant",
    ),
    _clause("aph", "pitch", "Lines 1.25 to 1.30 times their size apart", (1.25, 1.30)),
    _clause(
        "aph", "line-length", "Full lines of 39 to 43 characters",
        large=(39, 43, 52), giant=(0, 43, 52), derived="giant",
    ),
    _clause("aph", "indent", "No indent at the first line of a paragraph", _NONE),
    _clause("aph", "italics", "No italics", _NONE),
    _clause("aph", "columns", "One column", _NONE),
    _clause("aph", "contrast", "Text with a contrast of 7 to 1 or more: no gray text", (7,)),
    _clause("aph", "pictures", "No text over a picture or a pattern", _NONE),
    _clause("aph", "leaders", "No leader dots in the contents", (0,)),
    _question("aph", "typeface", "Is the typeface sans serif, with I, l and 1 that nobody can confuse?"),
    _question("aph", "finish", "Is the paper without glare?"),
    _clause("acb", "body-size", "Body text of 18 pt or more", large=(18,), giant=(24,), derived="giant"),
    _clause("acb", "smallest", "Nothing smaller than the body: footnotes, captions, heads and feet", _NONE),
    _clause(
        "acb", "headings", "Headings of 22 pt, and of 20 pt below them",
        large=(22, 20), giant=(29, 27), derived="giant",
    ),
    # Baselines of lines in two faces are up to a tenth of a millimeter off the even pitch.
    _clause("acb", "pitch", "Lines 1.15 times their size apart (give or take 0.02)", (1.13, 1.17)),
    _clause("acb", "paragraph-gap", "A blank line between paragraphs", (1,)),
    _clause("acb", "indent", "Paragraphs in blocks, without an indent", _NONE),
    _clause("acb", "alignment", "Text flush where lines begin and ragged where they end, headings too", _NONE),
    _clause("acb", "hyphens", "No hyphens at the ends of lines", _NONE),
    _clause("acb", "emphasis", "Emphasis by underlining alone, never bold", _NONE),
    _clause("acb", "italics", "No italics", _NONE),
    _clause("acb", "capitals", "No words all in capitals for emphasis: two in a row at most", (2,)),
    _clause("acb", "columns", "One column", _NONE),
    _clause(
        "acb", "margins", "Margins of 1 inch at the top, left and right",
        large=(25.4,), giant=(25.4,), clear=(20.0,), derived="clear",
    ),
    _clause("acb", "page-number", "The page number bold, as large as the body, in the lower outer corner", _OUTER_BOLD_BODY),
    _clause("acb", "leaders", "Leader dots between an entry of the contents and its page number", (1,)),
    _clause("acb", "notes", "Notes at the end, as large as the body", _NONE),
    _clause("acb", "widows", "No line of a paragraph alone on a page", _NONE),
    _clause("acb", "headings-kept", "No heading alone at the foot of a page", _NONE),
    _clause("acb", "booklet", "A saddle-stitched booklet has a multiple of 4 pages, 20 at most", large=(4, 20), giant=(4, 20), clear=(4, 0)),
    _question("acb", "typeface", "ACB names Arial: will its readers take another sans serif whose I, l and 1 differ?"),
    _clause("cnib", "body-size", "Body text of 12 pt or more, better 18 pt", clear=(12,), large=(18,), giant=(24,), derived="giant"),
    _clause("cnib", "pitch", "Lines 1.25 to 1.30 times their size apart", (1.25, 1.30)),
    _clause("cnib", "italics", "No italics", _NONE),
    _clause("cnib", "capitals", "No capitals for emphasis: two words in a row at most", (2,)),
    _clause("cnib", "contrast", "High contrast: 7 to 1 or more (the number is WCAG’s)", (7,), derived="clear large giant"),
    _clause("cnib", "pictures", "No text over a picture or a pattern", _NONE),
    _question("cnib", "typeface", "Is the typeface a plain one of medium weight, with room between its letters?"),
    _question("cnib", "finish", "Is the paper matt?"),
)  # fmt: skip


def clauses(standard: str) -> tuple[Clause, ...]:
    """Return the clauses of a standard. Raises `KeyError` for a standard that is not in `STANDARDS`."""
    return _BY_STANDARD[standard]


_BY_STANDARD = {name: tuple(c for c in _TABLE if c.standard == name) for name in STANDARDS}
