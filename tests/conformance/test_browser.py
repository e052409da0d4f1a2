"""Our web pages and e-books in a browser: zoom, spacing, colors, keyboard, print; Ace and axe-core.

Needs Node, Chromium and the packages of package.json; on CI their absence is a failure.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.checks import validators
from pipeline.checks.validators import web
from pipeline.diagnostics import MissingToolError, Severity

LANGUAGES = ("ar", "en", "es", "ru", "sv")
ACE, AXE = (next(v for v in validators.VALIDATORS if v.title == t) for t in ("Ace by DAISY", "axe-core"))


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    try:
        web.node("axe.cjs", [], package="axe-core")
    except MissingToolError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def output(shipped: Path) -> Path:
    """Return the folder with all pages and books of the leaflet."""
    return shipped


@pytest.fixture(scope="module")
def opened(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the books and return where."""
    folder = tmp_path_factory.mktemp("books")
    for path in output.glob("*/*.epub"):
        with zipfile.ZipFile(path) as book:
            book.extractall(folder / path.parent.name / path.stem)
    return folder


def faults(files: list[Path]) -> dict[str, list[list[str]]]:
    """Return what browser.cjs found wrong, by file."""
    assert files
    said = web.node("browser.cjs", files, package="puppeteer-core")
    assert said.keys() == set(map(str, files))
    return {name: found for name, found in said.items() if found}


# --- what we make -------------------------------------------------------------------------------------------


def test_every_page_holds_up_in_a_browser(output: Path) -> None:
    pages = sorted(output.glob("*/*.html"))
    assert len(pages) == 3 * len(LANGUAGES)
    assert faults([*pages, output / "index.html"]) == {}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_document_of_the_books_holds_up_in_a_browser(opened: Path, tag: str) -> None:
    # At 320 px, 200 % and wide spacing: a large-print table once ran over the edge with no one seeing it.
    assert faults(sorted((opened / tag).glob("osteopetrosis-*/EPUB/*.xhtml"))) == {}


def test_axe_finds_nothing(output: Path) -> None:
    files = [*sorted(output.glob("*/*.html")), output / "index.html"]
    said = validators.validate(AXE, files)
    assert {path: [str(d) for o in said[path] for d in o.diagnostics] for path in files} == {
        path: [] for path in files
    }
    assert {o.verdict for path in files for o in said[path]} == {Severity.PASS}


def test_ace_finds_nothing(output: Path) -> None:
    files = sorted(output.glob("*/*.epub"))
    assert len(files) == 6 * len(LANGUAGES)
    said = validators.validate(ACE, files)
    assert {path: [str(d) for o in said[path] for d in o.diagnostics] for path in files} == {
        path: [] for path in files
    }
    assert {o.verdict for path in files for o in said[path]} == {Severity.PASS}


# --- what is damaged ----------------------------------------------------------------------------------------

# What more the page's style says, the view in which that shows, and a word of what must be said.
DAMAGE = {
    "wide": ("320 px", "body { min-width: 30rem; }", "scrolls sideways"),
    "zoomed": ("400 % zoom", "h1 { white-space: nowrap; font-size: 6rem !important; }", "beyond the edge"),
    "cut": ("text spacing", ".subtitle { overflow: hidden; height: 1.3em; }", "too little room"),
    "over": ("wide", ".version { margin-top: -2em; }", "one over the other"),
    "pale": ("wide", ".version { color: #999; }", "contrast"),
    "pale at night": ("dark", ".version { color: #555; }", "contrast"),
    "gone": (
        "forced colors",
        "@media (forced-colors: active) { .version { display: none; } }",
        "not to be seen",
    ),
    "gone in print": ("print", "@media print { .version { display: none; } }", "not to be seen"),
    "printed": ("print", "@media print { .top { display: block !important; } }", "shown in print"),
    "no focus": ("keyboard", "a { outline: none !important; }", "no focus to be seen"),
    "unskipped": ("keyboard", ".skip:focus { inset-block-start: -9em !important; }", "out of sight"),
    "fetching": ("request", ".version { background: url(http://example.invalid/a.png); }", "example.invalid"),
}


def damaged_pages(output: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Write a page for each damage, without the policy that would keep the damage out."""
    text = (output / "en" / "at-a-glance-clear.html").read_text("utf-8")
    for name, (_, css, _) in DAMAGE.items():
        path = folder / f"{name.replace(' ', '-')}.html"
        made = text.replace("</style>", f"{css}</style>", 1).replace("Content-Security-Policy", "x", 1)
        path.write_text(made, "utf-8")
        yield name, path


def test_every_damage_is_seen_in_a_browser(output: Path, tmp_path: Path) -> None:
    pages = dict(damaged_pages(output, tmp_path))
    said = faults(list(pages.values()))
    for name, (view, _, word) in DAMAGE.items():
        found = said.get(str(pages[name]), [])
        assert [fault for where, fault in found if where == view and word in fault], (name, found)


def test_a_skip_link_that_leads_nowhere_is_seen(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    text = (output / "en" / "at-a-glance-clear.html").read_text("utf-8")
    path.write_text(text.replace(' tabindex="-1"', "", 1), "utf-8")
    assert [where for where, _ in faults([path])[str(path)]] == ["skip link"]


def test_axe_sees_what_is_wrong_and_says_when_it_cannot(output: Path, tmp_path: Path) -> None:
    bad, absent = tmp_path / "bad.html", tmp_path / "absent.html"
    text = (output / "en" / "at-a-glance-clear.html").read_text("utf-8")
    bad.write_text(text.replace('<html lang="en"', "<html", 1), "utf-8")
    said = validators.validate(AXE, [bad, absent])
    assert [d.message.partition(":")[0] for d in said[bad][0].diagnostics] == ["html-has-lang"]
    assert said[absent][0].verdict is Severity.ERROR


def test_ace_sees_what_is_wrong_and_says_when_it_cannot(output: Path, tmp_path: Path) -> None:
    good, bad, torn = output / "en" / "at-a-glance-clear.epub", tmp_path / "bad.epub", tmp_path / "torn.epub"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"accessibilityHazard", b"accessibilityPerks"))
    torn.write_bytes(good.read_bytes()[:2000])
    said = validators.validate(ACE, [bad, torn])
    assert said[bad][0].verdict is Severity.FAIL
    assert said[torn][0].verdict is Severity.ERROR


def test_without_node_nothing_passes(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    for validator, form in ((ACE, "epub"), (AXE, "html")):
        (outcomes,) = validators.validate(validator, [output / "en" / f"at-a-glance-clear.{form}"]).values()
        assert {o.verdict for o in outcomes} == {Severity.SKIP}
