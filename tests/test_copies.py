"""Copies of organizations: their own page, all else as it was reviewed, made again only when they must."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from click.testing import Result as Invoked
from conftest import ROOT, Serial
from hospitals import HOSPITAL, SMALL, Case, parts

from pipeline.build import build, collect
from pipeline.checks import baseline, check_copy
from pipeline.checks.extraction import extract, normalize
from pipeline.checks.identity import read_passport
from pipeline.diagnostics import ExitCode, RenderError, Severity, findings, worst
from pipeline.document import Section, TranslatedDocument, plain_text, segments, transform
from pipeline.editions import Target
from pipeline.inputs import program
from pipeline.making import Leaflet
from pipeline.organisations import Organisation
from pipeline.overlay import PLACEHOLDER, alone, overlay
from pipeline.passport import provided
from pipeline.plan import Wishes, targets
from pipeline.provenance import passport_of
from pipeline.reader import open_project
from pipeline.renderers import FORMATS, Companions, graft_page
from pipeline.renderers.pdf import engine
from pipeline.renderers.pdf.engine import Fetcher, Resources
from pipeline.renderers.pdf.page import last_page
from pipeline.report import BuildReport
from pipeline.verification import Standing, verify
from pipeline.workspace import handout

COMPLETE = Path(__file__).parent / "projects" / "complete"


CASES = [
    Case(ROOT, "en", "osteopetrosis", "clear"),
    Case(ROOT, "ar", "osteopetrosis", "large"),
    Case(ROOT, "ru", "at-a-glance", "clear"),
    Case(COMPLETE, "ja", "complete", "large"),
    Case(COMPLETE, "he", "part", "clear"),
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


# --- The page -----------------------------------------------------------------------------------


def test_nothing_of_the_handout_is_changed() -> None:
    base = handout(ROOT, "ar", "osteopetrosis")
    shown = overlay(base, HOSPITAL)
    assert shown.document.blocks[:-1] == base.document.blocks
    assert replace(shown.document, blocks=base.document.blocks) == base.document
    assert shown.status == base.status
    last = shown.document.blocks[-1]
    assert isinstance(last, Section)
    assert last.apart


@pytest.mark.parametrize("format", ["pdf", "docx", "epub", "html", "txt"])
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_all_that_the_organization_gave_is_on_its_page(tag: str, format: str, cache: Path) -> None:
    base, layout, _ = parts(Case(ROOT, tag, "at-a-glance", "clear"), cache, format)
    data = FORMATS[format](overlay(base, HOSPITAL), layout, Companions()).data
    text = normalize(extract(data, format))
    name = "مستشفى المدينة للأطفال" if tag == "ar" else "City Children’s Hospital & Clinic"
    for value in (name, HOSPITAL.phone, "999", HOSPITAL.web_shown, HOSPITAL.email, "12 Example Street"):
        assert normalize(value) in text, value


def test_values_do_not_turn_in_text_that_runs_from_right_to_left(cache: Path) -> None:
    base, layout, _ = parts(Case(ROOT, "ar", "at-a-glance", "clear"), cache)
    shown = overlay(base, HOSPITAL)
    page = FORMATS["html"](shown, layout, Companions()).data.decode()
    assert '<a href="tel:+442079460018" class="external"><bdi dir="ltr">+44 20 7946 0018</bdi></a>' in page
    assert '<bdi dir="ltr">12 Example Street</bdi><br><bdi dir="ltr">London N1 2AB</bdi>' in page
    assert "\u2066+44 20 7946 0018\u2069" in FORMATS["txt"](shown, layout, Companions()).data.decode()
    word = zipfile.ZipFile(io.BytesIO(FORMATS["docx"](shown, layout, Companions()).data))
    xml = word.read("word/document.xml").decode()
    run = xml[: xml.index("\u200e+44 20 7946 0018\u200e")].rpartition("<w:r>")[2]
    assert '<w:rtl w:val="0"/>' in run


def test_a_name_from_right_to_left_is_held_together_in_english(cache: Path) -> None:
    own = replace(HOSPITAL, names=(("", "مستشفى المدينة (٢)"),))
    base, layout, _ = parts(Case(ROOT, "en", "at-a-glance", "clear"), cache)
    page = FORMATS["html"](overlay(base, own), layout, Companions()).data.decode()
    assert '<bdi dir="rtl">مستشفى المدينة (٢)</bdi>' in page


def test_what_is_given_is_text_in_every_format(cache: Path) -> None:
    """Even what the reader of tables would refuse cannot become markup."""
    own = replace(HOSPITAL, names=(("", "<script>x</script>&amp;{name}"),))
    base, layout, _ = parts(Case(ROOT, "en", "at-a-glance", "clear"), cache)
    for kind in ("html", "epub", "docx", "txt", "pdf"):
        data = FORMATS[kind](overlay(base, own), layout, Companions()).data
        assert normalize("<script>x</script>&amp;{name}") in normalize(extract(data, kind)), kind


def test_the_code_can_be_scanned_from_the_printed_page(cache: Path) -> None:
    for tag, edition in (("en", "clear"), ("ar", "large")):
        base, layout, _ = parts(Case(ROOT, tag, "at-a-glance", edition), cache)
        data = FORMATS["pdf"](overlay(base, HOSPITAL), layout, Companions()).data
        with pypdfium2.PdfDocument(data) as document:
            picture = document[len(document) - 1].render(scale=150 / 72).to_pil()
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [HOSPITAL.web]


# --- A page in a finished PDF against the whole laid out ----------------------------------------


def structure(data: bytes) -> list[Any]:
    """Return all that a PDF says beside its looks: the tree, its attributes, bookmarks, links."""
    found: list[Any] = []
    with pikepdf.open(io.BytesIO(data)) as file:
        pages = {page.obj.objgen: number for number, page in enumerate(file.pages)}

        def visit(node: Any, depth: int) -> None:
            said = {
                key: node[key].unparse(resolved=True)
                for key in ("/S", "/Alt", "/E", "/Lang", "/T", "/A", "/ID")
                if key in node
            }
            found.append((depth, said, pages.get(node.Pg.objgen) if "/Pg" in node else None))
            kids = node.get("/K", pikepdf.Array())
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if not isinstance(kid, pikepdf.Dictionary):
                    found.append((depth + 1, int(kid)))
                elif "/S" in kid:
                    visit(kid, depth + 1)
                else:
                    link = kid.Obj
                    where = str(link.A.URI) if "/A" in link else str(link.Dest)
                    box = [round(float(n), 2) for n in link.Rect]
                    found.append((depth + 1, pages[kid.Pg.objgen], where, str(link.Contents), box))

        visit(file.Root.StructTreeRoot.K[0], 0)
        found += list(bookmarks(file, pages))
        found.append(sorted(str(key) for key in file.Root))
        found.append(str(file.Root.Lang))
    return found


def bookmarks(file: pikepdf.Pdf, pages: dict[tuple[int, int], int]) -> Iterator[tuple[Any, ...]]:
    with file.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            waiting[:0] = item.children
            where: Any = item.destination
            spot = [pages[where[0].objgen], *(str(part) for part in where[1:])] if where is not None else []
            yield item.title, *spot


def parents_hold(data: bytes) -> None:
    """Assert that each marked content and each link leads back to the element that holds it."""
    with pikepdf.open(io.BytesIO(data)) as file:
        root = file.Root.StructTreeRoot
        flat = list(root.ParentTree.Nums)
        numbers = dict(zip(map(int, flat[::2]), flat[1::2], strict=True))
        assert list(numbers) == sorted(numbers)
        owned: dict[tuple[int, int], set[Any]] = {}
        waiting = [root.K[0]]
        while waiting:
            node = waiting.pop()
            kids = node.get("/K", pikepdf.Array())
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                    assert kid.P.objgen == node.objgen
                    waiting.append(kid)
                elif isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid:
                    assert numbers[int(kid.Obj.StructParent)].objgen == node.objgen
                else:
                    place = kid.Pg.objgen if isinstance(kid, pikepdf.Dictionary) else node.Pg.objgen
                    number = kid.MCID if isinstance(kid, pikepdf.Dictionary) else kid
                    owned.setdefault(place, set()).add((int(number), node.objgen))
        for page in file.pages:
            marked = numbers[int(page.obj.StructParents)]
            assert owned[page.obj.objgen] == {(n, element.objgen) for n, element in enumerate(marked)}


def grafted(case: Case, own: Organisation, cache: Path) -> tuple[bytes, bytes, bytes]:
    """Return a copy made from a stencil, the same copy laid out whole, and the stencil."""
    base, layout, passport = parts(case, cache)
    mine = provided(passport, organisation=own.id, overlay=own.digest)
    stencil = FORMATS["pdf"](overlay(base, PLACEHOLDER), layout, Companions(passport=passport))
    whole = FORMATS["pdf"](overlay(base, own), layout, Companions(passport=mine))
    assert stencil.pages is not None
    page = alone(overlay(base, own))
    made = graft_page(stencil.data, page, layout, number=stencil.pages, passports=(passport, mine))
    assert made is not None
    return made, whole.data, stencil.data


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.tag}-{c.edition}")
def test_a_page_put_into_a_finished_pdf_is_as_the_whole_laid_out(case: Case, cache: Path) -> None:
    made, whole, _ = grafted(case, HOSPITAL, cache)
    assert structure(made) == structure(whole)
    parents_hold(made)
    with pypdfium2.PdfDocument(made) as ours, pypdfium2.PdfDocument(whole) as theirs:
        assert len(ours) == len(theirs)
        for number in range(len(ours)):
            pair = ours[number], theirs[number]
            texts = [page.get_textpage().get_text_range() for page in pair]
            assert texts[0] == texts[1]
            if number in (0, len(ours) - 1):
                pictures = [page.render(scale=1).to_pil().tobytes() for page in pair]
                assert pictures[0] == pictures[1]


def test_a_page_for_another_organization_leaves_nothing_of_the_first(cache: Path) -> None:
    made, _, _ = grafted(CASES[2], SMALL, cache)
    again, _, _ = grafted(CASES[2], SMALL, cache)
    assert made == again
    with pikepdf.open(io.BytesIO(made)) as file:
        links = [a for page in file.pages for a in page.obj.get("/Annots", ()) if "/A" in a]
        assert [str(a.A.URI) for a in links] == ["tel:1234"]
        assert b"example.org" not in b"".join(
            o.read_bytes() if isinstance(o, pikepdf.Stream) else o.unparse() for o in file.objects
        )


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.tag}-{c.edition}")
def test_a_copy_needs_no_repair_and_nothing_in_it_is_left_over(case: Case, cache: Path) -> None:
    made, _, stencil = grafted(case, HOSPITAL, cache)
    with pikepdf.open(io.BytesIO(made)) as file:
        assert file.check_pdf_syntax() == []
        assert file.get_warnings() == []
        used: set[tuple[int, int]] = set()
        waiting: list[Any] = [file.trailer]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, pikepdf.Object) and thing.is_indirect:
                if thing.objgen in used:
                    continue
                used.add(thing.objgen)
            if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                waiting += [value for _, value in thing.items()]
            elif isinstance(thing, pikepdf.Array):
                waiting += list(thing)
        idle = [o for o in file.objects if o.objgen not in used and o.is_indirect]
        assert {str(o.get("/Type", "")) for o in idle} <= {"/ObjStm", "/XRef"}
    with pikepdf.open(io.BytesIO(stencil)) as file, pikepdf.open(io.BytesIO(made)) as copy:
        assert copy.pdf_version == file.pdf_version
        assert bytes(copy.trailer.ID[0]) == bytes(file.trailer.ID[0])
        assert bytes(copy.trailer.ID[1]) != bytes(file.trailer.ID[1])


def test_what_looks_like_a_reference_in_text_is_text(cache: Path) -> None:
    own = replace(HOSPITAL, names=(("", r"Ward (3 0 R\) 4 0 R"),), logo_alts=(("", "A 5 0 R ) ( sign"),))
    made, whole, _ = grafted(Case(ROOT, "en", "at-a-glance", "clear"), own, cache)
    assert structure(made) == structure(whole)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.tag}-{c.edition}")
def test_the_tree_of_a_page_is_what_a_parser_makes_of_it(case: Case, cache: Path) -> None:
    own = replace(HOSPITAL, names=(("", "<b>A</b> &amp; \u00a0“B”"),))
    from weasyprint import HTML  # behind the engine, which takes its fonts away

    tree = last_page(alone(overlay(handout(*case[:3]), own)), {})
    text = ET.tostring(tree, encoding="unicode", method="html")
    parsed = HTML(string=text, url_fetcher=Fetcher(Resources())).etree_element

    def shape(node: ET.Element) -> Any:
        return node.tag, dict(node.attrib), node.text or "", node.tail or "", list(map(shape, node))

    assert shape(tree) == shape(parsed)


def test_a_picture_that_cannot_be_read_fails_each_copy(cache: Path) -> None:
    assert HOSPITAL.logo is not None
    base, layout, passport = parts(Case(ROOT, "en", "at-a-glance", "clear"), cache)
    torn = replace(HOSPITAL, logo=replace(HOSPITAL.logo, data=HOSPITAL.logo.data[:20]))
    page = alone(overlay(base, torn))
    for _ in range(2):
        with pytest.raises(RenderError, match="picture"):
            graft_page(b"", page, layout, number=2, passports=(passport, passport))


@pytest.mark.parametrize("name", engine.USED)
def test_what_the_engine_uses_of_weasyprint_is_still_there(name: str) -> None:
    owner, _, attribute = name.rpartition(".")
    assert hasattr(resolve_name(owner), attribute), name


def test_a_page_that_does_not_fit_one_sheet_has_no_graft(cache: Path) -> None:
    case = Case(ROOT, "en", "at-a-glance", "large")
    base, layout, passport = parts(case, cache)
    long = replace(HOSPITAL, addresses=(("", "\n".join(f"Line {n}" for n in range(60))),))
    page = alone(overlay(base, long))
    assert graft_page(b"", page, layout, number=2, passports=(passport, passport)) is None


# --- Held against the stencil -------------------------------------------------------------------


def verdicts(made: bytes, stencil: bytes, format: str, base: TranslatedDocument) -> list[str]:
    common = baseline(stencil, format, alone(overlay(base, PLACEHOLDER)))
    outcomes = check_copy(common, alone(overlay(base, HOSPITAL)), made, format)
    return [d.code for d in findings(outcomes)]


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_changed_page_of_the_handout_is_found(tag: str, cache: Path) -> None:
    case = Case(ROOT, tag, "at-a-glance", "large")
    made, _, stencil = grafted(case, HOSPITAL, cache)
    base = handout(ROOT, tag, "at-a-glance")
    assert verdicts(made, stencil, "pdf", base) == []
    other, _, _ = grafted(case, SMALL, cache)
    assert {"R001", "R003", "R011"} & set(verdicts(other, stencil, "pdf", base))
    with pikepdf.open(io.BytesIO(made)) as file:
        contents = file.pages[1].obj.Contents
        contents.write(contents.read_bytes().replace(b"BT", b"BT ", 1))
        out = io.BytesIO()
        file.save(out)
    assert verdicts(out.getvalue(), stencil, "pdf", base) == ["R040"]
    with pikepdf.open(io.BytesIO(made)) as file:
        del file.pages[0]
        out = io.BytesIO()
        file.save(out)
    assert "R040" in verdicts(out.getvalue(), stencil, "pdf", base)
    assert verdicts(b"%PDF-1.7 no more", stencil, "pdf", base) == ["R002"]


@pytest.mark.parametrize("format", ["docx", "epub", "html", "txt"])
def test_a_changed_word_of_the_handout_is_found(format: str, cache: Path) -> None:
    base, layout, _ = parts(Case(ROOT, "sv", "at-a-glance", "clear"), cache, format)
    stencil = FORMATS[format](overlay(base, PLACEHOLDER), layout, Companions()).data
    made = FORMATS[format](overlay(base, HOSPITAL), layout, Companions()).data
    assert verdicts(made, stencil, format, base) == []

    def changed(node: Any) -> Any:
        text = getattr(node, "text", None)
        return replace(node, text=text.replace("10", "20")) if isinstance(text, str) else node

    wrong = replace(base, document=transform(base.document, changed))
    assert wrong != base
    bad = FORMATS[format](overlay(wrong, HOSPITAL), layout, Companions()).data
    assert verdicts(bad, stencil, format, base) == ["R040"]
    less = FORMATS[format](overlay(base, replace(HOSPITAL, phone="", logo=None)), layout, Companions()).data
    assert "R001" in verdicts(less, stencil, format, base)


# --- The build ----------------------------------------------------------------------------------


def write_table(path: Path, *organisations: dict[str, str]) -> Path:
    columns = list(dict.fromkeys(name for row in organisations for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(organisations)
    return path


def build_copies(root: Path, *organisations: Organisation, wishes: Wishes | None = None) -> BuildReport:
    made = build(
        root, root / "output", wishes or Wishes(), executor=Serial(), organisations=tuple(organisations)
    )
    return collect(made)


def reasons(report: BuildReport) -> dict[str, str]:
    assert not report.failed, report.failed
    return {made.name: made.reason for made in report.made if made.reason}


def test_each_organization_gets_what_it_wishes_for(handwash: Path) -> None:
    one = replace(SMALL, id="one", languages=("de",), editions=("clear",), handouts=("steps",))
    two = replace(SMALL, id="two", languages=("en",), formats=("pdf",), papers=("letter", "a4"))
    report = build_copies(handwash, one, two)
    assert sorted(reasons(report)) == [
        "organisations/one/de/steps-clear.docx",
        "organisations/one/de/steps-clear.epub",
        "organisations/one/de/steps-clear.html",
        "organisations/one/de/steps-clear.pdf",
        "organisations/one/de/steps-clear.txt",
        *(
            f"organisations/two/en/{name}-{edition}-{paper}.pdf"
            for name in ("handwash", "steps")
            for edition in ("clear", "large")
            for paper in ("a4", "letter")
        ),
    ]
    assert report.exit_code is ExitCode.OK
    assert all((handwash / "output" / name).is_file() for name in reasons(report))


def test_every_copy_has_the_segments_of_the_handout_and_no_other(handwash: Path) -> None:
    """What was signed off stands in every copy as it stands in the file that was reviewed."""
    collect(build(handwash, handwash / "output", Wishes(), executor=Serial()))
    build_copies(handwash, HOSPITAL)
    base = handout(handwash, "de", "handwash")
    heading = base.labels["provider-heading"]
    for target in targets(open_project(handwash).settings, Wishes(languages=("de",), handouts=("handwash",))):
        plain, copy = (
            normalize(extract((handwash / "output" / folder / target.name).read_bytes(), target.format))
            for folder in ("", "organisations/city")
        )
        body = copy.rpartition(heading)[0]
        if target.format in ("pdf", "docx"):
            # The contents and the page numbers speak of one page more.
            for segment in segments(base.document):
                words = normalize(plain_text(segment.children))
                assert plain.count(words) <= body.count(words), (target.name, segment.id)
        else:
            assert body.rstrip("# ").rstrip() == plain, target.name


def test_only_what_must_be_is_made_again(handwash: Path) -> None:
    wishes = Wishes(handouts=("steps",))
    first = build_copies(handwash, HOSPITAL, SMALL, wishes=wishes)
    names = set(reasons(first))
    assert len(names) == 2 * 2 * 6
    assert reasons(build_copies(handwash, HOSPITAL, SMALL, wishes=wishes)) == {}
    moved = replace(SMALL, phone="12 35")
    again = reasons(build_copies(handwash, HOSPITAL, moved, wishes=wishes))
    assert set(again) == {name for name in names if "/small/" in name}
    assert set(again.values()) == {"changed: organization"}
    catalog = handwash / "translations" / "de" / "LC_MESSAGES" / "handwash.po"
    text = catalog.read_text("utf-8")
    heading = next(s for s in segments(handout(handwash, "de", "steps").document) if s.role == "heading")
    words = plain_text(heading.children)
    catalog.write_text(text.replace(f'msgstr "{words}"', f'msgstr "{words}!"'), "utf-8")
    changed = reasons(build_copies(handwash, HOSPITAL, moved, wishes=wishes))
    assert set(changed) == {name for name in names if "/de/" in name}
    assert set(changed.values()) == {"changed: passport, text"}
    lost = handwash / "output" / sorted(names)[0]
    lost.unlink()
    assert list(reasons(build_copies(handwash, HOSPITAL, moved, wishes=wishes))) == [sorted(names)[0]]


def test_a_page_longer_than_one_sheet_is_laid_out_whole(handwash: Path) -> None:
    long = replace(SMALL, id="long", addresses=(("", "\n".join(f"Line {n}" for n in range(40))),))
    wishes = Wishes(handouts=("steps",), languages=("en",), formats=("pdf",), editions=("large",))
    report = build_copies(handwash, long, SMALL, wishes=wishes)
    pages = {made.name.split("/")[1]: made.pages for made in report.made}
    assert pages["long"] == (pages["small"] or 0) + 1
    assert worst(d for made in report.made for d in made.diagnostics) < Severity.FAIL


def test_a_letter_that_no_face_has_costs_one_organization(handwash: Path) -> None:
    strange = replace(SMALL, id="strange", names=(("", "Clinic \U00012345"),))
    wishes = Wishes(handouts=("steps",), languages=("en",), formats=("pdf", "txt"))
    report = build_copies(handwash, strange, SMALL, wishes=wishes)
    assert {failed.name.split("/")[1] for failed in report.failed} == {"strange"}
    assert any("U+12345" in d.message for failed in report.failed for d in failed.diagnostics)
    assert {made.name.split("/")[1] for made in report.made} == {"small"}


def test_parts_of_a_build_have_each_organization_once(handwash: Path) -> None:
    many = [replace(SMALL, id=f"o{n}") for n in range(5)]
    wishes = Wishes(formats=("txt",), languages=("en",), handouts=("steps",))
    parts_made = [
        sorted(reasons(build_copies(handwash, *many, wishes=replace(wishes, shard=(n, 2))))) for n in (1, 2)
    ]
    assert [len(part) for part in parts_made] == [3, 2]
    assert len({name for part in parts_made for name in part}) == 5


def test_a_table_with_faults_builds_its_good_rows(
    handwash: Path, handout_here: Callable[..., Invoked]
) -> None:
    rows = (
        {"id": "good", "name": "Good", "phone": "12"},
        {"id": "bad", "name": "Bad", "phone": "=1+1"},
        {"id": "mark", "name": "<i>M</i>", "phone": "12"},
    )
    table = write_table(handwash / "organisations.csv", *rows)
    asked = ("build", "steps", "-f", "txt", "-l", "en", "-j", "1", "--organisations", table)
    done = handout_here(*asked, project=handwash)
    assert done.exit_code == ExitCode.SOURCE, done.output
    assert "organisations.csv:3: error O005: row 3, column “phone”" in done.output
    assert "organisations.csv:4: error O005: row 4, column “name”: it has markup: <i>" in done.output
    output = handwash / "output"
    assert [p.name for p in sorted((output / "organisations").iterdir())] == ["good", "problems.csv"]
    report = list(csv.reader((output / "organisations/problems.csv").read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in report] == ["row", "3", "4"]
    page = (output / "organisations/good/index.html").read_text("utf-8")
    assert 'href="en/steps-clear.txt"' in page
    write_table(table, rows[0])
    assert handout_here(*asked, project=handwash).exit_code == ExitCode.OK
    assert not (output / "organisations/problems.csv").exists()
    missing = handout_here(*asked, "--organisation", "none", project=handwash)
    assert missing.exit_code == ExitCode.USAGE
    assert "no good row with the id none" in missing.output


def test_a_copy_is_known_again_by_its_passport(handwash: Path) -> None:
    wishes = Wishes(handouts=("steps",), languages=("en",), formats=("pdf", "html"), editions=("clear",))
    build_copies(handwash, replace(HOSPITAL, papers=("a4", "letter")), SMALL, wishes=wishes)
    output = handwash / "output"
    files = [path for kind in ("pdf", "html") for path in (output / "organisations").rglob(f"*.{kind}")]
    assert len(files) == 5

    def altered(path: Path) -> Standing:
        found = verify(path, root=handwash, output=output, today=date(2026, 1, 1))
        return next(answer.standing for answer in found.answers if answer.matter == "altered")

    assert {altered(path) for path in files} == {Standing.GOOD}
    page = next(path for path in files if path.suffix == ".html")
    text = page.read_text("utf-8")
    page.write_text(text.replace("City", "Sity").replace("Small", "Smal"), "utf-8")
    assert altered(page) is Standing.BAD
    page.write_text(re.sub(r"organisation(\W+)(city|small)", r"organisation\1../../x", text), "utf-8")
    assert altered(page) is Standing.UNKNOWN


def test_the_passport_of_a_copy_names_its_organization(handwash: Path) -> None:
    wishes = Wishes(handouts=("steps",), languages=("en",), editions=("clear",))
    build_copies(handwash, HOSPITAL, wishes=wishes)
    base = handout(handwash, "en", "steps")
    for kind in ("pdf", "docx", "epub", "html"):
        path = handwash / f"output/organisations/city/en/steps-clear.{kind}"
        found = read_passport(path.read_bytes())
        plain = passport_of(
            handwash, Target("en", "steps", "clear", kind, "a4"), base, program_digest=program()
        )
        assert (found.organisation, found.overlay) == ("city", HOSPITAL.digest)
        assert provided(found, organisation="", overlay="") == plain
    assert Leaflet(base, HOSPITAL).shown == overlay(base, HOSPITAL)
