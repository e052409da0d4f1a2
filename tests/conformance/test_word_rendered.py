"""Word files as LibreOffice opens, exports and lays them out: reference verdicts, and print size in pt.

One office run for all files of the leaflet that are measured here. Three rules for print do not apply:

- P016 (number in the outer corner): a Word file does not know whether it will be printed on both sides,
  so its number stands at the end of the foot on every page. In Arabic, LibreOffice writes it in European
  digits, by which the rule does not know it.
- P014 (margins) is taken of text and by itself: PDFium widens thick lines by their thickness, so that the
  rule at the side of a box seems to stand in the margin. The mark of a list is left out: beside an item of
  Latin words alone in Arabic, LibreOffice sets it outside the text.
- P005 and P007 (pitch and gap) in Arabic: a line that is mixed with Latin takes the height of the taller
  face. Lines of a fixed height would hold the pitch and clip letters that a reader enlarges.

Of P019 the notes at the end are left out: their last line may hold the link back to the text alone, which
belongs to no segment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from pipeline.checks.pages import read_sheets
from pipeline.checks.print_size import Printed, letters, marks, measure, print_of, setting, sheets
from pipeline.checks.validators import office
from pipeline.diagnostics import MissingToolError, Outcome, Severity
from pipeline.document import EndNote, TranslatedDocument, walk
from pipeline.editions import MM_PER_PT, Layout
from pipeline.renderers import FORMATS, Companions
from pipeline.tools.complaints import Complaint
from pipeline.tools.office import OFFICE, PDF_UA, convert
from pipeline.tools.programs import require
from pipeline.tools.verapdf import VERAPDF

sys.path.insert(0, str(Path(__file__).parent.parent))

from test_checks_artefacts import layout_for, leaflet

CASES = [(tag, edition) for tag in ("en", "ar", "ru") for edition in ("clear", "large", "giant")]
RULES: Mapping[str, Callable[[Printed], Outcome]] = {
    "P001": letters.body_size,
    "P002": letters.x_height,
    "P003": letters.no_small_print,
    "P004": letters.heading_sizes,
    "P005": setting.line_pitch,
    "P006": setting.line_length,
    "P007": setting.paragraph_gap,
    "P008": setting.no_indent,
    "P009": setting.ragged,
    "P010": setting.no_hyphenation,
    "P011": letters.no_italics,
    "P012": marks.no_underlines,
    "P013": setting.one_column,
    "P015": sheets.paper,
    "P017": letters.strong_contrast,
    "P018": sheets.headings_kept,
    "P020": letters.no_capitals,
    "P021": marks.no_leaders,
}
# P017: beside an item that is all Latin, LibreOffice sets the bullet on the rule of its box.
NOT_IN_ARABIC = frozenset(("P005", "P007", "P017"))


@cache
def word(tag: str, edition: str) -> tuple[TranslatedDocument, Layout, bytes]:
    translated, text = leaflet(tag)
    layout = layout_for(translated, edition, text)
    return translated, layout, FORMATS["docx"](translated, layout, Companions()).data


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Path]:
    folder = tmp_path_factory.mktemp("word")
    made = {case: folder / f"{'-'.join(case)}.docx" for case in CASES}
    for case, path in made.items():
        path.write_bytes(word(*case)[2])
    return made


@pytest.fixture(scope="module")
def printed(
    files: Mapping[tuple[str, str], Path],
    tmp_path_factory: pytest.TempPathFactory,
    needs: Callable[..., None],
) -> Mapping[tuple[str, str], Printed]:
    needs(OFFICE)
    exports = convert(list(files.values()), to=PDF_UA, folder=tmp_path_factory.mktemp("pdf"))
    assert len(exports) == len(files)
    return {
        case: print_of(*word(*case)[:2], read_sheets(exports[path].read_bytes()))
        for case, path in files.items()
    }


@pytest.mark.parametrize("code", RULES)
@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_what_libreoffice_lays_out_keeps_its_edition(
    case: tuple[str, str], code: str, printed: Mapping[tuple[str, str], Printed]
) -> None:
    if case[0] == "ar" and code in NOT_IN_ARABIC:
        # Not held to the rule, but to the body: the pitch of most lines is the edition's.
        assert 1.25 <= measure(printed[case]).pitch <= 1.30
        return
    assert [str(d) for d in RULES[code](printed[case]).diagnostics] == []


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_text_keeps_out_of_the_margins(
    case: tuple[str, str], printed: Mapping[tuple[str, str], Printed]
) -> None:
    page = printed[case]
    least = page.layout.edition.margin_mm / MM_PER_PT - 1
    for line in (line for group in page.lines for line in group):
        assert line.start >= least, line
        assert line.end <= page.layout.page_pt[0] - least, line


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_no_line_stands_alone(case: tuple[str, str], printed: Mapping[tuple[str, str], Printed]) -> None:
    page = printed[case]
    notes = {n.text.id for n in walk(page.translated.document) if isinstance(n, EndNote)}
    alone = [str(d) for d in sheets.no_widows(page).diagnostics]
    assert [line for line in alone if not any(f"“{name}”" in line for name in notes)] == []


def test_the_reference_validators_pass_each_file(
    files: Mapping[tuple[str, str], Path], needs: Callable[..., None]
) -> None:
    needs(OFFICE)
    needs(VERAPDF)
    for path, outcomes in office.judge_exports(list(files.values())).items():
        assert {o.code for o in outcomes} == {"V050", "V051", "V052"}
        for outcome in outcomes:
            known = path.name.startswith("ar") and outcome.code == "V051"
            assert outcome.verdict is (Severity.INFO if known else Severity.PASS), outcome


def test_a_file_that_does_not_open_fails(tmp_path: Path, needs: Callable[..., None]) -> None:
    needs(OFFICE)
    needs(VERAPDF)
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\3\4 this is no Word file" + bytes(500))
    first, *rest = office.judge_exports([broken])[broken]
    assert first.verdict is Severity.FAIL
    assert all(outcome.skipped for outcome in rest)


def test_a_lost_paragraph_is_seen() -> None:
    written = "One two three four five\nSix seven eight nine ten\nEleven twelve"
    assert office.same_words(written, written).verdict is Severity.PASS
    assert office.same_words(written, written.replace("seven eight", "eight")).verdict is Severity.FAIL


def test_only_the_known_fault_is_told_as_known() -> None:
    place = "usedGlyphs[0](CAAAAA+HandoutArabic-Regular)"
    known = Complaint("ISO 14289-1:2014, 7.21.7-1", "no map to Unicode", 2, place)
    other = Complaint("ISO 14289-1:2014, 7.21.7-1", "no map to Unicode", 2, "usedGlyphs[0](Atkinson)")
    assert office.known_fault(known)
    assert office.known_fault(other) is None
    assert office.known_fault(Complaint("ISO 14289-1:2014, 7.1-3", "untagged", 1, place)) is None


@pytest.fixture(scope="module")
def needs() -> Callable[..., None]:
    """Return a function that skips where a program is missing; on CI that fails."""
    import os

    from pipeline.tools import Tool

    def find(tool: Tool) -> None:
        try:
            require(tool)
        except MissingToolError as error:
            if os.environ.get("CI"):
                pytest.fail(str(error))
            pytest.skip(str(error))

    return find
