"""The strict PO reader: the corpus of odd files, one case for every rule, and gettext as the judge."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import struct
import subprocess
from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.catalogs import Catalog, Entry, format_catalog, inspect, parse, read
from pipeline.catalogs.rules import RULES
from pipeline.diagnostics import Severity, TranslationError

CORPUS = Path(__file__).parent / "po"
VERDICTS: dict[str, dict[str, Any]] = json.loads((CORPUS / "verdicts.json").read_text(encoding="utf-8"))
NAME = PurePath("leaflet.po")
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: leaflet 1.0\\n"
"PO-Revision-Date: 2026-03-01 10:00+0100\\n"
"Last-Translator: A <a@example.org>\\n"
"Language-Team: de\\n"
"Language: de\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
TOP = HEADER.count("\n")  # the last line of HEADER
ONE = 'msgctxt "a"\nmsgid "one"\nmsgstr "eins"\n'

MSGFMT = shutil.which("msgfmt")
needs_gettext = pytest.mark.skipif(
    MSGFMT is None and not os.environ.get("CI"), reason="gettext is not installed"
)  # on CI its absence is a failure


def faults(data: bytes) -> list[tuple[str, int]]:
    """Return (code, line) of every fault of a file, or [] when it is read."""
    try:
        parse(data, NAME)
    except TranslationError as error:
        return [(d.code, d.location.line if d.location else 0) for d in error.diagnostics]
    return []


def entry(text: str) -> Entry:
    """Return the one entry of the file that is HEADER and `text`."""
    (only,) = parse((HEADER + text).encode(), NAME).entries
    return only


# The corpus -------------------------------------------------------------------


def test_the_corpus_is_whole() -> None:
    assert {path.stem for path in CORPUS.glob("*.po")} == set(VERDICTS)


@pytest.mark.parametrize("name", sorted(n for n, v in VERDICTS.items() if v["verdict"] == "read"))
def test_corpus_is_read_right(name: str) -> None:
    catalog = read(CORPUS / f"{name}.po")
    messages = [
        {"context": e.context, "id": e.id, "translation": e.translation, "fuzzy": e.fuzzy}
        for e in catalog.entries
        if not e.obsolete
    ]
    assert messages == VERDICTS[name]["messages"]


@pytest.mark.parametrize("name", sorted(n for n, v in VERDICTS.items() if v["verdict"] == "refuse"))
def test_corpus_is_refused_at_the_right_lines(name: str) -> None:
    path = CORPUS / f"{name}.po"
    with pytest.raises(TranslationError) as caught:
        read(path)
    found = caught.value.diagnostics
    assert all(d.severity is Severity.ERROR and d.hint and d.location for d in found)
    lines = {d.location.line for d in found if d.location}
    # Where the verdict names no line (plural forms) any line will do.
    assert lines == set(VERDICTS[name]["lines"]) or not VERDICTS[name]["lines"]


# One case for every rule ------------------------------------------------------

UTF16 = (HEADER + ONE).encode("utf-16")
LATIN = HEADER.replace("UTF-8", "ISO-8859-1")
REFUSED: dict[str, tuple[bytes | str, list[tuple[str, int]]]] = {
    "utf-16": (UTF16, [("C002", 1)]),
    "utf-16 without a mark": (UTF16[2:4], [("C003", 1)]),
    "nul": (HEADER + 'msgid "a"\nmsgstr "b\0c"\n', [("C003", TOP + 2)]),
    "unknown charset": (HEADER.replace("UTF-8", "UTF-9") + ONE, [("C004", 1)]),
    "charset that hides quotes": (HEADER.replace("UTF-8", "SHIFT_JIS") + ONE, [("C004", 1)]),
    "charset of python's own": (HEADER.replace("UTF-8", "unicode_escape") + ONE, [("C004", 1)]),
    "bytes not utf-8": (
        (HEADER + ONE).encode() + b"# \xff\n# \xfe\n",
        [("C005", TOP + 4), ("C005", TOP + 5)],
    ),
    "bytes not ascii": (
        HEADER.replace("UTF-8", "US-ASCII") + "# ß\n" + ONE,
        [("C005", TOP + 1), ("C006", 1)],
    ),
    "utf-8 called latin-1": (LATIN + ONE.replace("eins", "größe"), [("C006", 1)]),
    "byte order mark": ("\ufeff" + HEADER + ONE, [("C007", 1)]),
    "empty": ("", [("C008", 1)]),
    "comments only": ("# nothing\n\n", [("C008", 1)]),
    "carriage return in a text": (
        HEADER + 'msgid "a"\nmsgstr "b\rc"\n',
        [("C009", TOP + 2), ("C023", TOP + 1)],
    ),
    "old line ends": ((HEADER + ONE).replace("\n", "\r"), [("C009", 1)]),
    "comment joined to a message": (HEADER + "# C:\\\n" + ONE, [("C010", TOP + 1)]),
    "conflict": (
        HEADER + '<<<<<<< a\nmsgid "a"\nmsgstr "b"\n||||||| c\n=======\n>>>>>>> d\n',
        [("C011", TOP + n) for n in (1, 4, 5, 6)],
    ),
    "unknown keyword": (HEADER + 'MSGID "a"\n', [("C012", TOP + 1)]),
    "no quotes": (HEADER + 'msgid a\nmsgstr "b"\n', [("C013", TOP + 1)]),
    "keyword alone": (HEADER + 'msgid\n"a"\nmsgstr "b"\n', [("C013", TOP + 1)]),
    "no closing quote": (HEADER + 'msgid "a\nmsgstr "b"\n', [("C014", TOP + 1)]),
    "escaped closing quote": (HEADER + 'msgid "a\\"\nmsgstr "b"\n', [("C014", TOP + 1)]),
    "quote inside": (HEADER + 'msgid "a"\nmsgstr "b "c" d"\n', [("C015", TOP + 2), ("C023", TOP + 1)]),
    "quotes that gettext loses": (HEADER + 'msgid "a "" b"\nmsgstr "c"\n', [("C015", TOP + 1)]),
    "comment behind": (HEADER + 'msgid "a" # b\nmsgstr "c"\n', [("C015", TOP + 1)]),
    "two on a line": (HEADER + 'msgid "a" msgstr "c"\n', [("C015", TOP + 1), ("C023", TOP + 1)]),
    "bad escapes": (HEADER + 'msgid "\\q\\\'"\nmsgstr "c"\n', [("C016", TOP + 1), ("C016", TOP + 1)]),
    "half a letter": (HEADER + 'msgid "\\303\\266"\nmsgstr "c"\n', [("C016", TOP + 1), ("C016", TOP + 1)]),
    "ambiguous hex": (HEADER + 'msgid "\\x41b"\nmsgstr "c"\n', [("C016", TOP + 1)]),
    "escaped nul": (HEADER + 'msgid "\\0"\nmsgstr "c"\n', [("C016", TOP + 1)]),
    "not po": (HEADER + "{}\n§\n" + ONE, [("C017", TOP + 1), ("C017", TOP + 2)]),
    "no-break space": (HEADER + 'msgid\xa0"a"\nmsgstr "b"\n', [("C013", TOP + 1)]),
    "mark twice": (HEADER + '#~ #~ msgid "a"\n' + ONE, [("C017", TOP + 1)]),
    "separator": (HEADER + 'msgid "a\\004b"\nmsgstr "c"\n', [("C018", TOP + 1)]),
    "stray text": (HEADER + ONE + '# c\n"b"\n', [("C020", TOP + 5)]),
    "text not previous": (HEADER + '#| msgid "o"\n"p"\n' + ONE, [("C020", TOP + 2)]),
    "stray msgstr": (HEADER + '# c\nmsgstr "a"\n\n# d\n' + ONE, [("C021", TOP + 2)]),
    "context without msgid": (HEADER + 'msgctxt "a"\nmsgstr "b"\n', [("C021", TOP + 2)]),
    "second msgstr": (HEADER + ONE + 'msgstr "b"\n', [("C022", TOP + 4)]),
    "no msgstr": (HEADER + 'msgid "b"\n\n' + ONE, [("C023", TOP + 3)]),
    "no msgstr at the end": (HEADER + ONE + '\nmsgid "b"\n', [("C023", TOP + 5)]),
    "context alone": (HEADER + 'msgctxt "b"\n' + ONE, [("C024", TOP + 1)]),
    "context at the end": (HEADER + ONE + 'msgctxt "b"\n', [("C024", TOP + 4)]),
    "previous at the end": (HEADER + ONE + '#| msgid "b"\n', [("C024", TOP + 4)]),
    "previous context alone": (HEADER + '#| msgctxt "b"\n' + ONE, [("C024", TOP + 2)]),
    "comment inside": (HEADER + 'msgid "a"\n#\nmsgstr "b"\n', [("C025", TOP + 2)]),
    "comment after previous": (HEADER + '#| msgid "a"\n#, fuzzy\n' + ONE, [("C025", TOP + 2)]),
    "half obsolete": (HEADER + 'msgid "a"\n#~ msgstr "b"\n', [("C026", TOP + 2)]),
    "half obsolete text": (HEADER + '#~ msgid "a"\n#~ msgstr ""\n"b"\n', [("C026", TOP + 3)]),
    "half obsolete previous": (HEADER + '#~| msgid "a"\n' + ONE, [("C026", TOP + 2)]),
    "previous too late": (HEADER + 'msgid "a"\n#| msgid "b"\nmsgstr "c"\n', [("C027", TOP + 2)]),
    "previous twice": (HEADER + '#| msgid "a"\n#| msgid "b"\n' + ONE, [("C027", TOP + 2)]),
    "previous msgstr": (HEADER + '#| msgstr "b"\n' + ONE, [("C027", TOP + 1)]),
    "previous of the header": ('#| msgid "b"\n' + HEADER + ONE, [("C027", 1)]),
    "plural": (
        HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n' + ONE,
        [("C030", TOP + 2)],
    ),
    "numbered": (HEADER + 'msgid "a"\nmsgstr[0] "c"\n' + ONE, [("C030", TOP + 2)]),
    "domain": (HEADER + 'domain "x"\n' + ONE, [("C031", TOP + 1)]),
    "empty context": (HEADER + 'msgctxt ""\nmsgid "a"\nmsgstr "b"\n', [("C032", TOP + 1)]),
    "empty msgid": (HEADER + 'msgctxt "a"\nmsgid ""\nmsgstr "b"\n', [("C033", TOP + 1)]),
    "header obsolete": ('#~ msgid ""\n#~ msgstr "Language: de\\n"\n', [("C033", 1)]),
    "twice": (HEADER + ONE + "\n" + ONE, [("C034", TOP + 5)]),
    "header twice": (HEADER + HEADER + ONE, [("C034", TOP + 1)]),
    "obsolete twice": (HEADER + '#~ msgid "a"\n#~ msgstr "b"\n' * 2, [("C034", TOP + 3)]),
    "one segment, two texts": (HEADER + ONE + ONE.replace("one", "two"), [("C035", TOP + 4)]),
    "header late": (ONE + HEADER, [("C036", 4)]),
    "header without a colon": (HEADER.replace("Language:", "Language"), [("C037", 1)]),
    "header field twice": (HEADER.replace("Language-Team", "language"), [("C038", 1)]),
    "flag misspelt": (HEADER + "#, Fuzzy\n" + ONE, [("C039", TOP + 1)]),
    "flag glued": (HEADER + "#, fuzzy;c-format\n" + ONE, [("C039", TOP + 1)]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_rule(name: str) -> None:
    given_, expected = REFUSED[name]
    data = given_ if isinstance(given_, bytes) else given_.encode()
    assert sorted(faults(data)) == sorted(expected)


def test_every_rule_of_the_reader_has_a_case() -> None:
    covered = {code for _, expected in REFUSED.values() for code, _ in expected}
    assert covered | {"C001"} == {code for code in RULES if code < "C050"}


def test_all_faults_are_told_in_the_order_of_their_lines() -> None:
    data = HEADER + 'msgid "a\nmsgstr "b"\n\nmgsid "c"\n\n#, Fuzzy\nmsgid "d"\nmsgstr "e"\n'
    assert faults(data.encode()) == [("C014", TOP + 1), ("C012", TOP + 4), ("C039", TOP + 6)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TranslationError, match="cannot be opened"):
        read(tmp_path / "none.po")


def test_a_fault_shows_no_control_characters() -> None:
    with pytest.raises(TranslationError) as caught:
        parse((HEADER + 'msgid "a" \x1b[31m\u202e' + "x" * 500 + "\n").encode(), NAME)
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
    assert len(str(caught.value)) < 400


# What is read -----------------------------------------------------------------


def test_every_part_of_an_entry() -> None:
    text = """\
