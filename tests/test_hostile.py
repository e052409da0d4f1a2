"""Hostile words: whatever sources, settings and translations say, it reaches a reader as text or not at all.

What a source may not say is refused with file and line; those cases stand in test_reader_faults.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree
from projects_made import FIGURE, FRONT, GLOSSARY, HANDOUTS, write_project
from rendered import READERS, ROOT, fonts_folder, package, page, words, xml

from pipeline import catalogs, fonts, interface
from pipeline.catalogs import Catalog, Entry
from pipeline.checks.pages import read_sheets
from pipeline.diagnostics import PipelineError, RenderError, UsageError
from pipeline.document import Document, TranslatedDocument, plain_text, segments
from pipeline.editions import EDITIONS, PAPERS, Layout, lay_out
from pipeline.languages import language
from pipeline.reader import open_project, read
from pipeline.renderers import FORMATS, Companions
from pipeline.selection import select
from pipeline.translation import extract, translate, translate_interface

PAYLOADS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "file:///etc/passwd",
    "url(http://example.org/x.png)",
    "&amp; &lt;b&gt; &#60;i&#62; &nope;",
    "]]> --> </style> </title> </svg>",
    "{{issued}} {number} ${x} %s {0}",
    "</w:t><w:br/> <?xml-stylesheet href='http://example.org'?>",
    "javascript:alert(1) data:text/html,x",
    "\\\" } body{display:none} @import 'http://example.org'; \\",
    "../../../etc/passwd",
    "=cmd|' /C calc'!A0",
)
ALL = " ".join(PAYLOADS)


def escaped(text: str) -> str:
    """Return Markdown inside TOML that says `text`."""
    markdown = re.sub(r"([\\<&*_\[\]{}])", r"\\\1", text)
    return json.dumps(markdown)


BODY = (
    "\n## Heading {#heading}\n\n"
    + "\n\n".join(f"Text {n}. {{#text-{n}}}" for n in range(len(PAYLOADS)))
    + '\n\nThe [\\<i>&"](abbr:bad) and the [word](term:bad). {#calls}\n\n'
    + "Of {{version}} by {{authors}} under {{licence}}. {#values}\n"
    + FIGURE
    + "\n::: table table\nCaption. {#caption}\n\n| Head {#head} | Other {#other} |\n| --- | --- |\n"
    + "| Row {#row} | Cell {#cell} |\n:::\n\n## Words {#words}\n\n::: glossary\n:::\n"
)
# Braces in a source's text look like a forgotten id and are refused; a translation may have them.
SAFE = tuple(p for p in PAYLOADS if "{" not in p)
FRONT_HOSTILE = (
    FRONT.replace('"A leaflet"', escaped(SAFE[0]))
    .replace('"For a test"', escaped(SAFE[1]))
    .replace('"What the test is about."', escaped(" ".join(SAFE)))
    .replace('"1.0"', json.dumps(PAYLOADS[4]))
    .replace("+++\nslug", f"+++\nlicence = {json.dumps(PAYLOADS[5])}\nauthors = {json.dumps(PAYLOADS)}\nslug")
)
GLOSSARY_HOSTILE = f"""{GLOSSARY}
[[term]]
id = "bad"
term = {escaped(SAFE[0])}
explanation = {escaped(" ".join(SAFE))}

