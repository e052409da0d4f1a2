"""Copies in Word: a page put into a finished package is, part by part, as the whole written anew."""

from __future__ import annotations

import io
import os
import posixpath
import zipfile
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import docx
import hospitals
import pytest
from conftest import ROOT
from hospitals import SMALL, Case, parts, picture
from lxml import etree

from pipeline.checks.copies import baseline, check_copy
from pipeline.checks.extraction import alternatives, extract
from pipeline.diagnostics import RenderError, findings
from pipeline.document import (
    Block,
    ListItem,
    OrderedList,
    Paragraph,
    Picture,
    Role,
    Section,
    Segment,
    Term,
    Text,
    TranslatedDocument,
)
from pipeline.organisations import Organisation
from pipeline.overlay import PLACEHOLDER, alone, overlay
from pipeline.passport import Passport, provided
from pipeline.renderers import FORMATS, Companions, graft_for
from pipeline.renderers.package import Opening, join, members_of, pack, write_zip
from pipeline.tools import ooxml
from pipeline.tools.office import OFFICE, convert
from pipeline.tools.programs import Tool, find

COMPLETE = Path(__file__).parent / "projects" / "complete"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TYPES, TEXT, RELATIONS = "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"
PASSPORT = "docProps/custom.xml"


# The same number twice, and no name in Arabic.
HOSPITAL = replace(
    hospitals.HOSPITAL,
    names=tuple(name for name in hospitals.HOSPITAL.names if name[0] != "ar"),
    emergency=hospitals.HOSPITAL.phone,
)
ORGANISATIONS = {
    "all": HOSPITAL,
    "without-logo": replace(HOSPITAL, logo=None),
    "long-address": replace(
        HOSPITAL, addresses=(("", "\n".join(f"Line {n} of the House" for n in range(60))),)
    ),
    "from-right-to-left": replace(HOSPITAL, names=(("", "مستشفى المدينة (٢) Clinic"),)),
    "small": SMALL,
    "hostile": replace(HOSPITAL, names=(("", "</w:p><w:body>x</w:body><?page?>&amp;{name}"),)),
}


