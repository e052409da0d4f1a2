"""The leaflet of this project itself, built once in full, as validators and other programs see it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import docx
import page
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from lxml import etree, html

from pipeline.diagnostics import ExitCode
from pipeline.document import Role, plain_text, segments
from pipeline.interface import english
from pipeline.languages import language
from pipeline.workspace import load, translated

ROOT = Path(__file__).parent.parent

LANGUAGES = ("ar", "en", "es", "ru", "sv")
HANDOUTS = ("at-a-glance", "infant-form", "osteopetrosis")
TWO_PAPERS = ("en", "es")
# As the tables of README.md have it.
EDITIONS = {
    "pdf": ("clear", "giant", "large"),
    "docx": ("clear", "giant", "large"),
    "epub": ("clear", "large"),
    "html": ("clear",),
    "txt": ("clear",),
}
DATE = "2026-11-23"  # as the source says; never the day of the build
NAMESPACES = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def output(handout: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build everything there is, as a user does, and return where."""
    folder = tmp_path_factory.mktemp("shipped")
    done = handout("build", "-o", folder)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    return folder


@pytest.fixture(scope="module")
def manifest(output: Path) -> dict[str, dict[str, Any]]:
    read = json.loads((output / "manifest.json").read_text("utf-8"))
    return {artefact["path"]: artefact for artefact in read["artefacts"]}


def expected_names() -> Iterator[str]:
    for tag in LANGUAGES:
        for handout in HANDOUTS:
            for form, editions in EDITIONS.items():
                papers = ("-a4", "-letter") if tag in TWO_PAPERS and form in ("pdf", "docx") else ("",)
                for edition in editions:
                    yield from (f"{tag}/{handout}-{edition}{paper}.{form}" for paper in papers)


def files(output: Path, form: str) -> list[Path]:
    found = sorted(output.glob(f"??/*.{form}"))
    assert found
    return found


def squeeze(text: str) -> str:
    """Return text with every run of white space as one space, without marks of direction."""
    return " ".join(re.sub("[\u200e\u200f\u2066-\u2069\ufeff\u00ad]", "", text).split())


def notices(tag: str) -> list[str]:
    """Return what the first page must say: in its own language, and of a translation in English too."""
    own, kind = translated(ROOT, tag).labels, "source" if tag == "en" else "draft"
    labels = [own] if tag == "en" else [own, english()]
    assert len({each[f"{kind}-notice"] for each in labels}) == len(labels)
    return [squeeze(each[f"{kind}-{part}"]) for each in labels for part in ("title", "notice")]


# --- what is there ------------------------------------------------------------------------------------------


def test_just_the_files_that_the_readme_names(output: Path, manifest: dict[str, Any]) -> None:
    wanted = set(expected_names())
    assert len(wanted) == 186
    there = {p.relative_to(output).as_posix() for p in output.rglob("*") if p.is_file()}
    beside = {name for name in there if name.startswith("passports/")}
    assert beside == {f"passports/{name}.json" for name in wanted}
    seen = {name for name in there if not name.startswith(".handout/")} - beside
    assert seen == wanted | {"index.html", "manifest.json"}
    assert manifest.keys() == wanted
    assert not [name for name in there if name.endswith(".part")]


def test_the_next_build_makes_nothing(output: Path, handout: Run) -> None:
    done = handout("build", "-o", output)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    assert done.stdout.startswith("0 artefacts made, 186 up to date")


def test_at_a_glance_is_one_page_in_every_language_and_paper(output: Path, manifest: dict[str, Any]) -> None:
    paths = [p for p in files(output, "pdf") if p.name.startswith("at-a-glance-clear")]
    assert len(paths) == len(LANGUAGES) + len(TWO_PAPERS)
    for path in paths:
        with pypdfium2.PdfDocument(path) as document:
            assert len(document) == 1, path
        assert manifest[path.relative_to(output).as_posix()]["pages"] == 1