[[abbreviation]]
id = "bad"
text = '<i>&"'
expansion = {escaped(SAFE[1])}
"""


def evil(context: str) -> str:
    """Return the translation of a segment: the next payload, or all of them."""
    number = context.removeprefix("text-")
    return PAYLOADS[int(number)] if number.isdecimal() else ALL


KEPT = {"calls", "values"}  # these have tags, which a translation must keep


def catalog_of(source: Document, translation: Callable[[str], str]) -> Catalog:
    """Return a catalog with a made-up translation of every segment but those whose tags must stay."""
    entries = (
        Entry(m.context, m.id, m.id if m.context in KEPT else translation(m.context)) for m in extract(source)
    )
    return Catalog(entries=tuple(entries), path=Path("de.po"))


@cache
def hostile(tag: str) -> TranslatedDocument:
    """Return the hostile project: "en" as it is, "de" with hostile translations."""
    root = write_project(
        fonts_folder() / "hostile" / tag,
        front=FRONT_HOSTILE,
        body=BODY,
        glossary=GLOSSARY_HOSTILE,
        handouts=f"{HANDOUTS}title = {escaped(SAFE[1])}\n",
    )
    source = read(open_project(root))
    catalog = catalog_of(source, evil)
    assert not catalogs.inspect(catalogs.parse(catalogs.format_catalog(catalog).encode(), Path("de.po")))
    labels = interface.english() if tag == "en" else evil_labels()
    made = translate(source, language(tag), catalog=None if tag == "en" else catalog, labels=labels)
    return select(made, "leaflet")


def evil_labels() -> dict[str, str]:
    """Return the interface's words as a hostile translator would have them, through the catalog's rules."""
    labels = interface.english().items()
    entries = (Entry(name, text, text + PAYLOADS[9] + PAYLOADS[0]) for name, text in labels)
    return translate_interface(Catalog(entries=tuple(entries), path=Path("interface.po")))


@cache
def layout(tag: str) -> Layout:
    whole = hostile(tag)
    sample = " ".join(plain_text(s.children) for s in segments(whole.document))
    faces = fonts.typefaces(whole.language, sample, cache_folder=fonts_folder())
    return lay_out(EDITIONS["clear"], PAPERS["a4"], language=whole.language, faces=faces, sample=sample)


@cache
def made(tag: str, name: str) -> bytes:
    return FORMATS[name](hostile(tag), layout(tag), Companions()).data


BOTH = [(tag, name) for tag in ("en", "de") for name in FORMATS]


@pytest.mark.parametrize(("tag", "name"), BOTH)
def test_hostile_words_are_shown_as_they_are(tag: str, name: str) -> None:
    shown = words(READERS[name](made(tag, name)))
    shown_text = " ".join(shown)
    document = hostile(tag).document
    ids = ("text-", "values", "term-bad", document.front.title.id)
    wanted = [s for s in segments(document) if s.id.startswith(ids)]
    assert len(wanted) >= len(PAYLOADS) + 4
    for segment in wanted:
        assert " ".join(words(plain_text(segment.children))) in shown_text, segment.id
    if name != "pdf":
        # PDF readers break lines; elsewhere the very characters are there.
        whole = " ".join(READERS[name](made(tag, name)).split())
        for segment in wanted:
            assert plain_text(segment.children) in whole


def roots(tag: str, name: str) -> list[Any]:
    """Return every document of markup in a file."""
    data = made(tag, name)
    if name == "html":
        return [page(data)]
    kinds = (".xhtml", ".xml", ".opf", ".rels")
    return [xml(text) for path, text in package(data).items() if path.endswith(kinds)]


@pytest.mark.parametrize(("tag", "name"), [c for c in BOTH if c[1] in ("html", "epub", "docx")])
def test_hostile_words_make_no_markup(tag: str, name: str) -> None:
    for root in roots(tag, name):
        for node in root.iter():
            assert isinstance(node.tag, str) or name == "html", "no instruction and no remark"
            local = etree.QName(node).localname if isinstance(node.tag, str) else ""
            assert local not in ("script", "iframe", "object", "embed", "i", "altChunk", "attachedTemplate")
            assert local != "img" or node.get("src") == "cover.png"
            for key, value in node.attrib.items():
                assert not str(key).startswith("on"), key
                if str(key).rpartition("}")[2] in ("href", "src", "action", "id", "Target"):
                    assert not re.search(r"script|passwd|example\.org|data:", str(value)), value
            assert node.get("TargetMode") != "External"


def test_hostile_titles_are_titles() -> None:
    title = plain_text(hostile("en").document.front.title.children)
    assert title == SAFE[1]
    assert page(made("en", "html")).findtext(".//title") == title
    book = package(made("en", "epub"))
    assert xml(book["EPUB/content.opf"]).findtext(".//{http://purl.org/dc/elements/1.1/}title") == title
    assert xml(book["EPUB/nav.xhtml"]).find(".//{*}li/{*}a").text == title
    word = package(made("en", "docx"))
    assert xml(word["docProps/core.xml"]).findtext(".//{http://purl.org/dc/elements/1.1/}title") == title
    with pikepdf.open(io.BytesIO(made("en", "pdf"))) as pdf, pdf.open_metadata() as metadata:
        assert str(pdf.docinfo["/Title"]) == title
        assert metadata["dc:title"] == title
    assert made("en", "txt").decode().startswith(f"# {title}\n")


def test_a_hostile_page_label_does_not_leave_its_string() -> None:
    # The page number is an artifact, which no reader of the text speaks; it is on the page all the same.
    units = (unit for sheet in read_sheets(made("de", "pdf")) for unit in sheet.units)
    text = words("\n".join("".join(run.text for run in unit) for unit in units))
    assert text.count("display") >= 2
    assert find_run(text, ["Page", "1", "of"])
    assert find_run(text, words(PAYLOADS[0])), "the body is displayed"


def find_run(text: list[str], wanted: list[str]) -> bool:
    return any(text[n : n + len(wanted)] == wanted for n in range(len(text)))


@pytest.mark.parametrize("tag", ["en", "de"])
def test_a_hostile_pdf_has_no_actions_and_no_files(tag: str) -> None:
    with pikepdf.open(io.BytesIO(made(tag, "pdf"))) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary):
                assert not {"/JS", "/JavaScript", "/EmbeddedFile", "/URI", "/Launch"} & set(thing.keys())
                assert thing.get("/S") not in ("/URI", "/JavaScript", "/Launch", "/GoToR")


@pytest.mark.parametrize("name", FORMATS)
def test_a_word_without_end_is_shown_or_refused(name: str) -> None:
    word, whole = "W" * 10_000, hostile("en")
    catalog = catalog_of(whole.document, lambda _: word)
    translated = translate(whole.document, language("de"), catalog=catalog, labels=interface.english())
    try:
        data = FORMATS[name](translated, layout("en"), Companions()).data
    except RenderError:
        return
    text = "".join(READERS[name](data).split())
    assert text.count("W" * 50) if name == "pdf" else text.count(word) >= len(PAYLOADS)


# --- Refused ------------------------------------------------------------------------------------

HARMFUL = ["\x01", "\x1b", "\x7f", "\u202e", "\u202b", "\ufeff", "\U000e0041", "\ufffe"]
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.parametrize("character", HARMFUL)
def test_a_translation_with_a_harmful_character_is_named_by_its_line(character: str) -> None:
    text = f'{HEADER}msgctxt "a"\nmsgid "A"\nmsgstr "x{character}y"\n'
    found = catalogs.inspect(catalogs.parse(text.encode(), Path("translations/de.po")))
    assert [str(d.location) for d in found] == ["translations/de.po:5"]


def test_a_translation_with_a_nul_is_refused() -> None:
    text = f'{HEADER}msgid "A"\nmsgstr "x\0y"\n'
    with pytest.raises(PipelineError, match=r"de\.po:5"):
        catalogs.parse(text.encode(), Path("de.po"))


@pytest.mark.parametrize(
    "change",
    [
        ('id = "leaflet"', 'id = "../leaflet"'),
        ('id = "leaflet"', 'id = "a/b"'),
        ('id = "leaflet"', 'id = "<b>"'),
        ('id = "leaflet"', 'id = ""'),
        ('html = ["clear"]', 'html = ["../clear"]'),
        ('html = ["clear"]', '"../html" = ["clear"]'),
        ('source = "leaflet.md"', 'source = "leaflet.md"\nplugin = "evil"'),
    ],
)
def test_settings_cannot_name_what_is_not_theirs(change: tuple[str, str], tmp_path: Path) -> None:
    assert change[0] in HANDOUTS
    root = write_project(tmp_path, handouts=HANDOUTS.replace(*change))
    with pytest.raises(PipelineError, match=r"source/handouts\.toml"):
        open_project(root)


@pytest.mark.parametrize("tag", ["../../etc", "en/../..", "<script>", "en\u202e"])
def test_a_language_is_no_path(tag: str) -> None:
    with pytest.raises(UsageError):
        language(tag)


# --- No network, no other file ------------------------------------------------------------------

WATCHED = """
import json, sys
sys.path.insert(0, sys.argv[1])
import test_hostile as t
for name in t.FORMATS:  # what is imported late is imported now
    t.made("en", name)
