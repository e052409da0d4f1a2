"""The benchmarks: what the other programs get holds every word of the leaflet. None of them is needed."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from benchmarks import htmlmarkup, typstmarkup
from benchmarks.command import wishes
from benchmarks.measure import Cost, run
from benchmarks.organisations import LANGUAGES, read_back
from benchmarks.others import spread
from benchmarks.personal import FORMATS
from benchmarks.projects import copy_project
from benchmarks.report import Line, Table, as_data, markdown
from lxml import html
from rendered import COMPLETE, ROOT, layout, shown, translated

from pipeline.document import (
    Abbreviation,
    Image,
    Picture,
    Text,
    TranslatedDocument,
    Value,
    plain_text,
    walk,
)
from pipeline.overlay import alone, overlay
from pipeline.renderers.drawing import draw_text

LEAFLETS = [
    *((tag, ROOT, "osteopetrosis") for tag in ("en", "ar")),
    *((tag, COMPLETE, "complete") for tag in ("en", "ar")),
]


def parsed(text: str) -> Any:
    """Return HTML or SVG as a tree."""
    return html.fromstring(text)


def tight(text: str) -> str:
    """Return text without spaces: a program may break a line wherever there is one."""
    return "".join(text.split())


def lost(leaflet: TranslatedDocument, text: str, *, labels: bool) -> list[str]:
    """Return the runs of words that are not in a text, or not in their order."""
    text, place, missing = tight(text), 0, []
    for segment in shown(leaflet, labels=labels):
        for node in walk(segment):
            if isinstance(node, Text | Value | Abbreviation) and (words := tight(node.text)):
                found = text.find(words, place)
                if found < 0:
                    missing.append(node.text)
                else:
                    place = found + len(words)
    return missing


def typst_words(markup: str) -> tuple[str, list[str]]:
    """Return the words of Typst markup as they are read, and its strings: a reader of our subset."""
    tokens = re.compile(r'\\(.)|("(?:\\.|[^"\\])*")|(<[a-z0-9_-]+>)|(#[a-z][a-z.-]*)|(.)', re.DOTALL)
    words, strings, open_at = [], [], [""]
    for literal, string, _, _, sign in tokens.findall(markup):
        code = open_at[-1] == "("
        if string:
            strings.append(re.sub(r"\\(.)", r"\1", string[1:-1]))
        elif sign and sign in "[(":
            open_at.append(sign)
        elif sign and sign in "])":
            assert open_at.pop() == {"]": "[", ")": "("}[sign]
        elif not code:
            words.append(literal or sign)
    assert open_at == [""]
    return "".join(words), strings


@pytest.fixture(params=LEAFLETS, ids=lambda case: f"{case[2]}-{case[0]}")
def case(request: pytest.FixtureRequest) -> tuple[str, Path, str]:
    """Return language, project and handout."""
    found: tuple[str, Path, str] = request.param
    return found


def drawings(leaflet: TranslatedDocument) -> dict[str, str]:
    """Return a name for the file of each picture."""
    paths = [node.drawing.path for node in walk(leaflet.document) if isinstance(node, Image)]
    return {path: f"{number}.svg" for number, path in enumerate(paths)}


def alternatives(leaflet: TranslatedDocument) -> list[str]:
    """Return the alternative texts of the pictures."""
    pictures = (node for node in walk(leaflet.document) if isinstance(node, Image | Picture))
    return [plain_text(node.alt.children) for node in pictures]


@pytest.mark.parametrize("edition", ["clear", "large"])
def test_typst_gets_every_word(case: tuple[str, Path, str], edition: str) -> None:
    tag, root, name = case
    leaflet = translated(tag, root, name)
    markup = typstmarkup.leaflet(leaflet, layout(tag, edition, root), drawings(leaflet))
    _, _, body = markup.partition("#let leaflet = ")
    words, strings = typst_words(body)
    assert lost(leaflet, words, labels=False) == []
    assert set(alternatives(leaflet)) <= set(strings)
    for part in (leaflet.document.front.title, leaflet.document.front.subtitle):
        assert tight(plain_text(part.children)) in tight(words)


def test_the_pictures_hold_every_label(case: tuple[str, Path, str]) -> None:
    tag, root, name = case
    leaflet = translated(tag, root, name)
    pictures = [node for node in walk(leaflet.document) if isinstance(node, Image)]
    for picture in pictures:
        svg = draw_text(picture.drawing, language=leaflet.language, faces=layout(tag, root=root).faces)
        text = tight(parsed(svg).text_content())
        assert [x.id for x in picture.drawing.labels if tight(plain_text(x.children)) not in text] == []


def test_pandoc_gets_every_word(case: tuple[str, Path, str]) -> None:
    tag, root, name = case
    leaflet = translated(tag, root, name)
    page = parsed(htmlmarkup.plain_page(leaflet, drawings(leaflet)))
    assert lost(leaflet, page.text_content(), labels=False) == []
    assert page.xpath("//img/@alt") == alternatives(leaflet)
    links = {link.removeprefix("#") for link in page.xpath("//a/@href") if link.startswith("#")}
    assert links <= set(page.xpath("//*[not(self::li or self::dt or self::p or self::dd)]/@id"))


@pytest.mark.parametrize("edition", ["clear", "large"])
def test_weasyprint_gets_every_word(case: tuple[str, Path, str], edition: str) -> None:
    tag, root, name = case
    leaflet = translated(tag, root, name)
    written, pictures = htmlmarkup.print_page(leaflet, layout(tag, edition, root))
    page = parsed(written)
    assert lost(leaflet, page.text_content(), labels=True) == []
    assert page.xpath("//img/@alt") == alternatives(leaflet)
    assert set(page.xpath("//img/@src")) == set(pictures)
    assert not any("font:" in style for style in htmlmarkup.print_styles(leaflet, layout(tag, edition, root)))


@pytest.mark.parametrize("damage", ["word", "order"])
def test_a_lost_word_is_noticed(damage: str) -> None:
    leaflet = translated("en", ROOT, "osteopetrosis")
    page = htmlmarkup.plain_page(leaflet, drawings(leaflet))
    first, last = "Symptoms and their severity differ greatly.", "Where can we find support?"
    harmed = page.replace(last, "") if damage == "word" else page.replace(first, "@").replace(last, first)
    assert lost(leaflet, parsed(harmed).text_content(), labels=False) != []


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_page_of_an_organization_is_whole(tag: str, tmp_path: Path) -> None:
    (one,) = read_back(tmp_path / "one.csv", 1)
    leaflet = overlay(translated(tag, ROOT, "osteopetrosis"), one)
    files = {**drawings(leaflet), "logo.png": "1-logo.png", "code.png": "1-code.png"}
    page = parsed(htmlmarkup.plain_page(leaflet, files))
    assert lost(leaflet, page.text_content(), labels=False) == []
    assert page.xpath("//img/@alt") == alternatives(leaflet)
    assert page.xpath("//img/@src")[-2:] == ["1-logo.png", "1-code.png"]
    printed, pictures = htmlmarkup.print_page(leaflet, layout(tag, root=ROOT))
    assert lost(leaflet, parsed(printed).text_content(), labels=True) == []
    assert {"bitmap:logo.png", "bitmap:code.png"} < set(pictures)
    own = alone(leaflet)
    words, strings = typst_words(typstmarkup.own_page(own, layout(tag, root=ROOT), "leaflet.typ", files))
    assert lost(own, words, labels=False) == []
    assert {"leaflet.typ", "1-logo.png", "1-code.png", one.web, *alternatives(own)} <= set(strings)
    assert one.phone in words


def test_signs_of_typst_are_escaped() -> None:
    text = r"""#let x = [*_`$<a>@b\ "c"] // {d} = - + / ~ 'e' 1. https://f.example"""
    words, strings = typst_words(f"[{typstmarkup.escape(text)}]")
    assert (words, strings) == (text, [])
    assert typst_words(f"#f({typstmarkup.quoted(text)})")[1] == [text]


