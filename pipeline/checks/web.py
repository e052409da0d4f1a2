"""Rules for web pages: what browsers forgive, and a reader would run into."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lxml import html

from pipeline.checks.markup import active, is_placeholder, local_name, table_faults, undirected
from pipeline.checks.registry import Finding
from pipeline.checks.registry import check as rule
from pipeline.checks.subject import Subject
from pipeline.diagnostics import Outcome
from pipeline.document import plain_text
from pipeline.languages import language

_RENDERER = "Report this as a fault of the program."
_HEADINGS = tuple(f"h{n}" for n in range(1, 7))


@rule("H001", source="WCAG 2.2 SC 3.1.1, 3.1.2", suggestion=_RENDERER)
def spoken(subject: Subject, page: Any) -> Iterator[Finding]:
    """The page and each part in another language say which language it is, and which way it runs.

    A screen reader chooses its voice by it; axe-core only looks whether some language is said.
    """
    own = language(subject.target.language)
    if (page.get("lang"), page.get("dir")) != (own.tag, own.direction):
        yield Finding(
            f"the page says {page.get('lang')}, {page.get('dir')}; it is {own.tag}, {own.direction}"
        )
    yield from map(Finding, undirected(page))


@rule("H002", source="WCAG 2.2 SC 2.4.2", suggestion=_RENDERER)
def titled(subject: Subject, page: Any) -> Iterator[Finding]:
    """The page's title is the leaflet's.

    It is the first that a screen reader says, and the name of the tab and the bookmark.
    """
    wanted = plain_text(subject.translated.document.front.title.children)
    if (found := page.findtext("head/title")) != wanted:
        yield Finding(f"the title is “{found}”, not “{wanted}”")


@rule("H003", source="WCAG 2.2 SC 1.3.1, 2.4.6, 2.4.10", suggestion=_RENDERER)
def headed(page: Any) -> Iterator[Finding]:
    """The content has one heading of level 1, first, and skips no level; none is empty.

    Readers who listen move from heading to heading.
    """
    levels = [int(node.tag[1]) for main in page.iter("main") for node in main.iter(*_HEADINGS)]
    if levels[:1] != [1] or len(list(page.iter("h1"))) != 1 or any(b > a + 1 for a, b in pairwise(levels)):
        yield Finding(f"the levels of the headings are {levels}")
    if any(not _text(node) for node in page.iter(*_HEADINGS)):
        yield Finding("a heading is empty")


@rule("H004", source="WCAG 2.2 SC 2.4.1, 1.3.1", suggestion=_RENDERER)
def landmarked(page: Any) -> Iterator[Finding]:
    """The first link skips to the content; the content is one `main`; each `nav` has a name.

    Who uses a keyboard would else pass all the languages on each page; who listens chooses by the names.
    """
    mains = list(page.iter("main"))
    first = next(page.iter("a", "button", "input"), None)
    if len(mains) != 1:
        yield Finding(f"there are {len(mains)} main parts")
    elif first is None or first.get("href") != f"#{mains[0].get('id')}" or mains[0].get("tabindex") != "-1":
        yield Finding("the first stop of the keyboard is no link that moves to the content")
    ids = {node.get("id") for node in page.iter("*")}
    for nav in page.iter("nav"):
        if not nav.get("aria-label") and nav.get("aria-labelledby") not in ids - {None}:
            yield Finding(f"a navigation has no name: “{_text(nav)}”")


@rule("H005", source="HTML, 3.2.6; WCAG 2.2 SC 2.4.4", suggestion=_RENDERER)
def linked(page: Any) -> Iterator[Finding]:
    """Each id stands once; each link inside the page leads to one; each link has words.

    A link that leads nowhere, or has no words, strands those who cannot see the page.
    """
    ids = Counter(node.get("id") for node in page.iter("*") if node.get("id"))
    yield from (Finding(f"the id {name} stands {n} times") for name, n in ids.items() if n > 1)
    for link in page.iter("a"):
        address = link.get("href", "")
        if not address or (address.startswith("#") and address[1:] not in ids):
            yield Finding(f"a link leads nowhere ({address}): “{_text(link)}”")
        if not (_text(link) or link.get("aria-label")):
            yield Finding(f"the link to {address} has no words")
    for node in page.iter("*"):
        for name in node.get("aria-labelledby", "").split():
            if name not in ids:
                yield Finding(f"{local_name(node)} takes its name from {name}, which is not there")


@rule("H006", source="WCAG 2.2 SC 1.3.1", suggestion=_RENDERER)
def tabled(page: Any) -> Iterator[Finding]:
    """Each table has a caption, and headers that say of what they are headers.

    A screen reader says a cell's headers with it; without a scope it must guess them.
    """
    for table in page.iter("table"):
        yield from map(Finding, table_faults(table))


@rule("H007", source="WCAG 2.2 SC 1.1.1", suggestion="Describe the picture.")
def described(page: Any) -> Iterator[Finding]:
    """Each picture is one picture and has a description; each abbreviation its long form.

    A drawing without a role is read out as loose words.
    """
    for image in page.iter("img", "svg"):
        alt = image.get("alt") if image.tag == "img" else image.get("aria-label")
        if is_placeholder(alt):
            yield Finding(f"a picture is described as “{alt or ''}”")
        elif image.tag == "svg" and image.get("role") != "img":
            yield Finding("a drawing is not marked as one picture")
    yield from (
        Finding(f"the abbreviation {_text(node)} has no long form")
        for node in page.iter("abbr")
        if not (node.get("title") or "").strip()
    )


@rule("H008", source="Content Security Policy Level 3; HTML, 4.2.5.3", suggestion=_RENDERER)
def self_contained(page: Any) -> Iterator[Finding]:
    """The page runs nothing, fetches nothing, and forbids both.

    Many families read without a network; and what a page fetches tells others who reads it.
    """
    yield from map(Finding, active(page))
    policy = next(
        (m.get("content", "") for m in page.iter("meta") if m.get("http-equiv") == "Content-Security-Policy"),
        "",
    )
    if "default-src 'none'" not in policy or re.search(r"unsafe|https?:|\*|script-src", policy):
        yield Finding("no policy forbids what is not the page's own")
    for style in page.iter("style"):
        text = style.text or ""
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        if policy and f"'sha256-{digest}'" not in policy:
            yield Finding("the policy forbids the page's own style")
        if re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", text):
            yield Finding("the style fetches something")


@rule("H009", source="WCAG 2.2 SC 1.4.4, 1.4.10", suggestion=_RENDERER)
def zoomable(page: Any) -> Iterator[Finding]:
    """The page is as wide as the screen and can be enlarged.

    Many who read leaflets on a telephone enlarge the text.
    """
    view = next((m.get("content", "") for m in page.iter("meta") if m.get("name") == "viewport"), "")
    if "width=device-width" not in view or re.search(r"user-scalable\s*=\s*(no|0)|maximum-scale", view):
        yield Finding(f"the viewport is “{view}”")
    for style in page.iter("style"):
        screen = (style.text or "").partition("@media print")[0]
        if re.search(r"font-size\s*:[^;}]*\d(?:px|pt)\b", screen):
            yield Finding("a size of text is fixed")


@rule("H010", source="WCAG 2.2 SC 2.4.5, 2.4.6", suggestion=_RENDERER)
def listed(page: Any) -> Iterator[Finding]:
    """The contents list every heading of levels 2 and 3, in order and in the same words.

    A section that is absent from the contents is not found.
    """
    nav = next((n for n in page.iter("nav") if "contents" in n.get("class", "").split()), None)
    main = next(page.iter("main"), None)
    if nav is None or main is None:
        return
    found = [_heading(link) for link in nav.iter("a")]
    heads = (node for node in main.iter("h2", "h3") if nav not in node.iterancestors())
    # The heading of a box inside a section is no section.
    wanted = [_heading(h) for h in heads if h.tag == "h2" or h.getparent().tag == "section"]
    if found != wanted:
        odd = next((w for w in wanted if w not in found), None) or "their order"
        yield Finding(f"the contents are not the headings: {odd}")


@rule("H011", source="HTML, 4.6.6.1; BCP 47", suggestion=_RENDERER)
def translated(subject: Subject, page: Any) -> Iterator[Finding]:
    """Each link to a translation leads to the file of that language, and is named in that language.

    A parent who cannot read this page must find theirs on it.
    """
    heads = {n.get("hreflang"): n.get("href", "") for n in page.iter("link") if n.get("rel") == "alternate"}
    links = {n.get("hreflang"): n.get("href", "") for n in page.iter("a") if n.get("hreflang")}
    for tag, address in (*heads.items(), *links.items()):
        if not re.fullmatch(rf"(?:\.\./{re.escape(tag)}/)?[\w.-]+\.html", address):
            yield Finding(f"the translation into {tag} is said to be {address}")
    if {**heads, subject.target.language: ""} != {**links, subject.target.language: ""}:
        yield Finding("the page's head names other translations than its links")
    for link in page.iter("a"):
        if (tag := link.get("hreflang")) and (link.get("lang"), _text(link)) != (tag, language(tag).name):
            yield Finding(f"the link to the {tag} page is not named in its language")


# So many Latin words in a row are a sentence; fewer may be names.
_SENTENCE = re.compile(r"(?:[A-Za-z]{2,}[ ,.;:]+){4}[A-Za-z]{2,}")


@rule("H012", source="WCAG 2.2 SC 3.1.2", suggestion=_RENDERER)
def said_in_their_language(_: Subject, page: Any) -> Iterator[Finding]:
    """A sentence in Latin letters is not said to be in a language that is written otherwise.

    A screen reader with an Arabic voice spells English out, or says nothing at all.
    """
    for node in page.iter():
        if not isinstance(node.tag, str) or local_name(node) in ("style", "script"):
            continue
        for text, owner in ((node.text, node), (node.tail, node.getparent())):
            found = _SENTENCE.search(text or "")
            tag = next((a.get("lang") for a in _up(owner) if a.get("lang")), "")
            if found and tag and language(tag).script != "Latn":
                yield Finding(f"“{found[0]}” is said to be in {language(tag).english_name}")
                return


def _up(node: Any) -> Iterator[Any]:
    """Yield an element and those around it."""
    while node is not None:
        yield node
        node = node.getparent()


def check(subject: Subject) -> tuple[Outcome, ...]:
    """Return what the rules say of a web page."""
    page = html.document_fromstring(subject.data.decode(), parser=html.HTMLParser(no_network=True))
    return (
        spoken(subject, page),
        said_in_their_language(subject, page),
        titled(subject, page),
        headed(page),
        landmarked(page),
        linked(page),
        tabled(page),
        described(page),
        self_contained(page),
        zoomable(page),
        listed(page),
        translated(subject, page),
    )


def _text(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _heading(node: Any) -> str:
    """Return a heading's words without the calls of its notes, which the contents leave out."""
    return re.sub(r"\s*\[\w+\]", "", _text(node))
