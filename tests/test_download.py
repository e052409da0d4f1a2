"""The download page and the manifest: they list what is there, rightly, for people and for programs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html

from pipeline.diagnostics import ExitCode
from pipeline.download import is_listed, write_download_page
from pipeline.editions import MEDIA_TYPES
from pipeline.plan import Wishes, targets
from pipeline.report import BuildReport, size_text
from pipeline.workspace import load

HANDWASH = Path(__file__).parent / "projects" / "handwash"
Build = Callable[..., BuildReport]


def list_up(project: Path, output: Path) -> None:
    opened, document = load(project)
    write_download_page(document, targets(opened.settings, Wishes()), output)


@pytest.fixture(scope="module")
def output(build_here: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with everything that the small project makes, listed."""
    folder = tmp_path_factory.mktemp("output")
    build_here(HANDWASH, output=folder)
    list_up(HANDWASH, folder)
    return folder


@pytest.fixture(scope="module")
def manifest(output: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((output / "manifest.json").read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def page(output: Path) -> Any:
    return html.document_fromstring((output / "index.html").read_text("utf-8"))


def test_manifest_is_just_what_is_there(output: Path, manifest: dict[str, Any]) -> None:
    assert (manifest["version"], manifest["issued"]) == ("2.1", "2026-05-04")
    there = {p.relative_to(output).as_posix() for p in output.glob("??/*")}
    assert [a["path"] for a in manifest["artefacts"]] == list(
        dict.fromkeys(a["path"] for a in manifest["artefacts"])
    )
    assert {a["path"] for a in manifest["artefacts"]} == there
    for artefact in manifest["artefacts"]:
        data = (output / artefact["path"]).read_bytes()
        assert artefact["bytes"] == len(data)
        assert artefact["sha256"] == hashlib.sha256(data).hexdigest()


def test_manifest_says_what_each_file_is(manifest: dict[str, Any]) -> None:
    for artefact in manifest["artefacts"]:
        name = f"{artefact['language']}/{artefact['handout']}-{artefact['edition']}.{artefact['format']}"
        assert artefact["path"] == name
        assert artefact["media_type"] == MEDIA_TYPES[artefact["format"]]
        assert artefact["paper"] == ("a4" if artefact["format"] in ("pdf", "docx") else None)
        assert (artefact["pages"] is not None) == (artefact["format"] == "pdf")
        assert artefact["status"] == ("source" if artefact["language"] == "en" else "draft")
    titles = {(a["language"], a["handout"]): a["title"] for a in manifest["artefacts"]}
    assert titles == {
        ("en", "handwash"): "Washing your hands",
        ("en", "steps"): "Three steps",
        ("de", "handwash"): "Hände waschen",
        ("de", "steps"): "Drei Schritte",
    }


def test_page_has_a_sound_structure(output: Path, page: Any) -> None:
    assert (output / "index.html").read_text("utf-8").startswith("<!DOCTYPE html>\n<html")
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert page.findtext(".//title")
    assert len(page.findall(".//h1")) == len(page.findall(".//main")) == 1
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert min(levels) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert {e.get("aria-labelledby") for e in page.iter() if e.get("aria-labelledby")} <= set(ids)
    assert not list(page.iter("script", "img", "iframe", "link"))
    # The first link leads past the navigation (WCAG 2.2 SC 2.4.1).
    assert page.find(".//body")[0].get("href") == "#main"


def test_names_and_titles_are_in_their_own_language(page: Any) -> None:
    german = page.get_element_by_id("de")
    assert [(e.text, e.get("dir")) for e in page.iterfind(".//nav//a[@lang='de']")] == [("Deutsch", "ltr")]
    assert german.find("h2/span[@lang='de']").text == "Deutsch"
    assert [e.text for e in german.iterfind("h3/span[@lang='de']")] == ["Hände waschen", "Drei Schritte"]
    for word in ("Deutsch", "Hände waschen", "Drei Schritte"):
        for element in page.iter():
            if word in (element.text or ""):
                assert element.get("lang") == "de"


def test_all_links_lead_somewhere_and_say_where(output: Path, page: Any, manifest: dict[str, Any]) -> None:
    ids = {e.get("id") for e in page.iter() if e.get("id")}
    links = list(page.iter("a"))
    files = [a.get("href") for a in links if not a.get("href").startswith("#")]
    assert sorted(files) == sorted(a["path"] for a in manifest["artefacts"])
    assert {a.get("href")[1:] for a in links if a.get("href").startswith("#")} <= ids
    for link in links:
        if not link.get("href").startswith("#"):
            assert (output / unquote(link.get("href"))).is_file()
    # Links to different files differ in their words, within a language (WCAG 2.2 SC 2.4.4, 2.4.9).
    for section in page.iter("section"):
        words = [a.text_content() for a in section.iter("a")]
        assert len(words) == len(set(words)) > 0


def test_sizes_pages_and_status_are_right(page: Any, manifest: dict[str, Any]) -> None:
    lines = {li.find("a").get("href"): li.text_content() for li in page.iterfind(".//section//li")}
    for artefact in manifest["artefacts"]:
        line = lines[artefact["path"]]
        assert line.endswith(size_text(artefact["bytes"]))
        pages = {None: "", 1: " – 1 page, "}.get(artefact["pages"], f" – {artefact['pages']} pages, ")
        assert pages in line
        assert ("page" in line.partition(" – ")[2].partition(" – ")[2]) == (artefact["pages"] is not None)
    statuses = {s.get("id"): s.find("p").text_content() for s in page.iter("section")}
    assert "Original text" in statuses["en"]
    assert "Draft translation" in statuses["de"]


@pytest.mark.parametrize(
    ("size", "text"), [(0, "1 kB"), (1, "1 kB"), (1499, "1 kB"), (86_900, "87 kB"), (1_249_000, "1.2 MB")]
)
def test_sizes_are_in_words_of_people(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.fixture
def quick(handwash: Path, build_here: Build) -> Path:
    """Return the small project, its plain texts built and listed."""
    build_here(handwash, Wishes(formats=("txt",)))
    list_up(handwash, handwash / "output")
    return handwash


def test_a_file_that_is_gone_or_altered_is_not_listed(quick: Path) -> None:
    output = quick / "output"
    (output / "de" / "steps-clear.txt").unlink()
    (output / "en" / "steps-clear.txt").write_bytes(b"altered")
    list_up(quick, output)
    listed = json.loads((output / "manifest.json").read_text("utf-8"))["artefacts"]
    assert [a["path"] for a in listed] == ["en/handwash-clear.txt", "de/handwash-clear.txt"]
    assert "steps-clear" not in (output / "index.html").read_text("utf-8")


def test_the_list_is_believed_only_when_it_says_what_is_there(quick: Path) -> None:
    output = quick / "output"
    everything = targets(load(quick)[0].settings, Wishes())
    assert is_listed(everything, output)
    assert not is_listed([t for t in everything if t.language == "en"], output)
    for damage in (b"", b"[]", b'{"version": "2.1", "issued": "2026-05-04", "artefacts": []}'):
        (output / "manifest.json").write_bytes(damage)
        assert not is_listed(everything, output)
    list_up(quick, output)
    assert is_listed(everything, output)
    (output / "index.html").unlink()
    assert not is_listed(everything, output)


def test_a_language_that_is_dropped_leaves_the_list(quick: Path, handout_here: Callable[..., Any]) -> None:
    settings = quick / "source" / "handouts.toml"
    settings.write_text(settings.read_text("utf-8").replace('["en", "de"]', '["en"]'), "utf-8")
    # Nothing is to be made, and yet the list is no longer right.
    assert handout_here("build", "-l", "en", "-f", "txt", project=quick).exit_code == ExitCode.OK
    assert 'id="de"' not in (quick / "output" / "index.html").read_text("utf-8")
