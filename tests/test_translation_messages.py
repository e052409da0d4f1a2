"""Segments as messages: what a translator may do to the tags, and what not."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.document import (
    Abbreviation,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Span,
    Strong,
    Term,
    Text,
    Value,
    walk,
)
from pipeline.translation import message_text, parse
from pipeline.translation.markup import MarkupError

LETTERS = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn")), min_size=1)
WORDS = st.one_of(LETTERS, st.sampled_from(["<strong>", "</a>", "&amp;", "&lt;b>", '<a id="1">', "<br/>"]))
IDS = st.sampled_from(["a", "b-1", "c"])
TEXT = st.builds(Text, WORDS.filter(str.strip))
LEAVES: st.SearchStrategy[Inline] = st.one_of(
    TEXT,
    IDS.map(lambda name: Abbreviation(name, f"A<&{name}>", f"all of {name}")),
    st.sampled_from(["issued", "version"]).map(lambda name: Value(name, "")),
)
LINE = st.builds(LineBreak)
CALL = st.builds(NoteReference, IDS)


def run(children: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inlines]:
    """A run of inlines with at least one that is to be seen."""
    some = st.lists(st.one_of(children, LINE), max_size=3)
    return st.tuples(some, LEAVES, some).map(lambda t: (*t[0], t[1], *t[2]))


def styled(children: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inline]:
    inner = run(children)
    return st.one_of(
        st.builds(Strong, inner),
        st.builds(Emphasis, inner),
        st.builds(Span, st.sampled_from(["la", "pt-BR", "zh-Hant"]), inner),
    )


UNLINKED = st.recursive(LEAVES, styled, max_leaves=6)
LINKS = st.one_of(
    st.builds(Link, st.sampled_from(["#a", "https://example.org/?a=1&b=2"]), run(UNLINKED)),
    st.builds(Term, IDS, run(UNLINKED)),
)
ANY = st.recursive(st.one_of(LEAVES, CALL, LINKS), styled, max_leaves=8)
RUNS = st.lists(st.one_of(ANY, LINE), min_size=1, max_size=6).map(tuple)


def merged(inlines: Inlines) -> Inlines:
    """Join neighboring texts: they make the same message as one text."""
    done: list[Inline] = []
    for node in inlines:
        match node:
            case Text(text) if done and isinstance(done[-1], Text):
                done[-1] = Text(done[-1].text + text)
            case Strong(children):
                done.append(Strong(merged(children)))
            case Emphasis(children):
                done.append(Emphasis(merged(children)))
            case Span(tag, children):
                done.append(Span(tag, merged(children)))
            case Link(target, children):
                done.append(Link(target, merged(children)))
            case Term(name, children):
                done.append(Term(name, merged(children)))
            case _:
                done.append(node)
    return tuple(done)


def nodes(inlines: Inlines) -> Counter[str]:
    """Count the nodes of a run that are not text, by kind and attribute."""
    found: Counter[str] = Counter()
    for node in inlines:
        for part in walk(node):
            match part:
                case Link(target):
                    found[f"link {target}"] += 1
                case Term(name) | Abbreviation(name) | NoteReference(name) | Value(name) | Span(name):
                    found[f"{type(part).__name__} {name}"] += 1
                case Text():
                    pass
                case _:
                    found[type(part).__name__] += 1
    return found


def pieces(message: str) -> list[str]:
    """Split a message into its texts and its outermost elements, by an XML parser."""
    root = etree.fromstring(f"<m>{message}</m>")
    parts = [_escape(root.text)]
    for child in root:
        tail, child.tail = child.tail, None
        parts += [etree.tostring(child, encoding="unicode"), _escape(tail)]
    return parts


def _escape(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


@settings(deadline=None)
@given(RUNS)
def test_a_message_says_all_of_its_segment(source: Inlines) -> None:
    assert parse(message_text(source), source) == merged(source)


@settings(deadline=None)
@given(RUNS)
def test_a_message_is_well_formed(source: Inlines) -> None:
    root = etree.fromstring(f"<m>{message_text(source)}</m>")
    words = (n.text for node in source for n in walk(node) if isinstance(n, Text | Abbreviation))
    assert "".join(map(str, root.itertext())) == "".join(words)


@settings(deadline=None)
@given(st.data(), RUNS)
def test_tags_may_change_places(data: st.DataObject, source: Inlines) -> None:
    turned = data.draw(st.permutations(pieces(message_text(source))))
    assert nodes(parse("".join(turned), source)) == nodes(source)


@settings(deadline=None)
@given(st.data(), RUNS.filter(lambda run: bool(nodes(run))))
def test_a_lost_or_doubled_tag_is_refused(data: st.DataObject, source: Inlines) -> None:
    parts = pieces(message_text(source))
    number = data.draw(st.sampled_from(range(1, len(parts), 2)))
    for count in (0, 2):
        changed = [*parts[:number], *[parts[number]] * count, *parts[number + 1 :]]
        with pytest.raises(MarkupError):
            parse("".join(changed), source)


@settings(deadline=None)
@given(st.data(), RUNS)
def test_an_unbalanced_tag_is_refused(data: st.DataObject, source: Inlines) -> None:
    message = message_text(source)
    ends = [m.span() for m in re.finditer(r"</[a-z]+>", message)]
    if ends:
        start, end = data.draw(st.sampled_from(ends))
        with pytest.raises(MarkupError):
            parse(message[:start] + message[end:], source)


HOSTILE = st.lists(
    st.sampled_from(
        '<strong> </strong> <em> <a id="1"> </a> <br/> <script> <img src=x onerror=alert(1)> </m> < > " '
        "' &lt; &amp; {{issued}} <value id='issued'/> <value id=\"issued\"/> javascript: words".split(" ")
    )
).map(" ".join)


@given(HOSTILE)
def test_markup_that_the_message_has_not_stays_text(translation: str) -> None:
    entities = {"&lt;": "<", "&amp;": "&"}
    shown = re.sub("|".join(entities), lambda m: entities[m[0]], translation)
    expected = (Text(shown),) if translation else ()
    assert parse(translation, (Text("words"),)) == expected


SOURCE: Inlines = (
    Text("See "),
    Link("https://example.org/a", (Text("one"),)),
    Text(" and "),
    Link("#b", (Strong((Text("two"),)),)),
    Text(" of the "),
    Abbreviation("who", "WHO", "World Health Organization"),
)


def test_links_may_change_places() -> None:
    message = '<abbr id="who">WHO</abbr>: <a id="2"><strong>zwei</strong></a>, <a id="1">eins</a>'
    made = parse(message, SOURCE)
    assert [n.target for n in made if isinstance(n, Link)] == ["#b", "https://example.org/a"]


@pytest.mark.parametrize(
    ("translation", "reason"),
    [
        ('<a id="1">1</a> <a id="2"><strong>2</strong></a> <abbr id="who">OMS</abbr>', "must stay as it is"),
        ('<a id="1">1</a> <a id="2">2</a> <abbr id="who">WHO</abbr>', "<strong> is missing"),
        ('<a id="1">1</a> <a id="2"> <strong>2</strong> <abbr id="who">WHO</abbr>', "not closed"),
        ('<a id="1">1 <a id="2"><strong>2</strong></a></a> <abbr id="who">WHO</abbr>', "cannot stand"),
        ('<a id="1"> </a> <a id="2"><strong>2</strong></a> <abbr id="who">WHO</abbr>', "no words"),
        ('<strong><a id="1">1</strong></a> <a id="2">2</a> <abbr id="who">WHO</abbr>', "not closed"),
        ('<a id="1" href="x">1</a> <a id="2"><strong>2</strong></a> <abbr id="who">WHO</abbr>', "missing"),
        ("nothing", "missing"),
    ],
)
def test_other_tags_than_the_message_has_are_refused(translation: str, reason: str) -> None:
    with pytest.raises(MarkupError, match=reason):
        parse(translation, SOURCE)