t.layout("de")
seen = []
def watch(event, arguments):
    kind = event.split(".")[0]
    if kind in ("open", "socket", "urllib", "http", "subprocess", "ftplib", "os", "shutil", "tempfile"):
        seen.append([event, [str(a) for a in arguments]])
sys.addaudithook(watch)
for name in t.FORMATS:
    t.made("de", name)
print(json.dumps({"seen": seen, "fonts": str(t.fonts_folder()), "prefix": [sys.prefix, sys.base_prefix]}))
"""


def test_renderers_open_fonts_and_styles_and_nothing_of_others() -> None:
    """Python's own audit events show each file that is opened and each use of the network.

    What the libraries bring with them (templates, a color profile) lies under Python's own prefix.
    """
    run = subprocess.run(
        [sys.executable, "-c", WATCHED, str(ROOT / "tests")],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        cwd=ROOT,
    )
    result = json.loads(run.stdout)
    assert result["seen"], "the watcher sees something"
    allowed = (result["fonts"], *result["prefix"], str(ROOT / "pipeline" / "renderers" / "styles"))
    for event, arguments in result["seen"]:
        assert event in ("open", "os.listdir", "os.scandir"), (event, arguments)
        if event != "open":
            continue
        path, mode = arguments[0], arguments[1]
        assert path.startswith(allowed), path
        assert mode in ("r", "rb"), (path, mode)
