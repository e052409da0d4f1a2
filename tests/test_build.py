"""The build: what is made, what is made again and why, and that it is the same everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import inputs
from pipeline.diagnostics import ExitCode
from pipeline.plan import Wishes
from pipeline.report import BuildReport
from pipeline.store import read_record, record_path

Build = Callable[..., BuildReport]
Run = Callable[..., subprocess.CompletedProcess[str]]

# What renders, and takes a second to load.
RENDERERS = ("weasyprint", "docx", "ebooklib", "pikepdf", "pypdfium2")

PROBE = """
import json, sys
from pipeline.cli import cli
try:
    cli(sys.argv[1:])
finally:
    print(json.dumps(sorted(sys.modules)))
"""


def artefacts(output: Path) -> dict[str, bytes]:
    """Return every file that a person sees in the output folder."""
    files = (p for p in output.rglob("*") if p.is_file() and not {".handout", "passports"} & set(p.parts))
    return {p.relative_to(output).as_posix(): p.read_bytes() for p in files}


def reasons(report: BuildReport) -> dict[str, str]:
    """Return what was made anew, and why."""
    assert not report.failed
    return {made.name: made.reason for made in report.made if made.reason}


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def quick(handwash: Path) -> Path:
    """Return the small project with the formats that take no time."""
    settings = handwash / "source" / "handouts.toml"
    for line in ('pdf = ["clear", "large"]\n', 'docx = ["clear"]\n', 'epub = ["clear"]\n'):
        replace(settings, line, "")
    return handwash


@pytest.fixture
def catalog(quick: Path) -> Path:
    return quick / "translations" / "de" / "LC_MESSAGES" / "handwash.po"


def test_every_target_is_made_and_recorded(handwash: Path, build_here: Build) -> None:
    report = build_here(handwash)
    files = artefacts(handwash / "output")
    assert sorted(files) == sorted(made.name for made in report.made)
    assert len(files) == 2 * 2 * 6
    assert set(reasons(report).values()) == {"not made yet"}
    assert report.exit_code == ExitCode.OK
    for made in report.made:
        record = read_record(handwash / "output", made.name)
        assert record is not None
        assert (record.size, record.pages) == (len(files[made.name]), made.pages)
        assert (record.pages is not None) == made.name.endswith(".pdf")


def test_an_ebook_lists_the_pages_of_the_pdf_beside_it(handwash: Path, build_here: Build) -> None:
    build_here(handwash, Wishes(("handwash",), ("en",), ("epub",)))
    alone = artefacts(handwash / "output")
    build_here(handwash, Wishes(("handwash",), ("en",), ("pdf", "epub"), ("clear",)))
    assert alone.items() <= artefacts(handwash / "output").items()
    record = read_record(handwash / "output", "en/handwash-clear.pdf")
    assert record
    assert record.page_of["title"] == 1


def test_a_second_build_makes_nothing_and_loads_no_renderer(handwash: Path, handout: Run) -> None:
    wishes = ("build", "-l", "en", "-f", "pdf", "-f", "epub", "-f", "txt", "-e", "clear")
    first = handout(*wishes, project=handwash)
    assert first.returncode == ExitCode.OK, first.stderr
    before = {p: p.stat().st_mtime_ns for p in (handwash / "output").rglob("*")}
    second = subprocess.run(
        [sys.executable, "-P", "-c", PROBE, "--project", handwash, *wishes],
        capture_output=True,
        text=True,
        check=True,
    )
    summary, modules = second.stdout.splitlines()
    assert summary.startswith("0 artefacts made, 6 up to date")
    assert {p: p.stat().st_mtime_ns for p in (handwash / "output").rglob("*")} == before
    loaded = set(json.loads(modules))
    assert not loaded.intersection(RENDERERS)
    assert not [
        m for m in loaded if m.startswith("pipeline.renderers.") and m.endswith(("pdf", "docx", "epub"))
    ]
    assert "multiprocessing.forkserver" not in loaded


def test_a_changed_translation_remakes_what_shows_it(quick: Path, catalog: Path, build_here: Build) -> None:
    build_here(quick)
    # Only the whole leaflet shows this segment, and only in German. The words change places alone: other
    # letters could change their mean width, from which the length of all lines of the language follows.
    replace(catalog, "Warum es wichtig ist", "Warum ist es wichtig")
    assert reasons(build_here(quick)) == {
        "de/handwash-clear.html": "changed: passport, text",
        "de/handwash-clear.txt": "changed: passport, text",
    }
    # Both handouts show this one.
    replace(catalog, "Machen Sie die Hände nass.", "Die Hände machen Sie nass.")
    assert sorted(reasons(build_here(quick))) == [
        f"de/{handout}-clear.{form}" for handout in ("handwash", "steps") for form in ("html", "txt")
    ]
    assert "Die Hände machen Sie nass." in (quick / "output" / "de" / "steps-clear.txt").read_text("utf-8")


def test_a_changed_title_remakes_its_handout_alone(quick: Path, build_here: Build) -> None:
    english = Wishes(languages=("en",))
    build_here(quick, english)
    # The same letters again, for the reason above.
    replace(quick / "source" / "handouts.toml", 'title = "Three steps"', 'title = "Three pests"')
    assert reasons(build_here(quick, english)) == {
        "en/steps-clear.html": "changed: passport, text",
        "en/steps-clear.txt": "changed: passport, text",
    }


def test_a_change_that_no_reader_sees_remakes_nothing(quick: Path, catalog: Path, build_here: Build) -> None:
    build_here(quick)
    catalog.write_text("# a remark\n" + catalog.read_text("utf-8"), "utf-8")
    (quick / "source" / "draft.txt").write_text("not part of the leaflet")
    assert reasons(build_here(quick)) == {}
    # What was looked at once is not looked at again.
    stamps = {(name[:2], read_record(quick / "output", name).stamp) for name in artefacts(quick / "output")}  # type: ignore[union-attr]
    assert len(stamps) == len(dict(stamps)) == 2


def test_a_changed_drawing_remakes_what_shows_it(quick: Path, build_here: Build) -> None:
    build_here(quick)
    replace(quick / "source" / "figures" / "hands.svg", 'stroke-width="8"', 'stroke-width="9"')
    assert set(reasons(build_here(quick))) >= {"en/handwash-clear.html", "de/handwash-clear.html"}
    assert build_here(quick).built == 0


@pytest.mark.parametrize(
    ("sheet", "formats"), [("print.css", {"pdf", "epub"}), ("web.css", {"html"}), ("ebook.css", {"epub"})]
)
def test_a_changed_style_sheet_remakes_what_it_sets(
    sheet: str,
    formats: set[str],
    handwash: Path,
    build_here: Build,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a print shows decides the pages that an e-book lists: that one is looked at again, at least."""
    wishes = Wishes(handouts=("steps",), languages=("en",))
    build_here(handwash, wishes)
    shutil.copytree(inputs.STYLES_FOLDER, tmp_path / "styles")
    with (tmp_path / "styles" / sheet).open("a", encoding="utf-8") as file:
        file.write("p { color: #111111; }\n")
    monkeypatch.setattr(inputs, "STYLES_FOLDER", tmp_path / "styles")
    inputs.style.cache_clear()
    try:
        made = reasons(build_here(handwash, wishes))
    finally:
        monkeypatch.undo()
        inputs.style.cache_clear()
    assert set(made.values()) == {"changed: style"}
    found = {name.rpartition(".")[2] for name in made}
    assert found == formats - ({"epub"} if sheet == "print.css" else set())


