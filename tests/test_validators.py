"""Validators that break down, contradict themselves or keep silent: never a pass."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.checks import every_rule
from pipeline.checks.validators import VALIDATORS, Validator, pdf, validate
from pipeline.diagnostics import MissingToolError, Outcome, Severity, ToolError
from pipeline.tools import Found, epubcheck, ooxml, programs, verapdf
from pipeline.tools.complaints import Complaint, NoVerdict
from pipeline.tools.verapdf import Profile

BOOK = Path("a.epub")


def validator(judge: Callable[[Sequence[Path]], Mapping[Path, tuple[Outcome, ...]]]) -> Validator:
    return Validator("Trial", frozenset({"epub"}), ("X001", "X002"), judge)


def raising(error: Exception) -> Callable[[Sequence[Path]], Mapping[Path, tuple[Outcome, ...]]]:
    def judge(files: Sequence[Path]) -> Mapping[Path, tuple[Outcome, ...]]:
        raise error

    return judge


def verdicts(judge: Callable[[Sequence[Path]], Mapping[Path, tuple[Outcome, ...]]]) -> list[Severity]:
    return [outcome.verdict for outcome in validate(validator(judge), [BOOK, Path("a.pdf")])[BOOK]]


def test_a_validator_without_a_verdict_never_passes() -> None:
    assert verdicts(raising(MissingToolError("gone"))) == [Severity.SKIP, Severity.SKIP]
    assert verdicts(raising(ToolError("crashed"))) == [Severity.ERROR, Severity.ERROR]
    assert verdicts(lambda _: {}) == [Severity.ERROR, Severity.ERROR]
    assert verdicts(lambda _: {BOOK: (Outcome("X001"),)}) == [Severity.PASS, Severity.ERROR]
    assert verdicts(lambda _: {BOOK: (Outcome("X001"), Outcome("X002"))}) == [Severity.PASS, Severity.PASS]


def test_every_validator_has_its_rules_explained() -> None:
    rules = every_rule()
    codes = [code for one in VALIDATORS for code in one.rules]
    assert len(codes) == len(set(codes))
    assert all(rules[code].rationale and rules[code].source for code in codes)


def test_the_variant_is_judged_by_its_own_standards() -> None:
    main, variant = Path("en/x-clear-a4.pdf"), Path("en/x-clear-a4-ua-2.pdf")
    assert (pdf.is_main(main), pdf.is_variant(main)) == (True, False)
    assert (pdf.is_main(variant), pdf.is_variant(variant)) == (False, True)


# --- the programs' answers ----------------------------------------------------------------------------------


def answering(
    monkeypatch: pytest.MonkeyPatch, module: Any, answer: str | Callable[[Sequence[Any]], str]
) -> None:
    """Let a tool be there and print `answer`, or what `answer` makes of the command."""

    def run(command: Sequence[Any], *, seconds: float) -> subprocess.CompletedProcess[str]:
        text = answer if isinstance(answer, str) else answer(command)
        return subprocess.CompletedProcess(command, 0, text, "")

    monkeypatch.setattr(module, "run", run)
    monkeypatch.setattr(module, "require", lambda tool: Found("tool", "1.0"))


def verapdf_said(job: dict[str, Any]) -> Callable[[Sequence[Any]], str]:
    def answer(command: Sequence[Any]) -> str:
        return json.dumps({"report": {"jobs": [{"itemDetails": {"name": command[-1]}} | job]}})

    return answer


def result(*, compliant: bool, rules: list[dict[str, Any]], status: str = "normal") -> dict[str, Any]:
    details = {"ruleSummaries": rules}
    said = {"jobEndStatus": status, "compliant": compliant, "statement": "…", "details": details}
    return {"validationResult": [said]}


BREACH = {
    "specification": "ISO 14289-1:2014",
    "clause": "7.1",
    "testNumber": 3,
    "failedChecks": 33,
    "description": "Content shall be tagged",
    "checks": [{"context": "root/document[0]", "errorMessage": "Content is not tagged"}],
}


@pytest.fixture
def leaflet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(verapdf, "_java", lambda: Found("java", "17"))
    path = tmp_path / "leaflet.pdf"
    path.touch()
    return path


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        (result(compliant=True, rules=[]), ()),
        (
            result(compliant=False, rules=[BREACH]),
            (Complaint("ISO 14289-1:2014, 7.1-3", "Content is not tagged", 33, "root/document[0]"),),
        ),
        (
            {"taskException": {"type": "PARSE", "exceptionMessage": "no PDF"}},
            (Complaint("the file", "no PDF"),),
        ),
        ({"taskException": {"type": "VALIDATE", "exceptionMessage": "null"}}, NoVerdict("null")),
        (
            result(compliant=True, rules=[], status="cancelled"),
            NoVerdict("veraPDF broke off (cancelled)"),
        ),
        (result(compliant=False, rules=[]), NoVerdict("veraPDF contradicts itself: …")),
        (result(compliant=True, rules=[BREACH]), NoVerdict("veraPDF contradicts itself: …")),
    ],
)
def test_what_verapdf_said(
    leaflet: Path, monkeypatch: pytest.MonkeyPatch, job: dict[str, Any], expected: object
) -> None:
    answering(monkeypatch, verapdf, verapdf_said(job))
    assert verapdf.judge([leaflet], Profile.PDF_UA_1) == {leaflet: expected}


def test_verapdf_that_leaves_a_file_out_or_breaks_off(leaflet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, verapdf, '{"report": {"jobs": []}}')
    assert verapdf.judge([leaflet], Profile.PDF_UA_1) == {leaflet: NoVerdict("veraPDF did not speak of it")}
    for answer in ("", '{"report": {"jobs": [', "[]"):
        answering(monkeypatch, verapdf, answer)
        with pytest.raises(ToolError):
            verapdf.judge([leaflet], Profile.PDF_UA_1)


def test_epubcheck_that_leaves_a_book_out_or_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, epubcheck, "{}")
    assert epubcheck.judge([BOOK]) == {BOOK: NoVerdict("EPUBCheck did not speak of it")}
    for answer in ("", "[]", '{"a'):
        answering(monkeypatch, epubcheck, answer)
        with pytest.raises(ToolError):
            epubcheck.judge([BOOK])


def test_the_open_xml_validator_that_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in (
        "",
        "{}",
        "[]",
        '{"errors": []}',
        '{"ok": true, "errors": [{"id": "x"}]}',
        '{"ok": false, "errors": []}',
    ):
        answering(monkeypatch, ooxml, answer)
        assert isinstance(ooxml.judge([BOOK])[BOOK], NoVerdict), answer
    answering(monkeypatch, ooxml, '{"ok": true, "errors": []}')
    assert ooxml.judge([BOOK]) == {BOOK: ()}


# --- running programs ---------------------------------------------------------------------------------------


def test_a_program_that_does_not_end_ends_with_what_it_started(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    script = f"(while sleep 0.1; do echo x >> '{alive}'; done) & wait"
    with pytest.raises(ToolError, match="did not answer within 1 s"):
        programs.run(["sh", "-c", script], seconds=1)
    size = alive.stat().st_size
    time.sleep(0.5)
    assert alive.stat().st_size == size


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot be started"):
        programs.run([tmp_path / "none"], seconds=1)


def test_a_program_that_is_there_but_does_not_run_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "java"
    stub.write_text("#!/bin/sh\necho 'no Java 1.2.3'; exit 1\n")
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert programs.on_path("java", option="-version")() is None
    found = programs.on_path(sys.executable)()
    assert found is not None
    assert found.version.count(".") == 2
