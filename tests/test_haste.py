"""The shorter ways through WeasyPrint end where the long ones do."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from rendered import layout, translated
from weasyprint import css
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.layout import percent
from weasyprint.text import line_break

from pipeline.renderers import FORMATS, Companions
from pipeline.renderers.pdf import engine, haste

REPLACED = (
    (css.ComputedStyle, "__missing__"),
    (percent, "resolve_one_percentage"),
    (line_break, "_font_style_cache_key"),
    (line_break.Layout, "setup"),
)


@pytest.mark.parametrize("edition", ["clear", "giant"])
@pytest.mark.parametrize("tag", ["ar", "de"])
def test_a_print_is_the_same_byte_for_byte(tag: str, edition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = FORMATS["pdf"](translated(tag), layout(tag, edition), Companions())
    for place, name in REPLACED:
        monkeypatch.setattr(place, name, getattr(place, name).__wrapped__)
    theirs = FORMATS["pdf"](translated(tag), layout(tag, edition), Companions())
    assert ours == theirs


def test_every_property_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each style of a print, all properties: those too that no page of ours asks for."""
    styles: list[Any] = []
    monkeypatch.setattr(
        css.ComputedStyle, "__init__", _noting(css.ComputedStyle.__init__, styles), raising=True
    )
    FORMATS["pdf"](translated("ar"), layout("ar"), Companions())
    own = _values(styles)
    monkeypatch.setattr(css.ComputedStyle, "__missing__", css.ComputedStyle.__missing__.__wrapped__)
    assert own == _values(styles)
    assert len(styles) > 500


def _noting(begin: Any, styles: list[Any]) -> Any:
    def noting(self: Any, *arguments: Any) -> None:
        begin(self, *arguments)
        styles.append(self)

    return noting


def _values(styles: list[Any]) -> list[list[Any]]:
    """Return the properties of fresh copies of styles."""
    found = []
    for style in styles[:2000]:
        fresh = css.ComputedStyle.__new__(css.ComputedStyle)
        fresh.__dict__.update(style.__dict__)
        fresh.specified = {}
        found.append([fresh[key] for key in INITIAL_VALUES])
    return found


def test_what_is_replaced_still_exists() -> None:
    for place, name in REPLACED:
        assert hasattr(getattr(place, name), "__wrapped__")
    assert {"direction", "margin_left", "font_size"} <= haste._PLAIN


# A system that has each library by another name: WeasyPrint must find it as it always would.
ELSEWHERE = """
import cffi.api
by_name = cffi.api._load_backend_lib
def elsewhere(backend, name, flags):
    if ".so" in name:
        raise OSError("no library of this name")
    return by_name(backend, name, flags)
cffi.api._load_backend_lib = elsewhere
"""

LOADS = """
import ctypes.util
searched = []
def search(name, find=ctypes.util.find_library):
    searched.append(name)
    return find(name)
ctypes.util.find_library = search
from pipeline.renderers.pdf import engine
assert ctypes.util.find_library is search
print(bool(searched), engine.pango_version())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have other names")
@pytest.mark.parametrize(("system", "is_searched"), [("", False), (ELSEWHERE, True)])
def test_a_library_is_searched_for_only_where_it_has_another_name(system: str, is_searched: bool) -> None:
    run = [sys.executable, "-P", "-X", "utf8", "-c", system + LOADS]
    found = subprocess.run(run, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(is_searched), engine.pango_version()]
