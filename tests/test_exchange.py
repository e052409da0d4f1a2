"""Interchange: what goes out comes back the same; what comes back wrong is named and not taken."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.catalogs import Catalog, Entry, format_catalog, read
from pipeline.diagnostics import ExitCode, TranslationError
from pipeline.exchange import (
    Concept,
    Incoming,
    format_tbx,
    format_tmx,
    format_word,
    format_xliff,
    merge,
    read_word,
    read_xliff,
)
from pipeline.exchange.markup import pieces_of
from pipeline.languages import language

ROOT = Path(__file__).parent.parent
X = "{urn:oasis:names:tc:xliff:document:2.0}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SHOWN = PurePosixPath("back.xlf")
Run = Callable[..., Result]

TERM = 'Cells (<term id="osteoclast">osteoclasts</term>) and <abbr id="csf">CSF</abbr>.'
ENTRIES = (
    Entry("plain", "Bones break.", "Ben bryts.", translator_comments=("a note",)),
    Entry("tags", TERM, '<abbr id="csf">CSF</abbr> och celler (<term id="osteoclast">osteoklaster</term>).'),
    Entry("open", "Not yet."),
    Entry("doubt", "New words.", "Gamla ord.", fuzzy=True, previous_id="Old words."),
    Entry("gone", "Old.", "Gammal.", obsolete=True),
)
CATALOG = Catalog(ENTRIES, headers=(("Language", "sv"), ("Content-Type", "text/plain; charset=UTF-8")))


def xliff(catalog: Catalog = CATALOG) -> bytes:
    return format_xliff(catalog, source="en", target="sv", original="sv.po")


def back(data: bytes, catalog: Catalog = CATALOG) -> Catalog:
    merged = merge(catalog, read_xliff(data, SHOWN)[1])
    assert not merged.refused
    return merged.catalog


def word(catalog: Catalog = CATALOG) -> bytes:
    return format_word(catalog, source=language("en"), target=language("sv"), title="Bones")


# What goes out comes back the same ---------------------------------------------------------------


@pytest.mark.parametrize("tag", ["ar", "es", "ru", "sv"])
def test_a_shipped_catalog_survives_xliff_and_word_to_the_byte(tag: str) -> None:
    path = ROOT / "translations" / tag / "LC_MESSAGES" / "osteopetrosis.po"
    catalog = read(path)
    sent = format_xliff(catalog, source="en", target=tag, original=path.name)
    through = back(sent, catalog)
    assert format_catalog(through).encode() == path.read_bytes()
    assert format_xliff(through, source="en", target=tag, original=path.name) == sent
    table = format_word(catalog, source=language("en"), target=language(tag), title="x")
    merged = merge(catalog, read_word(table, SHOWN))
    assert (merged.refused, merged.changed) == ((), {})
    assert format_catalog(merged.catalog).encode() == path.read_bytes()


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), max_size=20)
ESCAPED = WORDS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
TAGGED = st.lists(
    st.one_of(
        ESCAPED,
        ESCAPED.map(lambda text: f"<strong>{text}</strong>"),
        st.just('<ref id="q1"/>'),
        st.just('<abbr id="csf">CSF</abbr>'),
        st.just("</em>"),
        st.just("<em>"),
    ),
    max_size=6,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(TAGGED.filter(str.strip))
def test_any_message_survives_xliff(text: str) -> None:
    catalog = Catalog((Entry("a", text, text),), headers=CATALOG.headers)
    (incoming,) = read_xliff(xliff(catalog), SHOWN)[1]
    assert incoming.source == text
    assert incoming.translation == text


@given(TAGGED)
def test_pieces_hold_the_whole_message(text: str) -> None:
    rebuilt = "".join(
        piece.code or piece.text.replace("&", "&amp;").replace("<", "&lt;") for piece in pieces_of(text)
    )
    assert rebuilt == text


def test_xliff_says_what_each_unit_needs() -> None:
    root = etree.fromstring(xliff())
    assert (root.get("version"), root.get("srcLang"), root.get("trgLang")) == ("2.1", "en", "sv")
    states = {u.get("id"): u[-1].get("state") for u in root.iter(f"{X}unit")}
    assert states == {"plain": "translated", "tags": "translated", "open": "initial", "doubt": "initial"}
    (unit,) = [u for u in root.iter(f"{X}unit") if u.get("id") == "tags"]
    for side in ("source", "target"):
        (text,) = unit.iter(f"{X}{side}")
        codes = list(text.iter(f"{X}pc", f"{X}ph"))
        assert sorted(str(code.get("id")) for code in codes) == ["1", "2"]
        assert {code.get("canDelete") for code in codes} == {"no"}
        assert "CSF" not in "".join(map(str, text.itertext()))
    assert root.findtext(f".//{X}note[@category='translator']") == "a note"


def test_an_agency_may_split_a_unit() -> None:
    root = etree.fromstring(xliff())
    (unit,) = [u for u in root.iter(f"{X}unit") if u.get("id") == "plain"]
    unit.remove(unit[-1])
    for source, target in (("Bones ", "Benen "), ("break.", "bryts lätt.")):
        segment = etree.SubElement(unit, f"{X}segment", state="reviewed")
        etree.SubElement(segment, f"{X}source").text = source
        etree.SubElement(segment, f"{X}target").text = target
    entry = back(etree.tostring(root)).get("plain")
    assert entry is not None
    assert (entry.translation, entry.fuzzy) == ("Benen bryts lätt.", False)


def test_a_finished_unit_is_no_longer_in_doubt() -> None:
    data = xliff().replace(b'state="initial" subState="handout:needs-work"', b'state="final"')
    entry = back(data).get("doubt")
    assert entry is not None
    assert (entry.fuzzy, entry.previous_id) == (False, None)


# What comes back wrong is not taken --------------------------------------------------------------


def refusals(data: bytes) -> list[str]:
    merged = merge(CATALOG, read_xliff(data, SHOWN)[1])
    assert merged.catalog == CATALOG
    return [f"{r.segment}: {r.reason}" for r in merged.refused]


def changed(pattern: str, replacement: str) -> bytes:
    text, count = re.subn(pattern, replacement, xliff().decode(), count=1, flags=re.DOTALL)
    assert count == 1
    return text.encode()


def test_a_code_that_was_deleted_or_copied_is_named() -> None:
    code = r'(<target>)(<ph id="\d"[^>]*/>)'
    assert refusals(changed(code, r"\1")) == ['tags: the tag <abbr id="csf"> is missing']
    assert refusals(changed(code, r"\1\2\2")) == ['tags: the tag <abbr id="csf"> is not in the source']


def test_a_unit_that_is_not_ours_is_named() -> None:
    assert refusals(changed('unit id="plain"', 'unit id="other"')) == [
        "other: there is no such segment in the catalog"
    ]


def test_a_source_that_changed_since_is_named() -> None:
    (reason,) = refusals(changed("<source>Bones break.</source>", "<source>Bones bend.</source>"))
    assert reason.startswith("plain: the source text is not that of the catalog")


def test_a_segment_that_stands_twice_is_named() -> None:
    twice = [Incoming(f"row {n}", "plain", "Bones break.", f"Ben {n}.") for n in (2, 3)]
    merged = merge(CATALOG, twice)
    assert [(r.place, r.reason) for r in merged.refused] == [("row 3", "the segment stands in row 2 already")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'/>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xliff xmlns='
        b"'urn:oasis:names:tc:xliff:document:2.0'>&e;</xliff>",
    ],
)
def test_what_is_no_xliff_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(TranslationError) as caught:
        read_xliff(data, SHOWN)
    assert str(caught.value).count("\n") <= 1


def test_an_empty_translation_empties_nothing() -> None:
    merged = merge(CATALOG, [Incoming("row 2", "plain", "Bones break.", "  ")])
    assert (merged.catalog, merged.refused) == (CATALOG, ())


# Word --------------------------------------------------------------------------------------------


def edit(data: bytes, *changes: tuple[str, str]) -> bytes:
    """Return a Word file with texts of its document replaced; each must be there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                text = content.decode()
                for before, after in changes:
                    assert before in text
                    text = text.replace(before, after)
                content = text.encode()
            new.writestr(name, content)
    return out.getvalue()


