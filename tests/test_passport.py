"""The passport: the same in every format, read by other libraries, harmless whatever it holds."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest
from click.testing import Result
from lxml import etree, html
from rendered import layout, translated

from pipeline.checks.identity import NoPassportError, format_of, read_passport
from pipeline.diagnostics import ExitCode
from pipeline.document import Text
from pipeline.editions import Target
from pipeline.passport import NAMESPACE, Passport, digest, from_json, linked_data, passport, to_json
from pipeline.renderers import FORMATS, Companions
from pipeline.report import BuildReport
from pipeline.verification import Standing, verify
from pipeline.workspace import load, renew

HANDWASH = Path(__file__).parent / "projects" / "handwash"
CARRIERS = ("pdf", "docx", "epub", "html")
HOSTILE = "</script><script>alert(1)</script> ]]> --> <!-- & \" ' \\ </rdf:li></x:xmpmeta> é"
Build = Callable[..., BuildReport]
RunHere = Callable[..., Result]


def hostile() -> tuple[Any, Passport]:
    own = translated("en")
    title = replace(own.document.front.title, children=(Text(HOSTILE),))
    own = replace(own, document=replace(own.document, front=replace(own.document.front, title=title)))
    target = Target("en", "complete", "clear", "pdf", "a4")
    made = passport(own, target, source={}, translation=None, queries=(), outcomes=(), program=("1", "x"))
    return own, made


@pytest.fixture(scope="module")
def output(build_here: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    renew("passport")
    build_here(HANDWASH, output=folder)
    return folder


def files(output: Path) -> list[Path]:
    found = [p for p in sorted(output.glob("??/*")) if p.suffix[1:] in CARRIERS]
    assert {p.suffix[1:] for p in found} == set(CARRIERS)
    return found


def neutral(record: Passport) -> Passport:
    return msgspec.structs.replace(record, format="", paper="", edition="", questions=())


def test_each_format_carries_the_same_passport(output: Path) -> None:
    kinds: dict[tuple[str, str], set[bytes]] = {}
    for path in files(output):
        record = read_passport(path.read_bytes())
        assert record.format == format_of(path.read_bytes()) == path.suffix[1:]
        key = (record.language, record.handout)
        kinds.setdefault(key, set()).add(msgspec.json.encode(neutral(record)))
    assert len(kinds) > 1
    assert all(len(records) == 1 for records in kinds.values())


def test_a_passport_says_what_is_known(output: Path) -> None:
    record = read_passport(next(output.glob("de/*.html")).read_bytes())
    assert (record.language, record.version, record.status) == ("de", "2.1", "draft")
    assert record.reviewers == ("A hygiene nurse",)
    assert record.segments == {"draft": sum(record.segments.values())}
    assert len(record.source) == len(record.catalog) == 64
    assert {"D010", "T010"} <= {verdict.rule for verdict in record.rules}
    assert {q.id for q in record.questions} >= {"clinician", "alternatives", "order", "keyboard"}
    assert not read_passport(next(output.glob("en/*.html")).read_bytes()).catalog


def test_the_same_inputs_give_the_same_bytes() -> None:
    own, record = hostile()
    for name in CARRIERS:
        made = [FORMATS[name](own, layout("en"), Companions(passport=record)).data for _ in range(2)]
        assert made[0] == made[1]


@pytest.mark.parametrize("name", CARRIERS)
def test_what_a_translation_holds_cannot_break_out(name: str) -> None:
    own, record = hostile()
    data = FORMATS[name](own, layout("en"), Companions(passport=record)).data
    assert read_passport(data) == record
    assert read_passport(data).title == HOSTILE
    match name:
        case "html":
            page: Any = html.document_fromstring(data.decode())
            assert [s.get("type") for s in page.iter("script")] == ["application/ld+json"]
            assert json.loads(page.find(".//script").text)["name"] == HOSTILE
        case "pdf":
            with pikepdf.open(io.BytesIO(data)) as pdf:
                root = etree.fromstring(pdf.Root.Metadata.read_bytes())
            assert len(root.findall(f".//{{{NAMESPACE}}}passport")) == 1
        case _:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.namelist():
                    if member.endswith((".xml", ".opf", ".xhtml", ".rels")):
                        etree.fromstring(archive.read(member))


def test_json_comes_back_and_ends_no_element() -> None:
    _, record = hostile()
    assert from_json(to_json(record)) == record
    for text in (to_json(record), linked_data(record)):
        assert not set("<>&") & set(text)
    assert from_json("{}") is None
    assert from_json(b"\xff") is None


def test_a_digest_follows_words_and_not_their_form() -> None:
    texts = {"a": "caf\u00e9", "b": "x"}
    assert digest(texts, ["a"]) == digest(texts | {"a": "cafe\u0301", "b": "y"}, ["a"])
    assert digest(texts, ["a", "b"]) != digest(texts | {"b": "y"}, ["a", "b"])
    assert digest({"a": "bc"}, ["a"]) != digest({"ab": "c"}, ["ab"])


BROKEN = {
    "text": (b"plain words", "carries no passport"),
    "empty": (b"", "carries no passport"),
    "pdf": (b"%PDF-1.7\ngarbage", "damaged"),
    "zip": (b"PK\x03\x04garbage", "damaged"),
    "html": (b"<!DOCTYPE html><title>x</title><p>y", "holds no passport"),
    "json": (b'<!DOCTYPE html><title>x</title><script type="application/ld+json">[1]</script>', "damaged"),
    "xss": (b'<!DOCTYPE html><title>x</title><script type="application/ld+json">{</script>', "damaged"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_foreign_file_is_told_in_a_sentence(case: str, handout_here: RunHere, tmp_path: Path) -> None:
    data, sentence = BROKEN[case]
    with pytest.raises(NoPassportError, match=sentence):
        read_passport(data)
    path = tmp_path / "a file.bin"
    path.write_bytes(data)
    done = handout_here("verify", path, project=HANDWASH)
    assert (done.exit_code, sentence in done.stdout) == (ExitCode.USAGE, True), done.output


def check(path: Path, root: Path, output: Path, today: date = date(2026, 6, 1)) -> dict[str, Standing]:
    return {a.matter: a.standing for a in verify(path, root=root, output=output, today=today).answers}


def test_verify_knows_a_renamed_copy_elsewhere(output: Path, tmp_path: Path) -> None:
    renew("verify")
    for number, path in enumerate(files(output)):
        copy = tmp_path / f"copy {number}"
        shutil.copy(path, copy)
        found = check(copy, HANDWASH, output)
        assert (found["altered"], found["source"], found["translation"]) == ("ok",) * 3, path
        assert check(copy, HANDWASH, tmp_path)["altered"] is Standing.UNKNOWN


def test_verify_finds_an_altered_file(output: Path, tmp_path: Path) -> None:
    for path in output.glob("de/*.html"):
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes().replace(b"<main", b"<main hidden"))
        result = verify(copy, root=HANDWASH, output=output, today=date(2026, 6, 1))
        assert {a.matter: a.standing for a in result.answers}["altered"] is Standing.BAD
        assert result.exit_code == ExitCode.FINDINGS


def test_verify_finds_what_has_moved_on(output: Path, handwash: Path) -> None:
    path = next(output.glob("de/handwash-*.html"))
    catalog = handwash / "translations/de/LC_MESSAGES/handwash.po"
    catalog.write_text(catalog.read_text("utf-8").replace("Hände", "Finger"), "utf-8")
    renew("moved translation")
    found = check(path, handwash, output)
    assert (found["source"], found["translation"]) == (Standing.GOOD, Standing.BAD)
    source = handwash / "source/handwash.md"
    source.write_text(source.read_text("utf-8").replace("Washing takes", "A wash takes"), "utf-8")
    renew("moved source")
    assert check(path, handwash, output)["source"] is Standing.BAD


def test_verify_tells_when_the_review_is_due(output: Path) -> None:
    renew("due")
    path = next(output.glob("en/*.html"))
    due = load(HANDWASH)[1].review
    assert check(path, HANDWASH, output, due)["review"] is Standing.GOOD
    assert check(path, HANDWASH, output, due + timedelta(days=1))["review"] is Standing.BAD


def test_verify_as_json(output: Path, handout_here: RunHere) -> None:
    path = next(output.glob("en/*.html"))
    done = handout_here("verify", path, "-o", output, "--json", project=HANDWASH)
    (found,) = json.loads(done.stdout)
    assert found["passport"]["handout"]
    assert found["exit_code"] == done.exit_code == ExitCode.OK
