"""Tables of organizations: what is read, what is refused, and that every fault is told by row and column."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.config import Settings
from pipeline.diagnostics import Diagnostic, SourceError
from pipeline.organisations import Organisation, dialled, in_language, read_organisations
from pipeline.organisations import values as checks
from pipeline.organisations.values import ValueFault
from pipeline.reader import open_project

HANDWASH = Path(__file__).parent / "projects" / "handwash"
HEAD = (
    "id,name,name:de,address,phone,emergency,web,email,logo,logo_alt,"
    "languages,papers,handouts,formats,editions"
)
GOOD = (
    'city,City Hospital,Stadtklinik,"1 Street\nTown",+44 20 7946 0018,999,'
    "www.example.org/a,a@example.org,,,,,,,"
)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return open_project(HANDWASH).settings


def table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return path


def row_of(**cells: str) -> str:
    """Return a row of CSV that is good but for the cells given."""
    known = {"id": "city", "name": "City Hospital", "phone": "+44 20 7946 0018"} | cells
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([known.get(column, "") for column in HEAD.split(",")])
    return out.getvalue().rstrip("\n")


def messages(faults: Iterable[Diagnostic]) -> list[str]:
    return [fault.message for fault in faults]


# --- What is read -------------------------------------------------------------------------------


def test_every_column_is_read(tmp_path: Path, settings: Settings) -> None:
    Image.new("RGB", (300, 100), "navy").save(tmp_path / "logo.png")
    cells = {
        "name:de": "Stadtklinik",
        "address": "1 Street\nTown",
        "emergency": "999",
        "web": "www.example.org/a",
        "email": "a@example.org",
        "logo": "logo.png",
        "logo_alt": "A blue field",
        "languages": "de; en",
        "papers": "letter a4",
        "handouts": "steps",
        "formats": "PDF,docx",
        "editions": "large",
    }
    found, faults = read_organisations(table(tmp_path, row_of(**cells)), settings)
    assert not faults
    (own,) = found
    assert (own.id, own.phone, own.emergency) == ("city", "+44 20 7946 0018", "999")
    assert in_language(own.names, "de") == "Stadtklinik"
    assert in_language(own.names, "en") == "City Hospital"
    assert in_language(own.addresses, "de") == "1 Street\nTown"
    assert (own.web, own.web_shown, own.email) == (
        "https://www.example.org/a",
        "www.example.org/a",
        "a@example.org",
    )
    assert own.logo is not None
    assert (own.logo.width, own.logo.height) == (60.0, 20.0)
    assert own.logo_alts == (("", "A blue field"),)
    assert (own.languages, own.papers) == (("de", "en"), ("letter", "a4"))
    assert (own.handouts, own.formats, own.editions) == (("steps",), ("pdf", "docx"), ("large",))


def workbook(path: Path, rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)


def test_all_kinds_of_tables_say_the_same(tmp_path: Path, settings: Settings) -> None:
    rows = list(csv.reader(io.StringIO(f"{HEAD}\n{GOOD}\n")))
    text = f"{HEAD}\n{GOOD}\n"
    kinds = {
        "comma.csv": text.encode(),
        "bom.csv": text.encode("utf-8-sig"),
        "utf16.csv": text.encode("utf-16"),
        "crlf.csv": text.replace("\n", "\r\n").encode(),
    }
    for name, separator in (("semicolon.csv", ";"), ("tab.csv", "\t")):
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(rows)
        kinds[name] = out.getvalue().encode()
    filled = {key: value for key, value in zip(*rows, strict=True) if value}
    kinds["table.toml"] = (
        ("[[organisation]]\n" + "".join(f'"{k}" = {v!r}\n' for k, v in filled.items()).replace("\\n", "\\n"))
        .replace("'1 Street\\nTown'", '"1 Street\\nTown"')
        .encode()
    )
    for name, data in kinds.items():
        (tmp_path / name).write_bytes(data)
    workbook(tmp_path / "table.xlsx", [list(row) for row in rows])
    read = {name: read_organisations(tmp_path / name, settings) for name in (*kinds, "table.xlsx")}
    assert all(not faults for _, faults in read.values()), read
    first = read["comma.csv"][0]
    assert len(first) == 1
    assert {name for name, (found, _) in read.items() if found != first} == set()


def test_a_number_in_a_workbook_is_what_a_person_sees(tmp_path: Path, settings: Settings) -> None:
    workbook(tmp_path / "t.xlsx", [["id", "name", "phone"], [2024, "City", 4420.0], [None, None, None]])
    found, faults = read_organisations(tmp_path / "t.xlsx", settings)
    assert not faults
    assert (found[0].id, found[0].phone) == ("2024", "4420")


@pytest.mark.parametrize("name", ["مستشفى-1", "клиника", "病院", "अस्पताल", "Klinik_Süd"])
def test_an_id_may_be_of_any_script(name: str, tmp_path: Path, settings: Settings) -> None:
    found, faults = read_organisations(table(tmp_path, row_of(id=name)), settings)
    assert not faults
    assert found[0].id == name


def test_what_an_organization_wishes_for_is_not_in_its_copies() -> None:
    one = Organisation("a", (("", "A"),), phone="12", languages=("en",))
    assert one.digest == Organisation("a", (("", "A"),), phone="12").digest
    assert one.digest != Organisation("a", (("", "A"),), phone="13").digest


# --- What is refused ----------------------------------------------------------------------------

REFUSED = {
    "markup": ({"name": "<b>City</b>"}, "column “name”: it has markup: <b>"),
    "entity": ({"name": "A &lt; B"}, "column “name”: it has markup: &lt;"),
    "turning mark": ({"name": "A\u202eB"}, "U+202E"),
    "control": ({"name": "A\x07B"}, "U+0007"),
    "replaced": ({"name": "Caf\ufffd"}, "U+FFFD"),
    "misread": ({"name": "CafÃ©"}, "read in a wrong encoding"),
    "too long": ({"name": "A" * 101}, "has 101 characters"),
    "no name": ({"name": ""}, "column “name”: it is empty"),
    "no id": ({"id": ""}, "column “id”: “” is no id"),
    "path": ({"id": "../x"}, "is no id"),
    "folder": ({"id": "NUL"}, "cannot be the name of a folder"),
    "words for a phone": ({"phone": "call us"}, "column “phone”"),
    "script for a phone": ({"emergency": "tel:1"}, "column “emergency”"),
    "script": ({"web": "javascript:alert(1)"}, "column “web”"),
    "file": ({"web": "file:///etc/passwd"}, "column “web”"),
    "password": ({"web": "https://me:secret@example.org"}, "column “web”"),
    "no host": ({"web": "https://localhost/"}, "column “web”"),
    "quote": ({"web": 'https://example.org/"x'}, "column “web”"),
    "two addresses": ({"email": "a@b.org,c@d.org"}, "column “email”"),
    "language": ({"languages": "en fr"}, "there is no “fr”"),
    "paper": ({"papers": "a5"}, "there is no “a5”"),
    "handout": ({"handouts": "all"}, "there is no “all”"),
    "outside": ({"logo": "../logo.png"}, "must lie in the folder"),
    "absolute": ({"logo": "/etc/passwd"}, "must lie in the folder"),
    "absent": ({"logo": "none.png"}, "cannot be read"),
}


@pytest.mark.parametrize(("cells", "wanted"), REFUSED.values(), ids=list(REFUSED))
def test_a_bad_cell_is_told_and_its_row_not_built(
    cells: dict[str, str], wanted: str, tmp_path: Path, settings: Settings
) -> None:
    other = row_of(id="other")
    found, faults = read_organisations(table(tmp_path, row_of(**cells), other), settings)
    assert [own.id for own in found] == ["other"]
    assert len(faults) == 1
    assert wanted in faults[0].message
    assert faults[0].message.startswith("row 2")
    assert faults[0].location is not None
    assert faults[0].location.line == 2


def test_all_faults_of_all_rows_are_told_at_once(tmp_path: Path, settings: Settings) -> None:
    rows = [row_of(id="a", phone="x", email="y"), row_of(id="b"), row_of(id="c", web="z z", languages="xx")]
    found, faults = read_organisations(table(tmp_path, *rows), settings)
    assert [own.id for own in found] == ["b"]
    assert [m.split(":")[0] for m in messages(faults)] == [
        "row 2, column “phone”",
        "row 2, column “email”",
        "row 4, column “web”",
        "row 4, column “languages”",
    ]


def test_of_two_rows_with_one_id_neither_is_built(tmp_path: Path, settings: Settings) -> None:
    rows = [row_of(id="city"), row_of(id="b"), row_of(id="City")]
    found, faults = read_organisations(table(tmp_path, *rows), settings)
    assert [own.id for own in found] == ["b"]
    assert "row 4, column “id”: “City” is the id of row 2 too" in messages(faults)[0]


def test_bytes_of_another_encoding_cost_their_row_alone(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,name,phone\na,Caf\xe9,12\nb,Caf\xc3\xa9,12\n")
    found, faults = read_organisations(path, settings)
    assert [own.id for own in found] == ["b"]
    assert messages(faults) == ["row 2, column “name”: it has bytes that are not UTF-8"]


def test_a_cell_too_many_and_an_open_quotation_mark(tmp_path: Path, settings: Settings) -> None:
    path = table(tmp_path, "a,A,1 23,more", "b,B,12", 'c,"C,12', "d,D,12", head="id,name,phone")
    found, faults = read_organisations(path, settings)
    assert [own.id for own in found] == ["b"]
    assert "row 2: it has 4 cells, and the heading has 3" in messages(faults)[0]
    assert "row 4: a quotation mark is not closed" in messages(faults)[1]


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("id,phone", ["the column “name” is missing"]),
        ("", ["the column “id” is missing", "the column “name” is missing"]),
        ("id,name,phnoe", ["the column “phnoe” is not known"]),
        ("id,name,phone,phone", ["the column “phone” is there twice"]),
        ("id,name,name:fr", ["the column “name:fr” is for a language that the project does not build"]),
    ],
)
def test_a_heading_that_is_wrong_refuses_the_table(
    head: str, wanted: list[str], tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(SourceError) as caught:
        read_organisations(table(tmp_path, head=head), settings)
    told = messages(caught.value.diagnostics)
    assert [m for m in told if "column “”" not in m] == wanted


@pytest.mark.parametrize("name", ["t.ods", "t.xlsx", "t.toml", "gone.csv"])
def test_what_is_no_table_is_one_sentence(name: str, tmp_path: Path, settings: Settings) -> None:
    if not name.startswith("gone"):
        (tmp_path / name).write_bytes(b"\x00\xff no table")
    with pytest.raises(SourceError, match=name):
        read_organisations(tmp_path / name, settings)


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(3 * width * height))


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda path: Image.new("L", (100, 100)).save(path, "GIF"), "neither PNG nor JPEG"),
        (lambda path: path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>"), "neither PNG nor JPEG"),
        (lambda path: noise(900, 900).save(path, "PNG"), "MB; the largest is 2 MB"),
        (lambda path: Image.new("1", (9000, 100)).save(path, "PNG"), "9000 × 100 dots"),
        (lambda path: Image.new("1", (20, 20)).save(path, "PNG"), "20 × 20 dots"),
        (lambda path: Path(path).mkdir(), "is no file"),
    ],
    ids=["gif", "svg", "heavy", "bomb", "tiny", "folder"],
)
def test_a_logo_that_cannot_be_used(make: object, wanted: str, tmp_path: Path, settings: Settings) -> None:
    make(tmp_path / "logo.png")  # type: ignore[operator]
    found, faults = read_organisations(table(tmp_path, row_of(logo="logo.png")), settings)
    assert not found
    assert wanted in messages(faults)[0]
    assert "row 2, column “logo”" in messages(faults)[0]


def test_a_damaged_logo_and_one_by_way_of_a_link(tmp_path: Path, settings: Settings) -> None:
    whole = io.BytesIO()
    noise(200, 200).save(whole, "PNG")
    (tmp_path / "cut.png").write_bytes(whole.getvalue()[:5000])
    folder = tmp_path / "tables"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(whole.getvalue())
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "cut.png").write_bytes(whole.getvalue()[:5000])
    rows = [row_of(id="a", logo="cut.png"), row_of(id="b", logo="link.png")]
    found, faults = read_organisations(table(folder, *rows), settings)
    assert not found
    assert "is damaged" in messages(faults)[0]
    assert "must lie in the folder" in messages(faults)[1]


def test_a_logo_is_written_anew_on_white(tmp_path: Path, settings: Settings) -> None:
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(tmp_path / "logo.png")
    found, _ = read_organisations(table(tmp_path, row_of(logo="logo.png")), settings)
    assert found[0].logo is not None
    with Image.open(io.BytesIO(found[0].logo.data)) as picture:
        assert (picture.mode, picture.getpixel((50, 50))) == ("RGB", (255, 255, 255))


# --- Values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("+44 (0)20 7946 0018", "tel:+442079460018"),
        ("020 7946-0018", "tel:02079460018"),
        ("(020) 7946.0018", "tel:02079460018"),
        ("١٢٣ ٤٥٦", "tel:123456"),
        ("999", "tel:999"),
    ],
)
def test_a_phone_number_is_dialled_by_its_digits(number: str, wanted: str) -> None:
    assert dialled(checks.phone(number)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("www.example.org", "https://www.example.org"),
        ("http://example.org:8080/a?b=c#d", "http://example.org:8080/a?b=c#d"),
        ("https://bücher.example/ä ö".replace(" ", "%20"), "https://xn--bcher-kva.example/%C3%A4%20%C3%B6"),
        ("example.org/?q=1&r=2", "https://example.org/?q=1&r=2"),
    ],
)
def test_a_web_address_becomes_ascii(text: str, wanted: str) -> None:
    assert checks.web(text) == wanted


@given(st.text(max_size=200))
def test_any_text_is_taken_clean_or_refused(text: str) -> None:
    for check in (lambda t: checks.clean(t, longest=150, lines=True), checks.web, checks.phone, checks.email):
        try:
            made = check(text)
        except ValueFault:
            continue
        assert not set(made) & set("<>\x00\x1b\u202e\u2066\ud800")


def test_ten_thousand_rows_with_one_in_twenty_bad(tmp_path: Path, settings: Settings) -> None:
    chosen = random.Random(7)
    bad = set(chosen.sample(range(10_000), 500))
    kinds = [cells for cells, _ in REFUSED.values() if "id" not in cells and "logo" not in cells]
    rows = [row_of(**{"id": f"h{n}", **(chosen.choice(kinds) if n in bad else {})}) for n in range(10_000)]
    found, faults = read_organisations(table(tmp_path, *rows), settings)
    assert [own.id for own in found] == [f"h{n}" for n in range(10_000) if n not in bad]
    assert sorted(f.location.line - 2 for f in faults if f.location) == sorted(bad)
