"""Progress: every segment is in one stage; handouts and sections add up; hours follow the words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from lxml import html

from pipeline.inputs import snapshot
from pipeline.progress import Progress, progress_of
from pipeline.workspace import renew

CATALOG = Path("translations", "de", "LC_MESSAGES", "handwash.po")


def progress(project: Path, tag: str = "de") -> Progress:
    renew(snapshot(project))
    return progress_of(project, tag)


def stages(found: Progress) -> dict[str, int]:
    assert found.whole is not None
    return {stage.value: count for stage, count in found.whole.segments.items() if count}


def rewrite(project: Path, old: str, new: str) -> None:
    path = project / CATALOG
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_translation_that_nobody_signed_is_a_draft(handwash: Path) -> None:
    found = progress(handwash)
    assert stages(found) == {"draft": 19}
    assert found.whole is not None
    assert (found.whole.words_left, found.whole.hours_to_translate) == (0, 0)
    assert found.whole.hours_to_review > 0


def test_each_segment_counts_once_in_its_stage(handwash: Path, handout_here: Callable[..., Result]) -> None:
    for role in ("linguistic", "clinical"):
        names = ("title", "subtitle", "how-wet")
        done = handout_here(
            *("catalogs", "sign", "-l", "de", "--role", role, "--who", "X"), *names, project=handwash
        )
        assert done.exit_code == 0, done.output
    rewrite(handwash, 'msgstr "Machen Sie die Hände nass."', 'msgstr "Machen Sie beide Hände nass."')
    rewrite(handwash, '"Eine Hand unter einem Hahn."', '""')
    rewrite(handwash, 'msgctxt "summary"', '#, fuzzy\nmsgctxt "summary"')
    found = progress(handwash)
    assert stages(found) == {"untranslated": 1, "fuzzy": 1, "draft": 14, "stale": 1, "signed": 2}
    assert found.whole is not None
    assert found.whole.total == 19
    assert found.whole.translated == 17
    assert found.whole.words_left > 0


def test_a_section_holds_no_more_than_the_whole(handwash: Path) -> None:
    found = progress(handwash)
    assert found.whole is not None
    assert [part.id for part in found.handouts] == ["handwash", "steps"]
    assert found.sections
    for part in (*found.handouts, *found.sections):
        assert 0 < part.tally.total <= found.whole.total


def test_the_source_itself_waits_for_its_review(handwash: Path) -> None:
    found = progress(handwash, "en")
    assert stages(found) == {"draft": 19}
    assert found.interface is None


def test_the_page_has_every_language_with_its_parts(
    handwash: Path, handout_here: Callable[..., Result]
) -> None:
    page = handwash / "status.html"
    done = handout_here("catalogs", "status", "--html", page, project=handwash)
    assert done.exit_code == 0, done.output
    root: Any = html.document_fromstring(page.read_text("utf-8"))
    assert [h.text_content() for h in root.iter("h2")] == ["All languages", "English (en)", "German (de)"]
    tables = list(root.iter("table"))
    assert len(tables) == 1 + 2 * 2
    assert all(t.find("caption") is not None and t.findall("thead/tr/th[@scope='col']") for t in tables)
    (german,) = [r for r in tables[0].findall("tbody/tr") if r[0].text_content() == "German (de)"]
    assert [cell.text_content() for cell in german][1:5] == ["19", "0", "0", "19"]


@pytest.mark.parametrize("damage", ['\nmsgstr "stray"\n', "\n<<<<<<< ours\n"])
def test_a_damaged_catalog_is_told_and_nothing_is_counted(damage: str, handwash: Path) -> None:
    path = handwash / CATALOG
    path.write_text(path.read_text("utf-8") + damage, "utf-8")
    found = progress(handwash)
    assert found.whole is None
    assert found.faults