# said by the translator
#
#   indented
#. for translators
#: source/leaflet.md
#: my file.md
#, c-format, fuzzy
#, range: 0..9
#| msgctxt "b"
#| msgid ""
#| "old "
#| "one"
msgctxt "a"
msgid "one"
msgstr ""
"ei"
"ns"
"""
    assert entry(text) == Entry(
        context="a",
        id="one",
        translation="eins",
        fuzzy=True,
        flags=("c-format", "range: 0..9"),
        translator_comments=("said by the translator", "", "  indented"),
        extracted_comments=("for translators",),
        references=("source/leaflet.md", "my file.md"),
        previous_context="b",
        previous_id="old one",
    )
    assert entry(text).line == TOP + 14


@pytest.mark.parametrize(
    "flags",
    ["#, fuzzy", "#,fuzzy", "#= fuzzy", "#! fuzzy", "#, c-format fuzzy", "#, a,fuzzy,b", "#~ #, fuzzy"],
)
def test_fuzzy_is_never_overlooked(flags: str) -> None:
    assert entry(f"{flags}\n{ONE}").fuzzy


@pytest.mark.parametrize("comment", ["# fuzzy", "#. fuzzy", "#: fuzzy", "# , fuzzy", "#fuzzy"])
def test_other_comments_make_nothing_fuzzy(comment: str) -> None:
    assert not entry(f"{comment}\n{ONE}").fuzzy


def test_obsolete_entries_keep_everything_and_are_never_in_use() -> None:
    text = '# c\n#, fuzzy\n#~| msgid "old"\n#~ msgctxt "a"\n#~ msgid "one"\n#~ msgstr ""\n#~ "eins"\n'
    catalog = parse((HEADER + text).encode(), NAME)
    assert catalog.entries == (
        Entry("a", "one", "eins", fuzzy=True, translator_comments=("c",), previous_id="old", obsolete=True),
    )
    assert catalog.get("a") is None


def test_escapes_as_gettext_knows_them() -> None:
    assert entry(r'msgid "\a\b\f\n\r\t\v\\\"\x41\1011"' + '\nmsgstr "x"\n').id == '\a\b\f\n\r\t\v\\"AA1'


def test_only_line_feeds_end_a_line() -> None:
    text = "a\u2028b\u0085c\vd\x1ce\u2029f"
    assert entry(f'msgid "a"\nmsgstr "{text}"\n# x\u2028msgid "q"\n').translation == text


def test_crlf_blank_lines_and_no_last_line_end() -> None:
    text = (HEADER + '\t#, fuzzy\n  msgid\t"a"\n\n\nmsgstr"b" \n\n"c"').replace("\n", "\r\n")
    assert parse(text.encode(), NAME).entries == (Entry(None, "a", "bc", fuzzy=True),)


def test_declared_charset() -> None:
    text = HEADER.replace("UTF-8", "windows-1251") + 'msgid "a"\nmsgstr "кость"\n'
    catalog = parse(text.encode("cp1251"), NAME)
    assert catalog.entries[0].translation == "кость"
    assert catalog.header("content-type") == "text/plain; charset=UTF-8"


def test_headers_keep_order_spelling_and_unknown_fields() -> None:
    text = HEADER.replace('"Language: de\\n"\n', '"Language:\\n"\n"X-Thing:  a: b \\n"\n')
    catalog = parse(("# who\n#, fuzzy\n" + text).encode(), NAME)
    assert [name for name, _ in catalog.headers][3:6] == ["Language-Team", "Language", "X-Thing"]
    assert (catalog.language, catalog.header("x-thing")) == ("", "a: b")
    assert (catalog.header_comments, catalog.header_flags) == (("who",), ("fuzzy",))


def test_a_charset_beside_the_content_type_says_nothing() -> None:
    text = HEADER.replace("leaflet 1.0", "charset=KOI8-R") + 'msgid "a"\nmsgstr "кость"\n'
    assert parse(text.encode(), NAME).entries[0].translation == "кость"


def test_get_is_by_segment() -> None:
    catalog = parse((HEADER + ONE + '\nmsgid "two"\nmsgstr "zwei"\n').encode(), NAME)
    found = catalog.get("a")
    assert found is not None
    assert found.translation == "eins"
    assert catalog.get("two") is None
    assert pickle.loads(pickle.dumps(catalog)) == catalog


# Hostile text -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("translation", "codes"),
    [
        ("a\tb\nc", []),
        ("a \u2067b\u2069 \u2066c \u2068d\u2069\u2069", []),
        ("\u200fa\u200e \u061cb\u200dc\u200cd", []),
        ("a\vb\x1b", ["C050", "C050"]),
        ("a\x9bb\x7f", ["C050", "C050"]),
        ("a\u202eb\u202c", ["C051", "C051"]),
        ("a\u2066b", ["C052"]),
        ("a\u2069b\u2066", ["C052"]),
        ("a\u2066\nb\u2069", ["C052"]),
        ("a\ufffdb", ["C053"]),
        ("a\u2028b", ["C053"]),
        ("a\U000e0041b", ["C053"]),
        ("a\uffff\U0001fffe", ["C053", "C053"]),
        (" \t", ["C055"]),
    ],
)
def test_inspect(translation: str, codes: list[str]) -> None:
    catalog = Catalog(entries=(Entry("a", "one", translation, line=7),), path=NAME)
    found = inspect(catalog)
    assert [d.code for d in found] == codes
    assert all(d.severity is Severity.ERROR and str(d.location) == "leaflet.po:7" for d in found)


def test_inspect_compares_line_ends_and_headers_and_leaves_obsolete_entries() -> None:
    catalog = Catalog(
        headers=(("Last-Translator", "\u202eA"),),
        entries=(Entry("a", "one\n", "\neins"), Entry("b", "two", "\x01", obsolete=True)),
    )
    assert [d.code for d in inspect(catalog)] == ["C051", "C054", "C054"]


# gettext as the judge ---------------------------------------------------------

# What msgfmt -c says of files whose grammar is sound: no header (the corpus wants it read), or a
# translation whose line ends differ from the text's (`inspect` says that).
EXCUSES = ("header missing or invalid", "do not both begin with", "do not both end with")


def msgfmt(data: bytes, folder: Path) -> tuple[bool, str, dict[str, str]]:
    """Return whether msgfmt -c accepts a file, what it says, and the messages it compiles."""
    assert MSGFMT
    target = folder / "out.mo"
    run = subprocess.run(
        [MSGFMT, "-c", "-o", str(target), "-"],
        input=data,
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "LANGUAGE": "C"},
    )
    accepted = run.returncode == 0
    return accepted, run.stderr.decode("utf-8", "replace"), read_mo(target.read_bytes()) if accepted else {}


def read_mo(data: bytes) -> dict[str, str]:
    """Return the messages of a little-endian .mo file (GNU gettext manual, section 10.3)."""
    _, _, count, ids, texts = struct.unpack("<5I", data[:20])

    def text(table: int, number: int) -> str:
        length, start = struct.unpack_from("<2I", data, table + 8 * number)
        return data[start : start + length].decode("utf-8", "replace")

    return {text(ids, n): text(texts, n) for n in range(count)}


def compiled(catalog: Catalog, *, fuzzy: bool = False) -> dict[str, str]:
    """Return what msgfmt should compile of `catalog` without its header, or leave out as fuzzy."""
    return {
        e.id if e.context is None else f"{e.context}\x04{e.id}": e.translation
        for e in catalog.entries
        if e.translation and e.fuzzy is fuzzy and not e.obsolete
    }


@needs_gettext
@pytest.mark.parametrize("name", sorted(VERDICTS))
def test_corpus_against_msgfmt(name: str, tmp_path: Path) -> None:
    data = (CORPUS / f"{name}.po").read_bytes()
    accepted, said, _ = msgfmt(data, tmp_path)
    assert accepted is VERDICTS[name]["gnu_msgfmt_accepts"]
    if not faults(data):
        assert accepted or any(excuse in said for excuse in EXCUSES)
        written = format_catalog(parse(data, NAME)).encode()
        accepted, said, messages = msgfmt(written, tmp_path)
        assert accepted, said
        messages.pop("", None)
        assert messages == compiled(parse(data, NAME))


BASE = (
    HEADER
    + """\
