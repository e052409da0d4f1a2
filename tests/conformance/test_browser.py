"""Our web pages and e-books in a browser: zoom, spacing, colors, keyboard, print.

What Ace and axe-core say of them is asked in test_reference_validators.py; here, only about the list of all
files, which is no rendition.

Needs Node, Chromium and the packages of package.json; on CI their absence is a failure.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.checks import validators
from pipeline.checks.validators import web
from pipeline.diagnostics import MissingToolError, Severity
from pipeline.tools import node

LANGUAGES = ("ar", "en", "es", "ru", "sv")
ACE, AXE = (next(v for v in validators.VALIDATORS if v.title == t) for t in ("Ace by DAISY", "axe-core"))


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    try:
        web.node("axe.cjs", [], package=node.AXE)
    except MissingToolError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def opened(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the books and return where."""
    folder = tmp_path_factory.mktemp("books")
    for path in shipped.glob("*/*.epub"):
        with zipfile.ZipFile(path) as book:
            book.extractall(folder / path.parent.name / path.stem)
    return folder


def faults(files: list[Path]) -> dict[str, list[list[str]]]:
    """Return what browser.cjs found wrong, by file."""
    assert files
    said = web.node("browser.cjs", files, package=node.PUPPETEER)
    assert said.keys() == set(map(str, files))
    return {name: found for name, found in said.items() if found}


# --- what we make -------------------------------------------------------------------------------------------


def test_every_page_holds_up_in_a_browser(shipped: Path) -> None:
    pages = sorted(shipped.glob("*/*.html"))
    assert len(pages) == 3 * len(LANGUAGES)
    assert faults([*pages, shipped / "index.html"]) == {}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_document_of_the_books_holds_up_in_a_browser(opened: Path, tag: str) -> None:
    # At 320 px, 200 % and wide spacing: a large-print table once ran over the edge with no one seeing it.
    books = sorted((opened / tag).glob("*/EPUB"))
    assert len(books) == 6
    assert faults([path for book in books for path in sorted(book.glob("*.xhtml"))]) == {}


def test_axe_finds_nothing_on_the_list_of_all_files(shipped: Path) -> None:
    index = shipped / "index.html"
    (outcome,) = validators.validate(AXE, [index])[index]
    assert (outcome.verdict, [str(d) for d in outcome.diagnostics]) == (Severity.PASS, [])


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
    "pale in print": ("print", "@media print { .version { color: #fff; background: #000; } }", "contrast"),
    "printed": ("print", "@media print { .top { display: block !important; } }", "shown in print"),
    "no focus": ("keyboard", "a { outline: none !important; }", "no focus to be seen"),
    "unskipped": ("keyboard", ".skip:focus { inset-block-start: -9em !important; }", "out of sight"),
    "fetching": ("request", ".version { background: url(http://example.invalid/a.png); }", "example.invalid"),
}


def damaged_pages(shipped: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Write a page for each damage, without the policy that would keep the damage out."""
    text = (shipped / "en" / "at-a-glance-clear.html").read_text("utf-8")
    for name, (_, css, _) in DAMAGE.items():
        path = folder / f"{name.replace(' ', '-')}.html"
        made = text.replace("</style>", f"{css}</style>", 1).replace("Content-Security-Policy", "x", 1)
        path.write_text(made, "utf-8")
        yield name, path


def test_every_damage_is_seen_in_a_browser(shipped: Path, tmp_path: Path) -> None:
    pages = dict(damaged_pages(shipped, tmp_path))
    said = faults(list(pages.values()))
    for name, (view, _, word) in DAMAGE.items():
        found = said.get(str(pages[name]), [])
        assert [fault for where, fault in found if where == view and word in fault], (name, found)


def test_a_skip_link_that_leads_nowhere_is_seen(shipped: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    text = (shipped / "en" / "at-a-glance-clear.html").read_text("utf-8")
    path.write_text(text.replace(' tabindex="-1"', "", 1), "utf-8")
    assert [where for where, _ in faults([path])[str(path)]] == ["skip link"]


# The same for the books, whose documents have neither skip link nor print of their own.
BOOK_DAMAGE = {
    "wide": ("320 px", "table { min-width: 40rem; }", "beyond the edge"),
    "spaced": ("text of 200 % and spacing at 320 px", "h1 { white-space: nowrap; }", "beyond the edge"),
    "inked": ("dark", "p { color: #222; }", "contrast"),
    "hidden": ("wide", ".pagebreak { display: none; }", "cannot be jumped to"),
}


def test_every_damage_is_seen_in_a_book(opened: Path, tmp_path: Path) -> None:
    pages = {}
    for name, (_, css, _) in BOOK_DAMAGE.items():
        shutil.copytree(opened / "en" / "osteopetrosis-clear" / "EPUB", tmp_path / name)
        with (tmp_path / name / "style.css").open("a", encoding="utf-8") as style:
            style.write(css)
        pages[name] = tmp_path / name / "names.xhtml"
    said = faults(list(pages.values()))
    for name, (view, _, word) in BOOK_DAMAGE.items():
        found = said.get(str(pages[name]), [])
        assert [fault for where, fault in found if where == view and word in fault], (name, found)


def test_what_is_not_there_gets_no_verdict(tmp_path: Path) -> None:
    absent = tmp_path / "absent.html"
    assert validators.validate(AXE, [absent])[absent][0].verdict is Severity.ERROR


def test_without_node_nothing_passes(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    for validator, form in ((ACE, "epub"), (AXE, "html")):
        (outcomes,) = validators.validate(validator, [shipped / "en" / f"at-a-glance-clear.{form}"]).values()
        assert {o.verdict for o in outcomes} == {Severity.SKIP}