def rows(data: bytes) -> list[Incoming]:
    return list(read_word(data, PurePosixPath("back.docx")))


def test_the_table_has_a_header_row_and_the_translators_language() -> None:
    with zipfile.ZipFile(io.BytesIO(word())) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    (table,) = root.iter(f"{W}tbl")
    first, *rest = table.iter(f"{W}tr")
    assert first.find(f"{W}trPr/{W}tblHeader") is not None
    assert len(rest) == 4
    assert {lang.get(f"{W}val") for row in rest for lang in row.iter(f"{W}lang")} == {"sv-SE"}


def test_tracked_changes_and_split_runs_are_read_as_the_reader_sees_them() -> None:
    new = (
        "<w:t>Ben</w:t></w:r><w:r><w:t>en</w:t></w:r>"
        '<w:del w:id="1" w:author="x"><w:r><w:delText> gamla</w:delText></w:r></w:del>'
        '<w:del w:id="2" w:author="x"><w:r><w:t> borta</w:t></w:r></w:del>'
        '<w:ins w:id="3" w:author="x"><w:r><w:t xml:space="preserve"> bryts lätt.</w:t></w:r></w:ins>'
    )
    merged = merge(CATALOG, rows(edit(word(), ("<w:t>Ben bryts.</w:t></w:r>", new))))
    entry = merged.catalog.get("plain")
    assert entry is not None
    assert entry.translation == "Benen bryts lätt."
    assert merged.changed == {"plain": "row 2"}


