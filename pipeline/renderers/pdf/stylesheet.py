"""The stylesheets of a printed page: an edition's measures, and the look that all editions share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.document import TranslatedDocument
from pipeline.editions import Layout
from pipeline.fonts import Typeface
from pipeline.interface import fill
from pipeline.renderers.drawing import panel_width
from pipeline.renderers.pdf.engine import STYLES

# All of them reach 7:1 on the ground that they stand on (WCAG 2.2 SC 1.4.6).
COLORS = {
    "ink": "#14171A",
    "primary": "#0A3A5C",
    "accent": "#7A2E0E",
    "tint": "#EAF3F8",
    "tint-warm": "#FFF4E5",
}

_VARIABLE = re.compile(r"var\(--([a-z0-9-]+)\)")
_LINES = re.compile(r"calc\(([0-9.]+) \* var\(--line\)\)")

_PANEL_GAP = 8
_FRAME = 2

# In clear print a single picture leaves room beside it: its description stands there.
_BESIDE = """
.single { display: flex; gap: 14pt; break-inside: avoid; }
.single .description { flex: 1; }
"""

# In large print a box may be longer than what is left of a page; whole boxes would leave half pages empty.
_LONG_BOXES = ".note { break-inside: auto; box-decoration-break: clone; }"

# ACB: emphasis is a line under the words, clear of the letters, and never bold.
_UNDERLINED = """
:is(p, li, dd, td) :is(em, strong, i, b) {
  font-weight: 400; text-decoration: underline 0.06em; text-underline-offset: 0.16em;
}
.notice .notice-title, .records li > strong:first-child { font-weight: 700; text-decoration: none; }
"""

# Words of another face stand higher or lower in their own line box: where lines are set tight, that box
# would push the next line away.
_TIGHT = ":is(p, li, dd) :is(a, abbr, b, bdi, dfn, em, i, span, strong) { line-height: 0; }"
_TIGHT_PITCH = 1.2

# ACB: dots lead from an entry of the contents to its page. They are a border, drawn behind the words
# and covered by them: dots of text would be spoken one by one.
_LEADERS = """
nav.contents li {{ position: relative; z-index: 0; padding-inline-end: 4em; }}
nav.contents li::before {{
  content: ""; position: absolute; z-index: -1; left: 0; right: 0; bottom: {rise:.2f}pt;
  border-bottom: {dot:.2f}pt dotted {ink};
}}
nav.contents li.level-3::before {{ {start}: 1.4em; }}
nav.contents a {{ background: #fff; padding-inline-end: 0.25em; line-height: {pitch:g}pt; }}
nav.contents a.page {{ position: absolute; bottom: 0; {end}: 0; padding-inline: 0.25em 0; }}
"""

_COUNTER_STYLES = {"latn": "decimal", "arab": "arabic-indic", "arabext": "persian", "deva": "devanagari"}


@dataclass(frozen=True, slots=True)
class Place:
    """Which page of how many a page is that is laid out alone."""

    number: int
    total: int


def stylesheets(
    translated: TranslatedDocument, layout: Layout, place: Place | None = None
) -> tuple[str, str]:
    """Return the stylesheets: the edition's measures, and the look that all editions share.

    With a `place`, the one page has the number and the outer corner that it will have there.
    """
    return _measures_css(translated, layout, place), _resolve(_look(), _values(translated, layout))


@cache
def _look() -> str:
    return (STYLES / "print.css").read_text("utf-8")


def _values(translated: TranslatedDocument, layout: Layout) -> dict[str, str]:
    """Return what the variables of print.css stand for."""
    sizes = {f"h{n}": f"{layout.heading_pt(n):g}pt" for n in range(1, 5)}
    return {
        **COLORS,
        **sizes,
        "body": f"{layout.body_pt:g}pt",
        "line": f"{layout.pitch_pt:g}pt",
        "digits": _COUNTER_STYLES[translated.language.numbering],
    }


def _resolve(css: str, values: dict[str, str]) -> str:
    """Put numbers in the place of variables: WeasyPrint would resolve them anew for every box."""
    line = float(values["line"].removesuffix("pt"))
    css = _LINES.sub(lambda m: f"{float(m[1]) * line:.2f}pt", css)
    return _VARIABLE.sub(lambda m: values[m[1]], css)


def _measures_css(translated: TranslatedDocument, layout: Layout, place: Place | None) -> str:
    width, height = layout.page_pt
    top = layout.edition.margin_mm * 72 / 25.4
    bottom, side = top + layout.pitch_pt, layout.side_margin_pt
    digits = _COUNTER_STYLES[translated.language.numbering]
    foot = _page_label(translated, digits, place)
    sides = ("right", "left")
    corners = "".join(f"@page :{outer} {{ @bottom-{outer} {{ {foot} }} }}" for outer in sides)
    if place:
        outer = sides[(place.number % 2 == 0) != layout.language.rtl]
        corners = f"@page {{ @bottom-{outer} {{ {foot} }} }}"
    # Two panels side by side may be wider than a line of text; they reach into the margins.
    overhang = max(0.0, 2 * (panel_width(layout) + _FRAME) + _PANEL_GAP + 2 - layout.measure_pt) / 2
    overhang_all = (layout.room_pt - layout.measure_pt) / 2
    family = ", ".join(f"'{f.family}'" for f in layout.stack)
    start, end = ("right", "left") if layout.language.rtl else ("left", "right")
    return f"""
{_font_faces(layout.stack)}
@page {{ size: {width:.2f}pt {height:.2f}pt; margin: {top:.2f}pt {side:.2f}pt {bottom:.2f}pt; }}
{corners}
html {{
  font-family: {family};
}}
table.wide {{ margin-inline: {-overhang_all:.1f}pt; width: {layout.measure_pt + 2 * overhang_all:.1f}pt; }}
.pair .panels {{ margin-inline: {0 if layout.edition.stacked else -overhang:.1f}pt; }}
.bitmap.floating {{ float: {start}; margin-{end}: 1em; }}
{_LONG_BOXES if layout.edition.stacked else _BESIDE}
{_TIGHT if layout.edition.pitch < _TIGHT_PITCH else ""}
{_UNDERLINED if layout.edition.underlines else ""}
{_leaders(layout) if layout.edition.leaders else ""}
.single figure {{ width: {panel_width(layout) + _FRAME:.1f}pt; }}
.panel + .panel {{ {"margin-top" if layout.edition.stacked else "margin-inline-start"}: {_PANEL_GAP}pt; }}
"""


def _leaders(layout: Layout) -> str:
    """Return the rows of dots of the contents; a dot is as thick as a full stop, on the baseline."""
    rise = (layout.pitch_pt - layout.body_pt) / 2 + 0.22 * layout.body_pt
    start, end = ("right", "left") if layout.language.rtl else ("left", "right")
    return _LEADERS.format(
        rise=rise,
        dot=layout.body_pt / 10,
        ink=COLORS["ink"],
        start=start,
        end=end,
        pitch=layout.pitch_pt,
    )


def _page_label(translated: TranslatedDocument, digits: str, place: Place | None) -> str:
    """Return the declarations of the page number: bold, of body size, on the lower outer corner."""
    label = translated.labels["page"]
    marked = fill(label, number="\x01", total="\x02")
    counters = {"\x01": f" counter(page, {digits}) ", "\x02": f" counter(pages, {digits}) "}
    if place:
        written = (translated.language.localize_digits(str(n)) for n in (place.number, place.total))
        marked = fill(label, **dict(zip(("number", "total"), written, strict=True)))
    parts = "".join(counters.get(c, f'"{_css_escape(c)}"') for c in marked)
    look = "font-weight: 700; white-space: nowrap; vertical-align: top; padding-top: 8pt;"
    return f"content: {parts.replace(chr(34) * 2, '')}; {look}"


def _css_escape(character: str) -> str:
    """Return a character as a CSS escape: a translation must not be able to end its string."""
    return f"\\{ord(character):06X}"


def _font_faces(faces: tuple[Typeface, ...]) -> str:
    return "".join(
        f"@font-face {{ font-family: '{face.family}'; font-weight: {weight}; src: url(font:{path.name}); }}\n"
        for face in faces
        for weight, path in face.files
    )
