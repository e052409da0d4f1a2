"""What a build does with damaged input: it says where the fault is, and takes nothing away."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from pipeline.diagnostics import ExitCode
from pipeline.plan import Wishes
from pipeline.report import BuildReport
from pipeline.store import read_record

Build = Callable[..., BuildReport]
Run = Callable[..., subprocess.CompletedProcess[str]]
RunHere = Callable[..., Result]

PO = Path(__file__).parent / "po"
VERDICTS = json.loads((PO / "verdicts.json").read_text("utf-8"))
SHOWN = "translations/de/LC_MESSAGES/handwash.po"
QUICK = Wishes(formats=("html", "txt"))


def artefacts(output: Path) -> dict[str, bytes]:
    files = (p for p in output.rglob("*") if p.is_file() and not {".handout", "passports"} & set(p.parts))
    return {p.relative_to(output).as_posix(): p.read_bytes() for p in files}


def german(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name.startswith("de/")}


def translate(project: Path, old: str, new: str) -> int:
    """Change one translation of the German catalog; return the line that it stands on."""
    path = project / SHOWN
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("name", sorted(n for n, v in VERDICTS.items() if v["verdict"] == "refuse"))
def test_a_broken_catalog_costs_its_language_alone(handwash: Path, build_here: Build, name: str) -> None:
    build_here(handwash, QUICK)
    before = artefacts(handwash / "output")
    (handwash / SHOWN).write_bytes((PO / f"{name}.po").read_bytes())
    source = handwash / "source" / "handwash.md"
    source.write_text(source.read_text("utf-8").replace("Wet your hands.", "Hold your hands under water."))
    report = build_here(handwash, QUICK)
    assert report.exit_code == ExitCode.TRANSLATION
    assert {failed.name for failed in report.failed} == {"de"}
    for diagnostic in report.failed[0].diagnostics:
        assert diagnostic.location
        assert str(diagnostic.location).startswith(SHOWN)
        assert "\n" not in diagnostic.message
    lines = {d.location.line for d in report.failed[0].diagnostics if d.location}
    assert lines.issuperset(VERDICTS[name].get("lines", [])[:1])
    after = artefacts(handwash / "output")
    assert german(after) == german(before)
    assert "Hold your hands under water." in after["en/steps-clear.txt"].decode()


def test_the_command_line_tells_a_broken_catalog_in_one_line(handwash: Path, handout: Run) -> None:
    (handwash / SHOWN).write_bytes((PO / "missing_close_quote.po").read_bytes())
    done = handout("build", "-f", "txt", project=handwash)
    assert done.returncode == ExitCode.TRANSLATION
    assert "Traceback" not in done.stderr
    first, *rest = done.stderr.splitlines()
    assert first == "Not made: de"
    assert f"{SHOWN}:15" in rest[0]
    assert sorted(p.name for p in (handwash / "output").iterdir()) == [
        ".handout",
        "en",
        "index.html",
        "manifest.json",
        "passports",
    ]


def test_a_missing_catalog_says_how_to_make_it(handwash: Path, build_here: Build) -> None:
    (handwash / SHOWN).unlink()
    report = build_here(handwash, QUICK)
    assert report.exit_code == ExitCode.TRANSLATION
    (diagnostic,) = report.failed[0].diagnostics
    assert (diagnostic.message, diagnostic.hint) == (
        f"{SHOWN} is missing",
        "make it with: handout catalogs new de",
    )


def test_a_catalog_that_cannot_be_read_costs_its_language_alone(handwash: Path, build_here: Build) -> None:
    (handwash / SHOWN).unlink()
    (handwash / SHOWN).mkdir()
    report = build_here(handwash, QUICK)
    assert report.exit_code == ExitCode.TRANSLATION
    (diagnostic,) = report.failed[0].diagnostics
    assert diagnostic.message == f"{SHOWN} cannot be read: Is a directory"
    assert len(artefacts(handwash / "output")) == 4


def test_a_wrong_number_is_told_with_its_place(handwash: Path, build_here: Build) -> None:
    build_here(handwash, QUICK)
    before = artefacts(handwash / "output")
    line = translate(handwash, "dauert 30 Sekunden", "dauert 90 Sekunden")
    report = build_here(handwash, QUICK)
    assert report.exit_code == ExitCode.TRANSLATION
    lost, added = report.failed[0].diagnostics
    for diagnostic, number in ((lost, "30"), (added, "90")):
        assert diagnostic.code == "T010"
        assert diagnostic.location
        assert str(diagnostic.location.path) == SHOWN
        assert abs(diagnostic.location.line - line) <= 2
        assert "why-germs" in diagnostic.message
        assert number in diagnostic.message
    assert artefacts(handwash / "output") == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<strong>20 Sekunden</strong>", "20 Sekunden"),
        ("<strong>20 Sekunden</strong>", "<strong>20 Sekunden"),
        ("<strong>20 Sekunden</strong>", "<script>20 Sekunden</script>"),
        ('<term id=\\"towel\\">Papiertuch</term>', '<term id=\\"soap\\">Papiertuch</term>'),
        ('von <value id=\\"authors\\"/>', "von uns"),
    ],
)
def test_a_lost_tag_is_told_with_its_place(handwash: Path, build_here: Build, old: str, new: str) -> None:
    line = translate(handwash, old, new)
    report = build_here(handwash, QUICK)
    assert report.exit_code == ExitCode.TRANSLATION
    (diagnostic,) = report.failed[0].diagnostics
    assert diagnostic.location
    assert (str(diagnostic.location.path), abs(diagnostic.location.line - line) <= 2) == (SHOWN, True)
    assert not german(artefacts(handwash / "output"))


def test_a_character_without_a_glyph_is_named_with_its_segment_and_fonts(
    handwash: Path, build_here: Build
) -> None:
    build_here(handwash, QUICK)
    before = artefacts(handwash / "output")
    translate(handwash, "Machen Sie die Hände nass.", "Machen Sie die Hände nass ก.")
    report = build_here(handwash, QUICK)
    assert report.exit_code == ExitCode.RENDER
    (diagnostic,) = {d for failed in report.failed for d in failed.diagnostics}
    for part in ("how-wet", "U+0E01", "THAI CHARACTER KO KAI", "Atkinson Hyperlegible"):
        assert part in str(diagnostic)
    assert artefacts(handwash / "output") == before


BROKEN_SOURCES = {
    "no heading": ("## Why it matters {#why}", "#### Why it matters {#why}"),
    "an id twice": ("{#how-wet}", "{#how-soap}"),
    "raw HTML": ("Germs travel on hands.", "Germs <b>travel</b> on hands."),
    "a term that is not there": ("(term:towel)", "(term:soap)"),
    "a drawing that is not there": ("figures/hands.svg", "figures/feet.svg"),
    "a drawing outside": ("figures/hands.svg", "../../../hands.svg"),
    "broken front matter": ('slug = "handwash"', "slug = handwash"),
}


@pytest.mark.parametrize("fault", BROKEN_SOURCES)
def test_a_broken_source_touches_nothing(
    handwash: Path, handout_here: RunHere, build_here: Build, fault: str
) -> None:
    build_here(handwash, QUICK)
    before = artefacts(handwash / "output")
    records = {name: read_record(handwash / "output", name) for name in before}
    source = handwash / "source" / "handwash.md"
    text = source.read_text("utf-8")
    old, new = BROKEN_SOURCES[fault]
    assert text.count(old) == 1
    source.write_text(text.replace(old, new), "utf-8")
    done = handout_here("build", "-f", "txt", project=handwash)
    assert done.exit_code == ExitCode.SOURCE, done.output
    line = text[: text.index(old)].count("\n") + 1
    assert any(f"source/handwash.md:{n}: error " in done.stderr for n in (line, line + 1))
    assert done.stdout == ""
    assert artefacts(handwash / "output") == before
    assert {name: read_record(handwash / "output", name) for name in before} == records


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ('languages = ["en", "de"]', 'languages = ["en", "xx"]', ExitCode.USAGE, "xx"),
        ('txt = ["clear"]', 'rtf = ["clear"]', ExitCode.USAGE, "rtf"),
        ('txt = ["clear"]', 'txt = ["tiny"]', ExitCode.USAGE, "tiny"),
        ('en = ["a4"]', 'en = ["a5"]', ExitCode.USAGE, "a5"),
        ('id = "steps"', 'id = "handwash"', ExitCode.USAGE, "handwash"),
        ('id = "steps"', 'id = "../steps"', ExitCode.SOURCE, "id"),
        ('include = ["how"]', 'include = ["hows"]', ExitCode.SOURCE, "hows"),
        ('include = ["how"]', "include = [", ExitCode.SOURCE, "TOML"),
        ('source = "handwash.md"', 'source = "../../../etc/passwd"', ExitCode.SOURCE, "outside"),
        ("contents = false", "contens = false", ExitCode.SOURCE, "contens"),
    ],
)
def test_broken_settings_are_told_in_a_sentence(
    handwash: Path, handout_here: RunHere, old: str, new: str, code: ExitCode, words: str
) -> None:
    settings = handwash / "source" / "handouts.toml"
    text = settings.read_text("utf-8")
    assert text.count(old) == 1
    settings.write_text(text.replace(old, new), "utf-8")
    done = handout_here("build", "-f", "txt", project=handwash)
    assert (done.exit_code, done.stdout) == (code, "")
    assert words in done.stderr
