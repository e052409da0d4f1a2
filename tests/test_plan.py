"""The plan: what is to be made, under which names, and the digests that say whether it must be made anew."""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path

import pytest

from pipeline.config import BuildSettings, HandoutSettings, ProjectSettings, Settings
from pipeline.diagnostics import UsageError
from pipeline.inputs import program, snapshot, stamps
from pipeline.plan import Job, Wishes, jobs, targets

SETTINGS = Settings(
    project=ProjectSettings(source="a.md"),
    build=BuildSettings(
        languages=("en", "sv"),
        formats={"pdf": ("clear", "large"), "docx": ("clear",), "epub": ("clear",), "txt": ("clear",)},
        paper={"en": ("letter", "a4")},
    ),
    handout=(HandoutSettings(id="whole"), HandoutSettings(id="short")),
)


def names(wishes: Wishes) -> list[str]:
    return [target.name for target in targets(SETTINGS, wishes)]


def test_everything_without_wishes() -> None:
    everything = names(Wishes())
    assert len(everything) == len(set(everything))
    # English has two papers for each of three paged files; Swedish one.
    assert sum(name.startswith("en/") for name in everything) == 2 * (3 * 2 + 2)
    assert sum(name.startswith("sv/") for name in everything) == 2 * (3 + 2)


def test_paper_is_in_the_name_only_where_a_language_has_more_than_one() -> None:
    assert names(Wishes(("whole",), ("en",), ("pdf",), ("clear",))) == [
        "en/whole-clear-letter.pdf",
        "en/whole-clear-a4.pdf",
    ]
    assert names(Wishes(("whole",), ("sv",), ("pdf",), ("clear",))) == ["sv/whole-clear.pdf"]


def test_a_format_without_pages_is_made_once_whatever_the_papers() -> None:
    assert names(Wishes(("whole",), ("en",), ("epub", "txt"))) == [
        "en/whole-clear.epub",
        "en/whole-clear.txt",
    ]


def test_without_an_entry_the_territory_chooses_the_paper() -> None:
    wishes = Wishes(("whole",), formats=("pdf",), editions=("clear",))
    papers = {target.language: target.paper for target in targets(SETTINGS, wishes)}
    assert papers["sv"] == "a4"
    settings = Settings(
        project=SETTINGS.project,
        build=BuildSettings(languages=("en",), formats={"pdf": ("clear",)}),
        handout=SETTINGS.handout,
    )
    assert {target.paper for target in targets(settings, Wishes())} == {"letter"}


def test_wishes_narrow_one_another() -> None:
    assert names(Wishes(("short",), ("sv",), ("pdf",), ("large",))) == ["sv/short-large.pdf"]
    assert names(Wishes(formats=("docx",), editions=("large",))) == []


def test_made_up_languages_come_on_request_alone() -> None:
    assert not any("-X" in name for name in names(Wishes()))
    assert names(Wishes(("short",), ("en-XA", "ar-XB"), ("txt",))) == [
        "en-XA/short-clear.txt",
        "ar-XB/short-clear.txt",
    ]


@pytest.mark.parametrize(
    ("wishes", "message", "known"),
    [
        (Wishes(handouts=("long",)), "there is no handout “long”", "whole, short"),
        (Wishes(languages=("xx",)), "there is no language “xx”", "en, sv, en-XA, ar-XB"),
        (Wishes(formats=("html",)), "there is no format “html”", "pdf, docx, epub, txt"),
        (Wishes(editions=("giant",)), "there is no edition “giant”", "clear, large"),
    ],
)
def test_an_unknown_wish_names_what_is_known(wishes: Wishes, message: str, known: str) -> None:
    with pytest.raises(UsageError) as caught:
        targets(SETTINGS, wishes)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.message, diagnostic.hint) == (message, f"known are: {known}")


def test_jobs_share_a_handout_in_a_language_and_edition_and_the_longest_come_first() -> None:
    like, stamps_of = Job(Path("a"), Path("b"), "", "", "", (), "s"), {"en": "e", "sv": "v"}
    made = jobs(targets(SETTINGS, Wishes()), like=like, stamps=stamps_of)
    assert sorted(target.name for job in made for target in job.targets) == sorted(names(Wishes()))
    assert len({(job.language, job.handout, job.edition) for job in made}) == 8
    # An e-book lists the pages of the PDF, which must be there before it; all others wait for none.
    kinds = [{target.format for target in job.targets} for job in made]
    of_a_language = [{"pdf", "epub"}, {"pdf"}, {"pdf", "epub"}, {"pdf"}, {"docx", "txt"}, {"docx", "txt"}]
    assert kinds == of_a_language * 2
    assert [job.language for job in made] == ["en"] * 6 + ["sv"] * 6
    for job in made:
        formats = [target.format for target in job.targets]
        assert formats == sorted(formats, key=lambda name: name != "pdf")
        assert {(t.language, t.handout, t.edition) for t in job.targets} == {
            (job.language, job.handout, job.edition)
        }
        assert (job.root, job.output, job.snapshot) == (Path("a"), Path("b"), "s")
        assert job.stamp == stamps_of[job.language]


def test_snapshot_changes_with_each_file_of_the_project(handwash: Path) -> None:
    before = snapshot(handwash)
    assert snapshot(handwash) == before
    files = [
        p for folder in ("source", "translations") for p in (handwash / folder).rglob("*") if p.is_file()
    ]
    assert len(files) >= 5
    for path in files:
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        assert snapshot(handwash) != before, path
        path.write_bytes(content)
    path.rename(path.with_name("renamed"))
    assert snapshot(handwash) != before


def test_a_stamp_knows_no_catalog_of_another_language(handwash: Path) -> None:
    def changed(path: Path) -> set[str]:
        before = stamps(handwash, ("en", "de"))
        path.write_bytes(path.read_bytes() + b"\n")
        after = stamps(handwash, ("en", "de"))
        return {tag for tag in after if after[tag] != before[tag]}

    of_german = handwash / "translations" / "de"
    for folder in ("source", "translations"):
        for path in sorted(p for p in (handwash / folder).rglob("*") if p.is_file()):
            assert changed(path) == ({"de"} if path.is_relative_to(of_german) else {"en", "de"}), path


def test_snapshot_does_not_know_where_the_project_lies(handwash: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "copy"
    shutil.copytree(handwash, other)
    (other / "output").mkdir()
    (other / "output" / "made.pdf").write_bytes(b"not an input")
    assert snapshot(other) == snapshot(handwash)


def test_snapshot_passes_over_what_cannot_be_read(handwash: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError

    program()  # reads files too, once
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert len(snapshot(handwash)) == 64


def test_another_version_of_a_library_is_another_program(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(program.cache_clear)
    before = program()
    real = importlib.metadata.version
    monkeypatch.setattr("pipeline.inputs.version", lambda name: "0" if name == "pydyf" else real(name))
    program.cache_clear()
    assert program() != before


def test_a_variant_is_made_of_pdf_alone_unless_formats_are_named() -> None:
    made = targets(SETTINGS, Wishes(pdf_variant="ua-2"))
    assert made
    assert {(t.format, t.variant) for t in made} == {("pdf", "ua-2")}
    assert all(t.name.endswith("-ua-2.pdf") for t in made)
    named = targets(SETTINGS, Wishes(formats=("pdf", "epub"), pdf_variant="ua-2"))
    assert {(t.format, t.variant) for t in named} == {("pdf", "ua-2"), ("epub", "")}
