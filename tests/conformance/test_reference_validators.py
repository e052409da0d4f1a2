"""Every artefact of every shipped language, judged by the programs that the field trusts.

What is asserted is a verdict on each file. That a program would have refused a faulty file is shown by
damaging one for each rule: a harness that hears nothing must not pass.
"""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pytest

from conformance.conftest import Judgement, absent
from pipeline.checks.validators import VALIDATORS, Validator, judged_by, validate
from pipeline.checks.validators.pdf import is_variant
from pipeline.diagnostics import Outcome, Severity, findings, worst

CODES = [code for validator in VALIDATORS for code in validator.rules]

Damage = Callable[[Path, Path], None]


def files_for(validator: Validator, request: pytest.FixtureRequest) -> list[Path]:
    """Return all shipped files that a validator is meant for."""
    for_variants = validator.takes is is_variant
    folder: Path = request.getfixturevalue("variants" if for_variants else "shipped")
    files = judged_by(validator, sorted(folder.glob("*/*.*")))
    assert files, f"nothing for {validator.title} was built"
    return files


def require_run(outcomes: Mapping[Path, tuple[Outcome, ...]]) -> None:
    """Fail on CI, and skip elsewhere, if the program is not there: then no rule ran on any file."""
    reasons = [outcome.skipped for said in outcomes.values() for outcome in said]
    if all(reasons):
        absent(f"{reasons[0]}; ./handout validators installs it")


@pytest.mark.parametrize("validator", VALIDATORS, ids=lambda v: v.title)
def test_every_artefact_passes(
    validator: Validator, request: pytest.FixtureRequest, judged: Callable[[Judgement], None]
) -> None:
    judge(validator, files_for(validator, request), judged)


@pytest.mark.parametrize("validator", VALIDATORS, ids=lambda v: v.title)
def test_every_copy_of_an_organization_passes(
    validator: Validator, copies: Path, judged: Callable[[Judgement], None]
) -> None:
    files = judged_by(validator, sorted(copies.glob("*/*/*.*")))
    if validator.takes is is_variant:
        assert not files  # a variant is laid out whole, and judged with the others
        return
    judge(validator, files, judged, title=f"{validator.title} (copies)")


def judge(
    validator: Validator, files: list[Path], judged: Callable[[Judgement], None], *, title: str = ""
) -> None:
    """Assert that a validator has no complaint about any of the files, and add a line to the table."""
    assert files
    start = time.monotonic()
    said = validate(validator, files)
    seconds = time.monotonic() - start
    verdicts = [max(outcome.verdict for outcome in said[path]) for path in files]
    passed = sum(verdict <= Severity.INFO and verdict != Severity.SKIP for verdict in verdicts)
    faulty = sum(verdict in {Severity.WARN, Severity.FAIL} for verdict in verdicts)
    # A note of a fault that is known, with its evidence, is no complaint.
    found = {
        str(path): [d.message for d in findings(said[path]) if d.severity > Severity.INFO] for path in files
    }
    complaints = sum(map(len, found.values()))
    judged(
        Judgement(
            title or validator.title,
            len(files),
            passed,
            faulty,
            len(files) - passed - faulty,
            complaints,
            seconds,
        )
    )
    require_run(said)
    assert {name: messages for name, messages in found.items() if messages} == {}
    assert passed == len(files)


# --- what a validator must refuse ---------------------------------------------------------------------------


def untagged(source: Path, target: Path) -> None:
    with pikepdf.open(source) as document:
        del document.Root.StructTreeRoot
        document.save(target)


def unidentified(source: Path, target: Path) -> None:
    with pikepdf.open(source) as document:
        del document.Root.Metadata
        document.save(target)


def repacked(
    change: Callable[[str, bytes], bytes | None], extra: Mapping[str, bytes] | None = None
) -> Damage:
    """Return a damage that writes a package anew: `change` gives each member's new bytes, None to drop it."""

    def damage(source: Path, target: Path) -> None:
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
            for member in old.infolist():
                data = change(member.filename, old.read(member))
                if data is not None:
                    new.writestr(member, data)
            for name, data in (extra or {}).items():
                new.writestr(name, data)

    return damage


def without_access_modes(name: str, data: bytes) -> bytes:
    return re.sub(rb"<meta property=\"schema:accessMode\">.*?</meta>", b"", data)


def with_unknown_element(name: str, data: bytes) -> bytes:
    return data.replace(b"<w:body>", b"<w:body><w:unheard-of/>") if name == "word/document.xml" else data


def cut(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes()[:4000])


def without_title(name: str, data: bytes) -> bytes:
    return re.sub(rb"<dc:title>.*?</dc:title>", b"", data) if name == "docProps/core.xml" else data


def hidden(name: str, data: bytes) -> bytes:
    """Hide the words: the file still holds them, and no page shows them."""
    return data.replace(b"<w:rPr>", b"<w:rPr><w:vanish/>") if name == "word/document.xml" else data


def without_language(source: Path, target: Path) -> None:
    target.write_text(re.sub(r"(<html[^>]*?) lang=\"[^\"]*\"", r"\1", source.read_text("utf-8")), "utf-8")


DAMAGES: Mapping[str, Damage] = {
    "V001": untagged,
    "V002": unidentified,
    "V003": untagged,
    "V004": untagged,
    "V005": unidentified,
    "V010": repacked(lambda name, data: None if name == "EPUB/style.css" else data),
    "V011": repacked(lambda _, data: data, {"EPUB/left-over.txt": b"of an earlier edition"}),
    "V020": repacked(without_access_modes),
    "V030": without_language,
    "V040": repacked(with_unknown_element),
    "V050": cut,
    "V051": repacked(without_title),
    "V052": repacked(hidden),
}


@pytest.mark.parametrize("code", CODES)
def test_a_damaged_file_is_refused(code: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    validator = next(v for v in VALIDATORS if code in v.rules)
    good = files_for(validator, request)[0]
    bad = tmp_path / good.name
    DAMAGES[code](good, bad)
    assert bad.read_bytes() != good.read_bytes()
    said = validate(validator, [bad])
    require_run(said)
    (outcome,) = (o for o in said[bad] if o.code == code)
    assert outcome.verdict == Severity.FAIL, outcome
    assert worst(outcome.diagnostics) == Severity.FAIL


@pytest.mark.parametrize("validator", VALIDATORS, ids=lambda v: v.title)
def test_what_is_no_file_of_its_format_never_passes(
    validator: Validator, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Cut short, as by a full disk; an HTML page has no end that a browser would miss."""
    if validator.formats == {"html"}:
        return
    good = files_for(validator, request)[0]
    bad = tmp_path / good.name
    cut(good, bad)
    said = validate(validator, [bad])
    require_run(said)
    assert max(o.verdict for o in said[bad]) >= Severity.FAIL
