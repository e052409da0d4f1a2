"""`handout catalogs …` and `handout ids`: the commands that write what people edit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from pipeline.diagnostics import ExitCode

RunHere = Callable[..., Result]

CATALOG = "translations/de/LC_MESSAGES/handwash.po"


def messages(catalog: str) -> list[str]:
    """Return the lines of a catalog that are no comments, without its head."""
    lines = catalog[catalog.index("msgctxt") :].splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_extract_writes_the_template_that_is_there(handwash: Path, handout_here: RunHere) -> None:
    template = handwash / "translations" / "handwash.pot"
    before = template.read_text("utf-8")
    template.unlink()
    done = handout_here("catalogs", "extract", project=handwash)
    assert (done.exit_code, done.stdout) == (ExitCode.OK, "translations/handwash.pot: 19 messages\n")
    assert messages(template.read_text("utf-8")) == messages(before)
    assert not (handwash / "translations" / "interface.pot").exists()


def test_update_loses_no_translation(handwash: Path, handout_here: RunHere) -> None:
    source = handwash / "source" / "handwash.md"
    text = source.read_text("utf-8")
    text = text.replace("Wet your hands.", "Wet both hands.").replace("Rinse under running water.", "Rinse.")
    source.write_text(text.replace("1. Wet", "1. Take off your rings. {#how-rings}\n2. Wet"), "utf-8")
    done = handout_here("catalogs", "update", project=handwash)
    assert done.exit_code == ExitCode.OK
    assert f"{CATALOG}: 17 kept, 2 changed, 1 new\n" in done.stdout
    catalog = (handwash / CATALOG).read_text("utf-8")
    assert '#, fuzzy\n#| msgctxt "how-wet"\n#| msgid "Wet your hands."' in catalog or (
        '#| msgid "Wet your hands."' in catalog
    )
    assert 'msgstr "Machen Sie die Hände nass."' in catalog
    again = handout_here("catalogs", "update", "-l", "de", project=handwash)
    assert (handwash / CATALOG).read_text("utf-8") == catalog
    assert f"{CATALOG}: " in again.stdout


def test_a_dry_run_shows_the_words_and_writes_nothing(handwash: Path, handout_here: RunHere) -> None:
    source = handwash / "source" / "handwash.md"
    text = source.read_text("utf-8").replace("Wet your hands.", "Wet both your hands.")
    source.write_text(text.replace("1. Wet", "1. Take off your rings. {#how-rings}\n2. Wet"), "utf-8")
    before = {p: p.read_bytes() for p in (handwash / "translations").rglob("*.po*")}
    done = handout_here("catalogs", "update", "--dry-run", project=handwash)
    assert done.exit_code == ExitCode.OK
    assert f"{CATALOG}: 18 kept, 1 changed, 1 new\n" in done.stdout
    assert "  ~ how-wet: Wet {+both+} your hands.\n" in done.stdout
    assert "  + how-rings: Take off your rings.\n" in done.stdout
    assert {p: p.read_bytes() for p in (handwash / "translations").rglob("*.po*")} == before


def test_update_leaves_a_damaged_catalog_alone(handwash: Path, handout_here: RunHere) -> None:
    assert handout_here("catalogs", "new", "sv", project=handwash).exit_code == ExitCode.OK
    damaged = (handwash / CATALOG).read_text("utf-8").replace('msgstr "Papiertuch"', 'msgstr "Papiertuch', 1)
    (handwash / CATALOG).write_text(damaged, "utf-8")
    source = handwash / "source" / "handwash.md"
    source.write_text(source.read_text("utf-8").replace("Wet your hands.", "Wet both hands."), "utf-8")
    done = handout_here("catalogs", "update", project=handwash)
    assert done.exit_code == ExitCode.TRANSLATION
    assert f"{CATALOG} is left as it is" in done.stderr
    assert (handwash / CATALOG).read_text("utf-8") == damaged
    assert "Wet both hands." in (handwash / "translations/sv/LC_MESSAGES/handwash.po").read_text("utf-8")


@pytest.mark.parametrize("tag", ["sv", "pt-BR", "zh-Hant"])
def test_new_makes_an_empty_catalog(handwash: Path, handout_here: RunHere, tag: str) -> None:
    done = handout_here("catalogs", "new", tag, project=handwash)
    path = f"translations/{tag}/LC_MESSAGES/handwash.po"
    assert done.exit_code == ExitCode.OK
    assert done.stdout == (
        f"{path}: 19 messages to translate\n"
        f'When it is translated, add "{tag}" to the languages in source/handouts.toml.\n'
    )
    assert "Language: " in (handwash / path).read_text("utf-8")
    status = handout_here("catalogs", "status", project=handwash).stdout
    (line,) = [line for line in status.splitlines() if line.startswith(tag)]
    assert line.split()[1:7] == ["19", "19", "0", "0", "0", "0"]


def test_status_counts_and_names_what_is_damaged(handwash: Path, handout_here: RunHere) -> None:
    catalog = handwash / CATALOG
    text = catalog.read_text("utf-8").replace('msgctxt "how-wet"', '#, fuzzy\nmsgctxt "how-wet"')
    catalog.write_text(text.replace('"Eine Hand unter einem Hahn."', '""'), "utf-8")
    head, line = handout_here("catalogs", "status", "-l", "de", project=handwash).stdout.splitlines()[:2]
    counts = dict(zip(head.split(), line.split()[1:], strict=False))
    stages = ("segments", "untranslated", "fuzzy", "draft", "stale", "signed")
    assert [counts[stage] for stage in stages] == ["19", "1", "1", "17", "0", "0"]
    catalog.write_text(text + '\nmsgstr "stray"\n', "utf-8")
    done = handout_here("catalogs", "status", project=handwash)
    assert done.exit_code == ExitCode.TRANSLATION
    assert f"{CATALOG}" in done.stdout
    assert "cannot be read" in done.stdout


def test_ids_are_given_to_new_blocks_alone(handwash: Path, handout_here: RunHere) -> None:
    source = handwash / "source" / "handwash.md"
    before = source.read_text("utf-8")
    assert handout_here("ids", project=handwash).stdout == "0 ids added to source/handwash.md\n"
    assert source.read_text("utf-8") == before
    source.write_text(before.replace("1. Wet your hands. {#how-wet}", "1. Wet your hands."), "utf-8")
    done = handout_here("ids", project=handwash)
    assert (done.exit_code, done.stdout) == (ExitCode.OK, "1 id added to source/handwash.md\n")
    (line,) = [n for n in source.read_text("utf-8").splitlines() if n.startswith("1. Wet your hands.")]
    assert re.fullmatch(r"1\. Wet your hands\. \{#[a-z][a-z0-9-]*\}", line)
    assert handout_here("build", "steps", "-l", "xx", project=handwash).exit_code == ExitCode.USAGE
