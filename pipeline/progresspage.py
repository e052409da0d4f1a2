"""`translations.html`: how far each translation is, as a page for those who look after translators."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from pipeline.languages import language
from pipeline.progress import Part, Progress, Stage, Tally
from pipeline.renderers.elements import element
from pipeline.webpage import records_table, web_page

_HEADS = (
    "Segments",
    "Not translated",
    "Needs work",
    "Draft",
    "Signed off for earlier words",
    "Signed off",
    "Words left",
    "Hours to translate",
    "Hours to review",
)
_STYLE = "\nmain { max-width: 78em; }\nth, td { overflow-wrap: break-word; min-width: 0; }\n"


def progress_page(found: Iterable[Progress]) -> bytes:
    """Return the page: a table of all languages, then each by handout and by section."""
    all_found = list(found)
    whole = [(_name(p), p.whole) for p in all_found if p.whole]
    faults = [p for p in all_found if not p.whole]
    return web_page(
        "How far the translations are",
        "Hours are rough: 250 new words, 500 revised, 1,000 reviewed an hour.",
        element("h2", "All languages"),
        records_table("Languages", ("Language", *_HEADS), _rows(whole)),
        *(_broken(progress) for progress in faults),
        *(part for progress in all_found if progress.whole for part in _parts(progress)),
        style=_STYLE,
    )


def _name(progress: Progress) -> str:
    own = language(progress.tag)
    kept = f", kept on {progress.edition}" if progress.edition else ""
    return f"{own.english_name} ({progress.tag}{kept})"


def _rows(tallies: Iterable[tuple[str, Tally]]) -> Iterator[ET.Element]:
    for name, tally in tallies:
        hours = (f"{tally.hours_to_translate:g}", f"{tally.hours_to_review:g}")
        counts = (tally.total, *(tally.segments[stage] for stage in Stage), tally.words_left, *hours)
        yield element("tr", element("th", name, scope="row"), *(element("td", str(c)) for c in counts))


def _broken(progress: Progress) -> ET.Element:
    return element("p", element("strong", f"{_name(progress)} cannot be read: "), str(progress.faults[0]))


def _parts(progress: Progress) -> Iterator[ET.Element]:
    yield element("h2", _name(progress))
    for caption, parts in (("By handout", progress.handouts), ("By section", progress.sections)):
        rows = _rows((_title(part), part.tally) for part in parts)
        yield records_table(f"{caption}, {language(progress.tag).english_name}", ("Part", *_HEADS), rows)


def _title(part: Part) -> str:
    return f"{part.title} ({part.id})"