def test_paper_is_what_the_name_says(output: Path) -> None:
    sizes = {"a4": (595.3, 841.9), "letter": (612.0, 792.0)}
    for path in files(output, "pdf"):
        width, height = sizes["letter" if path.stem.endswith("-letter") else "a4"]
        with pypdfium2.PdfDocument(path) as document:
            for number in range(len(document)):
                assert document.get_page_size(number) == pytest.approx((width, height), abs=0.1), path


# --- what validators say ------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_every_pdf_keeps_its_promise(output: Path, profile: str) -> None:
    """PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2), by page-validation."""
    for path in files(output, "pdf"):
        report = page.validate_pdf_bytes(path.read_bytes(), profile=profile)
        assert report.rules.total > 50
        # It takes a carriage return before `endstream` for part of the line end (ISO 32000-1, 7.3.8.1), and
        # a cross-reference stream may end so; veraPDF, which can tell, judges every file as well.
        faults = [f for f in report.failures if f.rule_id != "PDFA2A-STREAM-LENGTH-001"]
        assert faults == [], f"{path}: {faults}"


def test_the_pdf_validator_sees_what_is_missing(output: Path, tmp_path: Path) -> None:
    for name, profile in (("/Lang", "ua1"), ("/MarkInfo", "2a")):
        with pikepdf.open(files(output, "pdf")[0]) as document:
            del document.Root[name]
            document.save(tmp_path / "bad.pdf")
        assert not page.validate_pdf_bytes((tmp_path / "bad.pdf").read_bytes(), profile=profile).is_compliant