def test_the_status_column_decides_what_still_needs_work() -> None:
    data = edit(word(), ("<w:t>needs work</w:t>", "<w:t>Done </w:t>"))
    entry = merge(CATALOG, rows(data)).catalog.get("doubt")
    assert entry is not None
    assert not entry.fuzzy


def test_a_document_without_the_table_is_refused() -> None:
    for data in (b"PK", edit(word(), ("Segment", "Abschnitt"))):
        with pytest.raises(TranslationError):
            rows(data)


# Memory and term base ----------------------------------------------------------------------------


def test_a_memory_holds_what_is_finished_and_nothing_else() -> None:
    root = etree.fromstring(format_tmx({"sv": CATALOG}, source="en"))
    assert [unit.get("tuid") for unit in root.iter("tu")] == ["plain", "tags"]
    variants = [v.get("{http://www.w3.org/XML/1998/namespace}lang") for v in root.iter("tuv")]
    assert variants == ["en", "sv", "en", "sv"]
    first, _ = root.iter("bpt")
    assert first.text == '<term id="osteoclast">'


def test_a_term_base_holds_each_language_of_a_concept() -> None:
    concept = Concept("a", (("en", "marrow", "Soft tissue."), ("sv", "märg", "")), "BM")
    root = etree.fromstring(format_tbx([concept], source="en", title="T"))
    space = "{urn:iso:std:iso:30042:ed-2}"
    assert [t.text for t in root.iter(f"{space}term")] == ["marrow", "BM", "märg", "BM"]


# The commands ------------------------------------------------------------------------------------

PO = Path("translations", "de", "LC_MESSAGES", "handwash.po")


def test_a_corrected_table_changes_its_rows_and_names_the_wrong_ones(
    handwash: Path, handout_here: Run, tmp_path: Path
) -> None:
    table = tmp_path / "de.docx"
    done = handout_here("catalogs", "export", "-l", "de", "--as", "word", "-o", table, project=handwash)
    assert done.exit_code == 0, done.output
    before = (handwash / PO).read_text("utf-8")
    wet = ("Machen Sie die Hände nass.", "Machen Sie beide Hände nass.")
    table.write_bytes(edit(table.read_bytes(), wet, ("20 Sekunden", "200 Sekunden")))
    tried = handout_here("catalogs", "import", "-l", "de", "--dry-run", table, project=handwash)
    assert (handwash / PO).read_text("utf-8") == before
    done = handout_here("catalogs", "import", "-l", "de", table, project=handwash)
    assert done.exit_code == tried.exit_code == ExitCode.FINDINGS
    assert "1 translation changed, 1 not taken" in done.output
    assert re.search(
        r"de\.docx: row \d+, “[a-z-]+”: not taken: T010: 20 of the source is missing", done.output
    )
    assert (handwash / PO).read_text("utf-8") == before.replace(*wet)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "--as", "xliff"), ""),
        (("export", "--as", "word", "-l", "fi"), "there is no translation into “fi”"),
        (("import", "{file}"), "is neither .xlf nor .docx"),
    ],
)
def test_wrong_use_is_told(
    arguments: tuple[str, ...], said: str, handwash: Path, handout_here: Run, tmp_path: Path
) -> None:
    file = tmp_path / "x.txt"
    file.write_text("x", "utf-8")
    words = [str(file) if word == "{file}" else word for word in arguments]
    if "export" in words:
        words += ["-o", str(tmp_path / "out")]
    done = handout_here("catalogs", *words, project=handwash)
    assert said in done.output
    assert (done.exit_code == 0) is (said == "")
