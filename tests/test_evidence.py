"""Evidence: what was checked, what was not, and how it is told: data, SARIF, page, passport, table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from conftest import Serial
from lxml import html

from pipeline.checks.validators import Validator
from pipeline.diagnostics import ExitCode, MissingToolError
from pipeline.evidence import Evidence, format_sarif, gather, write_report
from pipeline.plan import Wishes
from pipeline.report import BuildReport

WISHES = Wishes(handouts=("handwash",), languages=("en", "de"), formats=("pdf", "html", "txt"))
Build = Callable[..., BuildReport]


@pytest.fixture
def built(handwash: Path, build_here: Build) -> Path:
    """Return the small project with a few artefacts built."""
    build_here(handwash, WISHES)
    return handwash


def evidence(project: Path, wishes: Wishes = WISHES, *, validators: bool = False) -> Evidence:
    output = project / "output"
    return gather(project, output, wishes, executor=Serial(), validators=validators, tell=lambda _: None)


def verdicts(found: Evidence, subject: str) -> dict[str, str]:
    return {o.rule: o.verdict for name, o in found.outcomes() if name == subject}


def missing(_: object) -> Any:
    raise MissingToolError("the tool is not installed", hint="./handout validators")


def test_what_is_sound_passes_every_rule_that_was_run(built: Path) -> None:
    found = evidence(built)
    assert {a.path for a in found.artefacts} >= {"en/handwash-clear.pdf", "de/handwash-clear.html"}
    assert len(verdicts(found, "en/handwash-clear.pdf")) > 30
    assert set(verdicts(found, "de/handwash-clear.html").values()) == {"pass"}
    assert {o.verdict for o in found.catalogs["de"]} <= {"pass", "warn"}
    assert set(found.copies) == {"en/handwash", "de/handwash"}
    assert found.absent == ()


def test_each_print_is_assessed_by_each_standard(built: Path) -> None:
    (pdf, *_) = [a for a in evidence(built).artefacts if a.format == "pdf"]
    assert [a.standard for a in pdf.standards] == ["ukaaf", "rnib", "aph", "acb", "cnib"]
    assert not [a for a in evidence(built).artefacts if a.format != "pdf" and a.standards]


def test_a_damaged_file_fails_and_is_named(built: Path) -> None:
    page = built / "output" / "en" / "handwash-clear.html"
    page.write_text(page.read_text("utf-8").replace("under running water", ""), "utf-8")
    found = evidence(built)
    assert verdicts(found, "en/handwash-clear.html")["R001"] == "fail"
    assert verdicts(found, "en/handwash-clear.txt")["R001"] == "pass"


def test_what_was_not_built_is_said(built: Path) -> None:
    (built / "output" / "en" / "handwash-clear.txt").unlink()
    assert evidence(built).absent == ("en/handwash-clear.txt",)


def test_a_validator_that_is_not_there_is_no_pass(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Validator("Nobody", frozenset({"html"}), ("V030",), missing)
    monkeypatch.setattr("pipeline.evidence.gathering.VALIDATORS", (absent,))
    found = evidence(built, validators=True)
    assert verdicts(found, "en/handwash-clear.html")["V030"] == "skip"
    (run,) = found.validators
    assert run.skipped == "the tool is not installed"
    page = write_report(found, built / "output").read_text("utf-8")
    assert "Not run: Nobody. What they would say is not known." in page
    notes = json.loads(format_sarif(found, output="output"))["runs"][0]["invocations"][0]
    assert notes["toolExecutionNotifications"][0]["message"]["text"].startswith("V030 was not run")


def test_a_rule_that_breaks_down_is_an_error(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> Any:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("pipeline.checks.check_artefact", broken)
    found = evidence(built)
    assert verdicts(found, "en/handwash-clear.txt") == {"E070": "error"}


def test_a_broken_catalog_is_told_and_its_language_left_out(built: Path) -> None:
    catalog = built / "translations/de/LC_MESSAGES/handwash.po"
    catalog.write_text(catalog.read_text("utf-8") + '\nmsgstr "stray"\n', "utf-8")
    found = evidence(built)
    (outcome,) = found.catalogs["de"]
    assert outcome.verdict == "error"
    assert outcome.remarks[0].file.endswith("handwash.po")
    assert outcome.remarks[0].line > 0
    assert {a.language for a in found.artefacts} == {"en"}


def test_the_passport_beside_a_file_holds_what_was_found_in_it(built: Path) -> None:
    (page, *_) = [a for a in evidence(built).artefacts if a.path == "de/handwash-clear.html"]
    beside = json.loads((built / "output/passports/de/handwash-clear.html.json").read_text("utf-8"))
    assert beside["sha256"] == page.sha256
    assert beside["passport"]["language"] == "de"
    assert {o["rule"]: o["verdict"] for o in beside["outcomes"]} == {o.rule: o.verdict for o in page.outcomes}


def test_sarif_names_rules_files_and_lines(built: Path) -> None:
    catalog = built / "translations/de/LC_MESSAGES/handwash.po"
    catalog.write_text(catalog.read_text("utf-8").replace("nass.", "nass  ."), "utf-8")
    log = json.loads(format_sarif(evidence(built), output="output"))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    result, *_ = [r for r in log["runs"][0]["results"] if r["ruleId"] == "T032"]
    assert rules[result["ruleIndex"]]["id"] == "T032"
    assert rules[result["ruleIndex"]]["help"]["text"]
    assert result["level"] == "warning"
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("handwash.po")
    assert place["physicalLocation"]["region"]["startLine"] > 1


def test_the_report_is_a_page_with_heads_captions_and_pictures(built: Path) -> None:
    found = evidence(built)
    path = write_report(found, built / "output")
    root: Any = html.document_fromstring(path.read_text("utf-8"))
    assert [h.text_content() for h in root.iter("h1")] == ["What was checked"]
    assert all(t.find("caption") is not None for t in root.iter("table"))
    assert all(t.findall("thead/tr/th[@scope='col']") for t in root.iter("table"))
    rows = [r[0].text_content() for r in root.iter("tr") if r[0].get("scope") == "row"]
    assert {a.path for a in found.artefacts} <= set(rows)
    pictures = list(root.iter("img"))
    assert pictures
    assert all((built / "output" / p.get("src")).exists() and p.get("alt") for p in pictures)
    assert not list(root.iter("script"))


def test_the_command_says_what_it_did_and_writes_what_was_asked(
    built: Path, handout_here: Callable[..., Result], tmp_path: Path
) -> None:
    asked = ("--no-validators", "--json", tmp_path / "e.json", "--sarif", tmp_path / "e.sarif")
    done = handout_here("check", "handwash", "-f", "html", "-l", "en", *asked, project=built)
    assert done.exit_code == ExitCode.OK, done.output
    assert "NOT RUN: the reference validators (--no-validators)" in done.stderr
    assert "en html" in done.stdout
    assert json.loads((tmp_path / "e.json").read_text("utf-8"))["artefacts"][0]["path"].startswith("en/")
    assert json.loads((tmp_path / "e.sarif").read_text("utf-8"))["runs"]
    shown = handout_here("check", "handwash", "-f", "html", "--no-validators", "--json", "-", project=built)
    assert json.loads(shown.stdout)["validators"] == []


def test_rules_are_told_in_full(handout_here: Callable[..., Result]) -> None:
    rules = json.loads(handout_here("check", "--list", "--json", "-").stdout)
    assert all(r["rationale"] and r["source"] and r["suggestion"] and r["severity"] for r in rules)
    assert len({r["code"] for r in rules}) == len(rules) > 100