CASES = [
    Case(ROOT, "en", "osteopetrosis", "clear"),
    Case(ROOT, "en", "osteopetrosis", "large"),
    Case(ROOT, "ar", "osteopetrosis", "clear"),
    Case(ROOT, "ar", "at-a-glance", "large"),
    Case(COMPLETE, "ja", "complete", "large"),
    Case(COMPLETE, "he", "part", "clear"),
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@cache
def stencil(case: Case, room: Path) -> bytes:
    base, layout, passport = parts(case, room, "docx")
    return FORMATS["docx"](overlay(base, PLACEHOLDER), layout, Companions(passport=passport)).data


def mine(passport: Passport, own: Organisation) -> Passport:
    return provided(passport, organisation=own.id, overlay=own.digest)


def whole(case: Case, own: Organisation, room: Path) -> bytes:
    base, layout, passport = parts(case, room, "docx")
    return FORMATS["docx"](overlay(base, own), layout, Companions(passport=mine(passport, own))).data


def put_in(case: Case, page: TranslatedDocument, own: Organisation, room: Path) -> bytes | None:
    base, layout, passport = parts(case, room, "docx")
    model = alone(overlay(base, PLACEHOLDER))
    graft = graft_for("docx", stencil(case, room), model, number=0, passport=passport)
    assert graft is not None
    return graft(page, layout, mine(passport, own))


def grafted(case: Case, own: Organisation, room: Path) -> bytes:
    made = put_in(case, alone(overlay(parts(case, room, "docx")[0], own)), own, room)
    assert made is not None
    return made


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def related(found: dict[str, bytes]) -> dict[str, tuple[str, str]]:
    """Return of each relationship of the text what kind it is and what it leads to."""
    return {
        r.get("Id", ""): (r.get("Type", ""), r.get("Target", "")) for r in etree.fromstring(found[RELATIONS])
    }


def resolved(data: bytes) -> list[Any]:
    """Return a document element by element, with what a relationship leads to instead of its id."""
    found = contents(data)
    places = {
        own: (kind, found.get(f"word/{target}", target)) for own, (kind, target) in related(found).items()
    }
    numbers: dict[str, int] = {}

    def said(node: Any, key: str, value: str) -> Any:
        if key.startswith(R):
            return places[value]
        if node.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd") and key == f"{W}id":
            return numbers.setdefault(value, len(numbers))
        return value

    return [
        (node.tag, node.text, node.tail, {str(k): said(node, str(k), str(v)) for k, v in node.items()})
        for node in etree.fromstring(found[TEXT]).iter()
    ]


def rewritten(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    found = contents(data)
    assert old in found[name]
    return write_zip((n, d.replace(old, new) if n == name else d) for n, d in found.items())


# --- Against the whole --------------------------------------------------------------------------


@pytest.mark.parametrize("own", ORGANISATIONS.values(), ids=ORGANISATIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.tag}-{c.edition}")
def test_a_page_put_into_a_finished_document_is_as_the_whole_written(
    case: Case, own: Organisation, room: Path
) -> None:
    made, anew = grafted(case, own, room), whole(case, own, room)
    assert resolved(made) == resolved(anew)
    assert extract(made, "docx") == extract(anew, "docx")
    assert alternatives(made, "docx") == alternatives(anew, "docx")
    ours, theirs = contents(made), contents(anew)
    # Of a copy without any picture the types still name the kind of the stencil's.
    if own.web or any(name.endswith(".png") for name in theirs):
        assert ours == theirs
    assert {**ours, TYPES: b""} == {**theirs, TYPES: b""}
    assert list(ours) == list(theirs)
    assert docx.Document(io.BytesIO(made)).paragraphs


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.tag}-{c.edition}")
def test_every_id_is_there_once_and_leads_somewhere(case: Case, room: Path) -> None:
    found = contents(grafted(case, HOSPITAL, room))
    text, relations = etree.fromstring(found[TEXT]), etree.fromstring(found[RELATIONS])
    for ids in (
        [n.get(f"{W}id") for n in text.iter(f"{W}bookmarkStart")],
        [n.get(f"{W}name") for n in text.iter(f"{W}bookmarkStart")],
        [n.get("id") for n in text.iter(f"{WP}docPr")],
        [r.get("Id") for r in relations],
        [r.get("Target") for r in relations],
    ):
        assert [own for own, times in Counter(ids).items() if times > 1] == []
    used = {value for node in text.iter() for key, value in node.items() if str(key).startswith(R)}
    inner = [r for r in relations if r.get("TargetMode") != "External"]
    assert used <= {r.get("Id") for r in relations}
    assert {r.get("Id") for r in relations if r.get("Type", "").endswith(("/hyperlink", "/image"))} <= used
    assert {posixpath.join("word", r.get("Target", "")) for r in inner} <= found.keys()
    types = etree.fromstring(found[TYPES])
    typed = {t.get("PartName") for t in types} | {t.get("Extension") for t in types}
    for name in found.keys() - {TYPES}:
        assert {f"/{name}", name.rpartition(".")[2]} & typed, name


def test_nothing_is_left_of_the_page_that_stood_there(room: Path) -> None:
    case = CASES[0]
    before, found = contents(stencil(case, room)), contents(grafted(case, SMALL, room))
    assert b"example.org" in before[RELATIONS]
    assert all(b"example.org" not in data for data in found.values())
    assert len([name for name in before if "media" in name]) == len([n for n in found if "media" in n]) + 1
    links = [target for kind, target in related(found).values() if kind.endswith("/hyperlink")]
    assert "tel:1234" in links
    assert "tel:000" not in links
    assert found[PASSPORT] != before[PASSPORT]


def test_a_copy_is_the_same_whenever_it_is_made(room: Path) -> None:
    case = CASES[0]
    base, layout, passport = parts(case, room, "docx")
    graft = graft_for(
        "docx", stencil(case, room), alone(overlay(base, PLACEHOLDER)), number=0, passport=passport
    )
    assert graft is not None
    pages = [(alone(overlay(base, own)), mine(passport, own)) for own in (HOSPITAL, SMALL, HOSPITAL)]
    first, other, again = (graft(page, layout, own) for page, own in pages)
    assert first == again == grafted(case, HOSPITAL, room)
    assert other != first


# --- What cannot be put in ----------------------------------------------------------------------


def words(*children: Any) -> Segment:
    return Segment("provider_more", Role.PARAGRAPH, children)


@pytest.mark.parametrize(
    "block",
    [
        OrderedList((ListItem((Paragraph(words(Text("First"))),)),)),
        Paragraph(words(Term("bone", (Text("bone"),)))),
        Picture("logo.jpg", picture("JPEG"), words(Text("A sign")), 30.0, 15.0),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_page_that_takes_more_than_its_own_words_is_written_with_the_whole(
    block: Block, room: Path
) -> None:
    case = CASES[3]
    page = alone(overlay(parts(case, room, "docx")[0], HOSPITAL))
    (section,) = page.document.blocks
    assert isinstance(section, Section)
    more = replace(section, blocks=(*section.blocks, block))
    assert (
        put_in(case, replace(page, document=replace(page.document, blocks=(more,))), HOSPITAL, room) is None
    )


def test_only_a_document_with_a_page_and_a_passport_takes_another(room: Path) -> None:
    case = CASES[3]
    base, layout, passport = parts(case, room, "docx")
    page = alone(overlay(base, PLACEHOLDER))
    without_page = FORMATS["docx"](base, layout, Companions(passport=passport)).data
    without_passport = FORMATS["docx"](overlay(base, PLACEHOLDER), layout, Companions()).data
    for data, wrong in ((without_page, "no place"), (without_passport, "no passport")):
        with pytest.raises(RenderError, match=wrong):
            graft_for("docx", data, page, number=0, passport=passport)
    with pytest.raises(RenderError, match="not a section of its own"):
        graft_for("docx", stencil(case, room), base, number=0, passport=passport)
    assert graft_for("epub", b"", page, number=0, passport=passport) is None


# --- The check ----------------------------------------------------------------------------------


def verdicts(made: bytes, case: Case, own: Organisation, room: Path) -> list[str]:
    base = parts(case, room, "docx")[0]
    common = baseline(stencil(case, room), "docx", alone(overlay(base, PLACEHOLDER)))
    return [d.code for d in findings(check_copy(common, alone(overlay(base, own)), made, "docx"))]


@pytest.mark.parametrize("case", [CASES[0], CASES[3]], ids=lambda c: c.tag)
def test_a_copy_is_held_against_the_stencil(case: Case, room: Path) -> None:
    made = grafted(case, HOSPITAL, room)
    assert verdicts(made, case, HOSPITAL, room) == []
    text = contents(made)[TEXT]
    start = text.index(b'<w:t xml:space="preserve">')
    first = text[start : text.index(b"</w:t>", start)]
    assert verdicts(rewritten(made, TEXT, first, first + b"!"), case, HOSPITAL, room) == ["R040"]
    assert "R001" in verdicts(rewritten(made, TEXT, b"7946", b"7947"), case, HOSPITAL, room)
    assert "R001" in verdicts(made, case, replace(HOSPITAL, email="other@example.org"), room)
    assert verdicts(made[:-30], case, HOSPITAL, room) == ["R002"]


def test_the_reader_goes_by_paragraphs_and_skips_fallbacks() -> None:
    name = W.strip("{}")
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    text = (
        f'<w:document xmlns:w="{name}" xmlns:m="{compatible}"><!-- a --><w:body><w:p><w:r><w:t>a</w:t>'
        "<w:tab/><w:t/><w:t>b</w:t><w:br/><!-- c --><w:t>d</w:t><w:noBreakHyphen/></w:r><m:AlternateContent>"
        "<m:Choice><w:p><w:r><w:t>e</w:t></w:r></w:p></m:Choice><m:Fallback><w:p><w:r><w:t>f</w:t></w:r>"
        "</w:p></m:Fallback></m:AlternateContent><w:r><w:t>g</w:t></w:r></w:p><w:p/></w:body></w:document>"
    )
    one = write_zip([(TEXT, text.encode())])
    two = write_zip([(TEXT, text.replace(">g<", ">h<").encode())])
    for _ in range(2):  # what was read last is at hand: another file must not get its text
        assert extract(one, "docx") == "a b\nd-e\ng\n\n"
        assert extract(two, "docx") == "a b\nd-e\nh\n\n"


# --- The package --------------------------------------------------------------------------------


def test_members_put_together_are_the_zip_that_they_came_from(room: Path) -> None:
    data = stencil(CASES[0], room)
    members = members_of(data)
    assert join(reversed(members.values())) == data
    text = contents(data)[TEXT]
    for at in (0, 1, len(text) // 2, len(text)):
        assert Opening(TEXT, text[:at]).member(text[at:]) == members[TEXT]
    assert contents(join([pack("b", b"2"), pack("a", b"")])) == {"a": b"", "b": b"2"}
    with pytest.raises(ValueError, match="twice"):
        join([pack("a", b"1"), pack("a", b"2")])


# --- Programs that read it ----------------------------------------------------------------------


def require(tool: Tool) -> None:
    if find(tool) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{tool.title} is not installed")
        pytest.skip(f"{tool.title} is not installed")


def written(folder: Path, copies: dict[str, bytes]) -> list[Path]:
    for name, data in copies.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in copies]


def test_the_open_xml_sdk_finds_no_fault(room: Path, tmp_path: Path) -> None:
    require(ooxml.OOXML)
    copies = {
        f"{case.tag}-{case.edition}-{name}.docx": grafted(case, ORGANISATIONS[name], room)
        for case in CASES
        for name in ("all", "small")
    }
    good = written(tmp_path, copies)
    bad = written(
        tmp_path, {"bad.docx": rewritten(copies["en-clear-all.docx"], TEXT, b"<w:body>", b"<w:body><w:x/>")}
    )
    said = ooxml.judge([*good, *bad])
    assert [said[path] for path in good] == [()] * len(good)
    assert said[bad[0]] != ()


def test_libreoffice_gives_the_same_text(room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require(OFFICE)
    # The PDF renderer hides the machine's fonts from its process; LibreOffice needs them to start.
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    case = CASES[0]
    files = written(
        tmp_path, {"made.docx": grafted(case, HOSPITAL, room), "anew.docx": whole(case, HOSPITAL, room)}
    )
    opened = convert(files, to="txt:Text (encoded):UTF8", folder=tmp_path / "text")
    ours, theirs = (opened[path].read_text("utf-8-sig") for path in files)
    assert HOSPITAL.phone in ours
    assert ours == theirs