def test_libreoffice_opens_every_word_file(
    output: Path, needs_tool: Callable[[str, str], str], tmp_path: Path
) -> None:
    program = needs_tool("soffice", "apt install libreoffice-writer-nogui")
    for path in files(output, "docx"):
        shutil.copy(path, tmp_path / f"{path.parent.name}-{path.name}")
    copies = sorted(tmp_path.glob("*.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path / "pdf", *copies]
    # The PDF renderer hides the machine's fonts from its process; LibreOffice needs them to start.
    seen = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
    done = subprocess.run(
        list(map(str, convert)), capture_output=True, text=True, timeout=900, check=False, env=seen
    )
    assert done.returncode == 0, done.stderr
    for copy in copies:
        title = docx.Document(str(copy)).core_properties.title
        with pypdfium2.PdfDocument(tmp_path / "pdf" / f"{copy.stem}.pdf") as document:
            assert len(document) > 0
            text = squeeze(document[0].get_textpage().get_text_range())
        # Readers turn Arabic words round in their own ways: there only that there is text.
        assert squeeze(title) in text or (copy.name.startswith("ar-") and len(text) > 200), copy.name


# --- what readers are told ----------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_file_warns_on_its_first_page_that_it_is_not_reviewed(output: Path, tag: str) -> None:
    for name in expected_names():
        if name.startswith(f"{tag}/"):
            text = FIRST_PAGE[name.rpartition(".")[2]](output / name)
            for notice in notices(tag):
                assert notice in text, name


def _pdf_page(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return squeeze(document[0].get_textpage().get_text_range())


def _docx_page(path: Path) -> str:
    """Return the text before the first heading of the leaflet or its contents."""
    texts = []
    for paragraph in docx.Document(str(path)).paragraphs:
        if paragraph.style is not None and str(paragraph.style.name).startswith(("Heading", "Contents")):
            break
        texts.append(paragraph.text)
    return squeeze(" ".join(texts))


def _epub_page(path: Path) -> str:
    """Return the text of the page behind the cover."""
    with zipfile.ZipFile(path) as book:
        return squeeze(str(etree.fromstring(book.read("EPUB/title.xhtml")).xpath("string()")))


def _html_page(path: Path) -> str:
    """Return what stands before the first section or the contents."""
    (main,) = html.document_fromstring(path.read_text("utf-8")).iter("main")
    texts = [str(child.xpath("string()")) for child in takewhile(lambda c: not c.xpath(".//h2|.//h3"), main)]
    return squeeze(" ".join(texts))


def _txt_page(path: Path) -> str:
    return squeeze(path.read_text("utf-8").partition("\n## ")[0])


FIRST_PAGE = {"pdf": _pdf_page, "docx": _docx_page, "epub": _epub_page, "html": _html_page, "txt": _txt_page}


def test_labels_of_the_pictures_are_text_in_every_english_pdf(output: Path) -> None:
    document = load(ROOT)[1]
    labels = [squeeze(plain_text(s.children)) for s in segments(document) if s.role is Role.LABEL]
    assert len(labels) > 10
    for path in (p for p in files(output, "pdf") if p.match("en/osteopetrosis-*")):
        with pypdfium2.PdfDocument(path) as opened:
            text = squeeze(" ".join(p.get_textpage().get_text_range() for p in opened))
        missing = [label for label in labels if label not in text]
        assert not missing, f"{path}: {missing}"


# --- metadata -----------------------------------------------------------------------------------------------


def test_every_pdf_says_what_it_is(output: Path, manifest: dict[str, Any]) -> None:
    for path in files(output, "pdf"):
        listed = manifest[path.relative_to(output).as_posix()]
        with pikepdf.open(path) as document, document.open_metadata() as xmp:
            assert str(document.docinfo["/Title"]) == xmp["dc:title"] == listed["title"]
            assert str(document.Root.Lang) == listed["language"]
            assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
            assert xmp["xmp:CreateDate"].startswith(DATE)
            assert xmp["xmp:ModifyDate"].startswith(DATE)
            assert len(document.pages) == listed["pages"]


def test_every_word_file_says_what_it_is(output: Path, manifest: dict[str, Any]) -> None:
    for path in files(output, "docx"):
        listed = manifest[path.relative_to(output).as_posix()]
        about = docx.Document(str(path)).core_properties
        assert (about.title, about.language) == (listed["title"], listed["language"])
        assert {str(about.created)[:10], str(about.modified)[:10]} == {DATE}


def test_every_ebook_says_what_it_is(output: Path, manifest: dict[str, Any]) -> None:
    identifiers = set()
    for path in files(output, "epub"):
        listed = manifest[path.relative_to(output).as_posix()]
        with zipfile.ZipFile(path) as book:
            package = etree.fromstring(book.read("EPUB/content.opf"))
        assert package.findtext(".//dc:title", None, NAMESPACES) == listed["title"]
        assert package.findtext(".//dc:language", None, NAMESPACES) == listed["language"]
        assert package.findtext(".//dc:date", None, NAMESPACES) == DATE
        (modified,) = package.iterfind(".//opf:meta[@property='dcterms:modified']", NAMESPACES)
        assert str(modified.text).startswith(DATE)
        (spine,) = package.iterfind(".//opf:spine", NAMESPACES)
        # Left to right is the default.
        assert spine.get("page-progression-direction", "ltr") == language(listed["language"]).direction
        identifiers.add(package.findtext(".//dc:identifier", None, NAMESPACES))
    assert len(identifiers) == len(files(output, "epub"))


def test_every_web_page_says_what_it_is(output: Path, manifest: dict[str, Any]) -> None:
    for path in files(output, "html"):
        listed = manifest[path.relative_to(output).as_posix()]
        opened = html.document_fromstring(path.read_text("utf-8"))
        assert opened.findtext(".//title") == listed["title"]
        assert (opened.get("lang"), opened.get("dir")) == (
            listed["language"],
            language(listed["language"]).direction,
        )
        # Its companions are there: its translations, its other formats.
        links = [str(link.get("href")) for link in opened.iter("a")]
        targets = {link for link in links if not re.match("#|https:|mailto:|tel:", link)}
        assert len(targets) >= len(LANGUAGES) - 1
        assert all((path.parent / target).resolve().is_file() for target in targets)