def test_organizations_differ_and_our_build_reads_them(tmp_path: Path) -> None:
    everyone = read_back(tmp_path / "some.csv", 250)
    assert len({one.phone for one in everyone}) == len({one.web for one in everyone}) == 250
    assert {(one.languages, one.handouts) for one in everyone} == {(LANGUAGES, ("osteopetrosis",))}
    assert all(one.logo and dict(one.names)["ar"] for one in everyone)


def test_a_copy_can_be_changed(tmp_path: Path) -> None:
    copy = copy_project(tmp_path / "copy").only(FORMATS)
    settings = tomllib.loads((copy.root / "source" / "handouts.toml").read_text("utf-8"))
    assert settings["build"]["formats"] == FORMATS
    copy.change("sv", "key-differ", "Ja.")
    catalog = (copy.root / "translations/sv/LC_MESSAGES/osteopetrosis.po").read_text("utf-8")
    assert 'varierar mycket. Ja."' in catalog
    with pytest.raises(SystemExit, match="no entry"):
        copy.change("sv", "not-there", "Ja.")


def test_memory_of_orphans_is_counted() -> None:
    child = "import time; x = bytearray(90_000_000); time.sleep(0.4)"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}])"
    cost = run([sys.executable, "-c", parent])
    assert cost.memory > 90
    assert cost.cpu > 0


def test_a_command_that_fails_ends_the_benchmark() -> None:
    with pytest.raises(SystemExit, match="no such leaflet"):
        run([sys.executable, "-c", "raise SystemExit('no such leaflet')"])


def test_tables_show_ratios() -> None:
    ours, other = Cost(2.0, 1.0, 100.0), Cost(3.0, 2.5, 50.0)
    table = Table(
        "(x)", [Line("handout", 10, 10, ours, ours), Line("other", 10, 5, other, ours, 2000.0)], ["y"]
    )
    assert "| other | 10 | 5 | 3.00 | 2.50 | 50 | 250.0 | 2 | 2.50 | 1.50 | 0.50 |" in markdown(table)
    (data,) = json.loads(json.dumps(as_data([table])))
    assert data["lines"][1]["ratios"] == [2.5, 1.5, 0.5]


@pytest.mark.parametrize(("count", "expected"), [(20, list(range(10))), (5, [0, 2, 4, 6, 8]), (3, [0, 3, 6])])
def test_a_sample_is_spread(count: int, expected: list[int]) -> None:
    assert spread(range(10), count) == expected


@pytest.mark.parametrize("bad", [["--table", "e"], ["--organisations", "0"], ["--sample", "0"]])
def test_wrong_wishes_are_refused(bad: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        wishes(bad)
    assert "error" in capsys.readouterr().err