# note
#. role
#: file.md
#, fuzzy, c-format
#| msgctxt "old"
#| msgid ""
#| "früher "
#| "war"
msgctxt "a"
msgid "one"
msgstr "ei\\"ns"

msgctxt "b"
msgid ""
"two\\n"
"lines"
msgstr ""
"zwei\\n"
"Zeilen"

msgid "three\\t\\\\"
msgstr "drei\\101"

#~| msgid "was"
#~ msgctxt "z"
#~ msgid "gone"
#~ msgstr "fort"
"""
)
LETTERS = '\n \t\r\v\f\x01\x04\xa0\u20280é"\\#~|,'
LINES = [
    'msgid "a"\n',
    'msgstr "b"\n',
    'msgctxt "a"\n',
    '"c"\n',
    "#, fuzzy\n",
    "#= fuzzy\n",
    "# c\n",
    "=======\n",
]
WORDS = [
    "#~ ",
    "#| ",
    "#, ",
    "fuzzy",
    "domain",
    "[0]",
    "msgid_plural",
    "msgid ",
    "msgstr",
    '""',
    "\\x41",
    "\\q",
]
PIECES = st.sampled_from([*LETTERS, *LINES, *WORDS])

# How many damaged files are compared with msgfmt: enough to notice a slip, or as many as are asked for.
FUZZED = int(os.environ.get("HANDOUT_FUZZED_FILES", "300"))


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """Return BASE after a few small accidents: lines and letters lost, doubled, moved or put in."""
    text = BASE
    for _ in range(draw(st.integers(1, 3))):
        lines = text.split("\n")
        line = draw(st.integers(0, len(lines) - 1))
        place = draw(st.integers(0, len(text)))
        match draw(st.integers(0, 6)):
            case 0:
                text = text[:place] + draw(PIECES) + text[place:]
            case 1:
                text = text[:place] + text[place + draw(st.integers(1, 3)) :]
            case 2:
                text = "\n".join(lines[:line] + lines[line + 1 :])
            case 3:
                text = "\n".join([*lines[: line + 1], *lines[line:]])
            case 4:
                text = "\n".join([*lines[:line], draw(PIECES) + lines[line], *lines[line + 1 :]])
            case 5:
                other = draw(st.integers(0, len(lines) - 1))
                lines[line], lines[other] = lines[other], lines[line]
                text = "\n".join(lines)
            case _:
                text = text[:place]
    return text.encode()


@needs_gettext
@settings(max_examples=FUZZED, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=mutations())
def test_what_is_read_is_what_msgfmt_reads(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        catalog = parse(data, NAME)
    except TranslationError:
        return
    accepted, said, messages = msgfmt(data, tmp_path_factory.getbasetemp())
    if not accepted:
        errors = [s for s in said.splitlines() if s.startswith("<stdin>") and "warning" not in s]
        assert any(excuse in said for excuse in EXCUSES), said
        assert len(errors) <= 1, said
        return
    # Doubt is the safe side: an older msgfmt takes `#=` for a comment, and msgfmt 0.21 forgets `fuzzy`
    # when a second flag line follows. Never the other way round.
    doubtful = compiled(catalog, fuzzy=True)
    assert {k: v for k, v in messages.items() if k and k not in doubtful} == compiled(catalog)


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), mutations().map(lambda b: b + b"\xff\x00"), mutations()))
def test_no_bytes_make_a_traceback(data: bytes) -> None:
    if not faults(data):
        catalog = parse(data, NAME)
        assert parse(format_catalog(catalog).encode(), NAME).entries == catalog.entries
