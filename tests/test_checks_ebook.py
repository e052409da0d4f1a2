"""The rules for e-books: silent on what we make, and each alone on a book damaged for it."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pytest
from rendered import ROOT, layout, translated

from pipeline.checks import Subject, ebook
from pipeline.diagnostics import Severity
from pipeline.document import segments
from pipeline.editions import Target
from pipeline.renderers import FORMATS, Companions

LANGUAGES = ("ar", "en", "es", "ru", "sv")


@cache
def book(tag: str, edition: str, handout: str = "osteopetrosis") -> Subject:
    """Return the real book; its page list says that each twentieth segment begins a page."""
    part, measures = translated(tag, ROOT, handout), layout(tag, edition, ROOT)
    pages = {s.id: n // 20 + 1 for n, s in enumerate(segments(part.document))}
    data = FORMATS["epub"](part, measures, Companions(pages=pages)).data
    return Subject(Target(tag, handout, edition, "epub"), part, measures, data)


def said(subject: Subject, data: bytes | None = None) -> dict[str, list[str]]:
    """Return what each rule that fired said."""
    given = Subject(subject.target, subject.translated, subject.layout, data or subject.data)
    outcomes = ebook.check(given)
    assert len({o.code for o in outcomes}) == len(outcomes) == 15
    return {o.code: [d.message for d in o.diagnostics] for o in outcomes if o.diagnostics}


def damaged(data: bytes, name: str, pattern: str, replacement: str, *, count: int = 1) -> bytes:
    """Return the book with a text replaced in one file, or in all whose names begin so; it must occur."""
    out, done = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.namelist():
            content = source.read(member)
            if re.fullmatch(f"EPUB/{name}", member):
                text, made = re.subn(pattern, replacement, content.decode(), count=count, flags=re.DOTALL)
                content, done = text.encode(), done + made
            target.writestr(member, content)
    assert done, f"{pattern} is not in {name}"
    return out.getvalue()


@pytest.mark.parametrize("handout", ["at-a-glance", "infant-form", "osteopetrosis"])
@pytest.mark.parametrize("edition", ["clear", "large"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_books_that_we_make_break_no_rule(tag: str, edition: str, handout: str) -> None:
    assert said(book(tag, edition, handout)) == {}


# What is damaged: language, file, what is replaced, by what; the rule that must say so.
DAMAGE = [
    ("B001", "en", "what.xhtml", "</p>", "</q>"),
    ("B002", "en", "content.opf", "<dc:language>en<", "<dc:language>fr<"),
    ("B002", "ar", "content.opf", 'xml:lang="ar"', 'xml:lang="en"'),
    ("B002", "ar", "what.xhtml", ' lang="ar"', ' lang="en"'),
    ("B002", "ar", "what.xhtml", ' xml:lang="ar"', ""),
    ("B003", "ar", "content.opf", ' dir="rtl"', ""),
    ("B003", "ar", "content.opf", ' page-progression-direction="rtl"', ""),
    ("B003", "ar", "what.xhtml", ' dir="rtl"', ""),
    ("B003", "ar", "title.xhtml", ' dir="ltr"', ""),
    ("B004", "en", "causes.xhtml", "(<section [^>]*>)(<h1)", r"\1<h3>More</h3>\2"),
    ("B004", "en", "infant.xhtml", "<h2([^>]*)>(.*?)</h2>", r"<h2\1>\2</h2><h4>More</h4>"),
    ("B005", "en", "names.xhtml", "<caption.*?</caption>", ""),
    ("B005", "en", "names.xhtml", ' scope="col"', ""),
    ("B005", "en", "names.xhtml", ' scope="row"', ""),
    ("B006", "en", "cover.xhtml", 'alt="[^"]*"', 'alt="Cover"'),
    ("B006", "en", "causes.xhtml", 'aria-label="[^"]*"(?=>)', 'aria-label="image"'),
    ("B006", "en", "bone.xhtml", ' role="img"', ""),
    ("B007", "en", "nav.xhtml", '<li><a href="what.xhtml">.*?</li>', ""),
    ("B007", "en", "nav.xhtml", '(<a href="what.xhtml">)[^<]*', r"\1Something else"),
    (
        "B007",
        "en",
        "nav.xhtml",
        '(<li><a href="what.xhtml">[^/]*</a></li>)(<li><a href="names.xhtml">[^/]*</a></li>)',
        r"\2\1",
    ),
    ("B008", "en", "nav.xhtml", '<li><a href="[^"]*#page_[^/]*</a></li>', ""),
    ("B008", "en", "content.opf", '<meta property="pageBreakSource">[^/]*</meta>', ""),
    ("B008", "en", "[a-z]*.xhtml", 'aria-label="2"', 'aria-label="3"'),
    ("B009", "en", "nav.xhtml", ' epub:type="bodymatter"', ""),
    ("B010", "en", "content.opf", '<meta property="schema:accessModeSufficient">[^/]*</meta>', ""),
    ("B010", "en", "content.opf", '<meta property="schema:accessibilitySummary">[^/]*</meta>', ""),
    ("B010", "en", "content.opf", "alternativeText", "largePrint"),
    (
        "B011",
        "en",
        "content.opf",
        "</metadata>",
        '<meta property="dcterms:conformsTo">EPUB Accessibility 1.1</meta></metadata>',
    ),
    ("B012", "en", "content.opf", "urn:uuid:[0-9a-f-]*<", "urn:uuid:0d4c7f4e-9a37-4e11-8c0b-8a5500000000<"),
    ("B012", "en", "content.opf", "(dcterms:modified..)[^<]*", r"\g<1>2031-01-01T00:00:00Z"),
    ("B013", "en", "style.css", "body {", "body { font-size: 14px;"),
    ("B013", "en", "style.css", "body {", "body { color: #222;"),
    ("B013", "en", "style.css", "body {", "body { background: #fff;"),
    ("B013", "ar", "style.css", "h1 {", "h1 { letter-spacing: 0.05em;"),
    ("B014", "en", "what.xhtml", 'href="[^"]*#term-', 'href="glossary.xhtml#nothing-'),
    ("B015", "en", "what.xhtml", "</body>", "<script>1</script></body>"),
    ("B015", "en", "style.css", "body {", "body { --x: url(https://example.org/a.png);"),
]


@pytest.mark.parametrize(("code", "tag", "name", "pattern", "replacement"), DAMAGE)
def test_each_damage_is_seen_by_its_rule_alone(
    code: str, tag: str, name: str, pattern: str, replacement: str
) -> None:
    clean = book(tag, "clear")
    assert list(said(clean, damaged(clean.data, name, pattern, replacement))) == [code]


def test_a_large_book_must_say_that_it_is_large() -> None:
    clean = book("en", "large")
    silent = damaged(clean.data, "content.opf", "<meta [^>]*>largePrint</meta>", "")
    assert list(said(clean, silent)) == ["B010"]


def test_data_in_a_script_are_no_script() -> None:
    clean = book("en", "clear")
    data = '<script type="application/ld+json">{}</script></body>'
    assert said(clean, damaged(clean.data, "what.xhtml", "</body>", data)) == {}


def test_what_cannot_be_opened_leaves_the_other_rules_without_a_verdict() -> None:
    clean = book("en", "clear")
    given = Subject(clean.target, clean.translated, clean.layout, clean.data[:500])
    first, *others = ebook.check(given)
    assert first.verdict is Severity.FAIL
    assert {o.verdict for o in others} == {Severity.SKIP}


def test_every_rule_has_a_damaged_book() -> None:
    assert {code for code, *_ in DAMAGE} == {o.code for o in ebook.check(book("en", "clear"))}