def test_what_was_deleted_or_altered_is_made_again(quick: Path, build_here: Build) -> None:
    build_here(quick)
    output = quick / "output"
    before = artefacts(output)
    (output / "de" / "steps-clear.txt").unlink()
    altered = output / "en" / "steps-clear.html"
    altered.write_bytes(altered.read_bytes()[:-1] + b"!")
    assert reasons(build_here(quick)) == {
        "de/steps-clear.txt": "missing or altered",
        "en/steps-clear.html": "missing or altered",
    }
    assert artefacts(output) == before


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\x00", b'{"stamp": 3}'])
def test_a_damaged_record_is_no_record(quick: Path, build_here: Build, damage: bytes) -> None:
    build_here(quick)
    before = artefacts(quick / "output")
    record_path(quick / "output", "en/steps-clear.txt").write_bytes(damage)
    assert reasons(build_here(quick)) == {"en/steps-clear.txt": "not made yet"}
    assert artefacts(quick / "output") == before


def test_a_record_of_another_artefact_is_not_believed(quick: Path, build_here: Build) -> None:
    build_here(quick)
    output = quick / "output"
    shutil.copy(record_path(output, "en/handwash-clear.txt"), record_path(output, "en/steps-clear.txt"))
    assert list(reasons(build_here(quick))) == ["en/steps-clear.txt"]


def test_findings_are_told_again_when_nothing_is_made(quick: Path, build_here: Build) -> None:
    settings = quick / "source" / "handouts.toml"
    replace(settings, "[build.formats]\n", '[build.formats]\npdf = ["clear"]\n')
    with settings.open("a", encoding="utf-8") as file:
        file.write('\n[[handout]]\nid = "short"\nmax_pages = { "pdf/clear/a4" = 1 }\n')
    wishes = Wishes(("short",), ("en",), ("pdf",))
    first = build_here(quick, wishes)
    assert first.exit_code == ExitCode.FINDINGS
    again = build_here(quick, wishes)
    assert again.built == 0
    assert again.exit_code == ExitCode.FINDINGS
    assert [m.diagnostics for m in again.made] == [m.diagnostics for m in first.made]


def test_real_processes_make_the_same(
    handwash: Path, handout: Run, build_here: Build, tmp_path: Path
) -> None:
    """Another folder, another working directory, another hash seed, time zone and locale: the same bytes."""
    wishes = Wishes(("handwash",), editions=("clear",))
    build_here(handwash, wishes)
    other = tmp_path / "a folder with spaces – und Ümlauten" / "project"
    shutil.copytree(handwash, other, ignore=shutil.ignore_patterns("output"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    strange = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "C"}
    done = handout(
        "build",
        "handwash",
        "-e",
        "clear",
        "-o",
        "made here",
        "-j",
        "2",
        project=other,
        cwd=elsewhere,
        env=strange,
    )
    assert done.returncode == ExitCode.OK, done.stderr
    made = artefacts(elsewhere / "made here")
    assert made.pop("index.html")
    assert made.pop("manifest.json")
    expected = artefacts(handwash / "output")
    assert sorted(made) == sorted(expected)
    assert [name for name in expected if made[name] != expected[name]] == []
    assert not (other / "output").exists()


def test_two_projects_side_by_side(handwash: Path, handout: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(handwash, other)
    replace(other / "source" / "handwash.md", 'title = "Washing your hands"', 'title = "Clean hands"')
    for project in (handwash, other):
        done = handout("build", "-f", "txt", "-l", "en", project=project)
        assert done.returncode == ExitCode.OK, done.stderr
    first, second = ((p / "output/en/handwash-clear.txt").read_text() for p in (handwash, other))
    assert first.startswith("# Washing your hands\n")
    assert second.startswith("# Clean hands\n")
