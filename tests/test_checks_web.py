"""The rules for web pages: silent on what we make, and each alone on a page damaged for it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from rendered import ROOT, layout, translated

from pipeline.checks import Subject, web
from pipeline.editions import Target
from pipeline.renderers import FORMATS, Companions

LANGUAGES = ("ar", "en", "es", "ru", "sv")


@cache
def page(tag: str, handout: str = "osteopetrosis") -> Subject:
    """Return the real page with links to its translations and other formats."""
    beside = Companions(
        translations=tuple(
            (other, f"{'' if other == tag else f'../{other}/'}{handout}-clear.html") for other in LANGUAGES
        ),
        formats=(("pdf", "large", f"{handout}-large.pdf"),),
    )
    part, measures = translated(tag, ROOT, handout), layout(tag, root=ROOT)
    return Subject(
        Target(tag, handout, "clear", "html"), part, measures, FORMATS["html"](part, measures, beside).data
    )


def said(subject: Subject) -> dict[str, list[str]]:
    """Return what each rule that fired said."""
    outcomes = web.check(subject)
    assert len({o.code for o in outcomes}) == len(outcomes) == 12
    return {o.code: [d.message for d in o.diagnostics] for o in outcomes if o.diagnostics}


def damaged(subject: Subject, pattern: str, replacement: str) -> Subject:
    """Return the page with a text replaced once; it must occur."""
    text, made = re.subn(pattern, replacement, subject.data.decode(), count=1, flags=re.DOTALL)
    assert made, f"{pattern} is not there"
    return replace(subject, data=text.encode())


@pytest.mark.parametrize("handout", ["at-a-glance", "infant-form", "osteopetrosis"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_pages_that_we_make_break_no_rule(tag: str, handout: str) -> None:
    assert said(page(tag, handout)) == {}


# What is damaged: language, what is replaced, by what; the rule that must say so.
DAMAGE = [
    ("H001", "ar", '<html lang="ar"', '<html lang="en"'),
    ("H001", "ar", '<html lang="ar" dir="rtl"', '<html lang="ar"'),
    ("H001", "ar", '(role="note" lang="en") dir="ltr"', r"\1"),
    ("H002", "en", "<title>[^<]*", "<title>Document"),
    ("H003", "en", "<h3([^>]*)>(.*?)</h3>", r"<h3\1>\2</h3><h5>More</h5>"),
    ("H003", "en", "</header>", "<h1>Again</h1></header>"),
    ("H004", "en", '<a href="#main_" class="skip">.*?</a>', ""),
    ("H004", "en", ' tabindex="-1"', ""),
    ("H004", "en", ' aria-labelledby="contents_"', ""),
    ("H005", "en", 'href="#term-[a-z-]*"', 'href="#term-nothing"'),
    ("H005", "en", '<p id="[^"]*"', '<p id="main_"'),
    ("H005", "en", "<p>|<p id", '<a href="https://example.org/"></a><p id'),
    ("H006", "en", "<caption.*?</caption>", ""),
    ("H006", "en", ' scope="col"', ""),
    ("H006", "en", "<tr><th([^>]*?) scope=.row.", r"<tr><th\1"),
    ("H007", "en", 'aria-label="[^"]*"(?=>)', 'aria-label="picture"'),
    ("H007", "en", ' role="img"', ""),
    ("H007", "en", '<abbr title="[^"]*"', "<abbr"),
    ("H008", "en", "</body>", "<script>1</script></body>"),
    ("H008", "en", "<main ", '<main onclick="1" '),
    ("H008", "en", "default-src 'none'", "default-src *"),
    ("H008", "en", "</main>", '<img alt="A pot of tea" src="https://example.org/a.png"></main>'),
    ("H008", "en", "color-scheme: light dark;", "color-scheme: light;"),
    ("H009", "en", "initial-scale=1", "initial-scale=1, user-scalable=no"),
    ("H010", "en", '<li class="level-2">.*?</li>', ""),
    ("H010", "en", '(<a href="#what">)[^<]*', r"\1Something else"),
    ("H011", "en", 'href="../es/', 'href="../sv/'),
    ("H011", "en", '<link [^>]*hreflang="es"[^>]*>', ""),
    ("H011", "en", ">español<", ">Spanish<"),
    ("H012", "ar", '(class="notice" role="note") lang="en"', r"\1"),
]


@pytest.mark.parametrize(("code", "tag", "pattern", "replacement"), DAMAGE)
def test_each_damage_is_seen_by_its_rule_alone(code: str, tag: str, pattern: str, replacement: str) -> None:
    assert list(said(damaged(page(tag), pattern, replacement))) == [code]


def test_a_fixed_size_is_seen_although_the_policy_allows_the_style() -> None:
    found = said(damaged(page("en"), "body { margin: 0;", "body { font-size: 14px;"))
    assert set(found) == {"H008", "H009"}  # a changed style is one that the policy forbids


def test_data_in_a_script_are_no_script() -> None:
    data = '<script type="application/ld+json">{}</script></head>'
    assert said(damaged(page("en"), "</head>", data)) == {}


def test_every_rule_has_a_damaged_page() -> None:
    assert {code for code, *_ in DAMAGE} == {o.code for o in web.check(page("en"))}
