"""Rules for e-books: what EPUBCheck and Ace let pass, and a reader would run into."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.checks import ebook_metadata as metadata
from pipeline.checks.book import DC, OPF, TYPE, XHTML, XML_LANG, Book, elements, open_book, resolve, words
from pipeline.checks.markup import active, is_placeholder, table_faults, undirected
from pipeline.checks.pages import UnreadableError
from pipeline.checks.registry import Finding
from pipeline.checks.registry import check as rule
from pipeline.checks.subject import Subject
from pipeline.diagnostics import Outcome
from pipeline.languages import language

_EPUB = "EPUB 3.3"
_A11Y = "EPUB Accessibility 1.1"
_RENDERER = "Report this as a fault of the program."

_FIXED = (
    (
        r"(?:font-size|line-height|font)\s*:[^;}]*\d(?:px|pt|mm|cm|in)\b",
        "a size that the reader cannot change",
    ),
    (r"(?<![-\w])color\s*:(?!\s*(?:inherit|currentcolor|CanvasText))", "a fixed color of text"),
    (r"user-select\s*:\s*none", "text that cannot be selected"),
    (r"text-align\s*:\s*justify", "justified text"),
)
_GROUND = re.compile(r"background(?:-color)?\s*:(?!\s*(?:none|transparent|Canvas\b|inherit))", re.IGNORECASE)
_SPACING = re.compile(r"letter-spacing\s*:(?!\s*(?:normal|0\s*[;}!]))", re.IGNORECASE)
_JOINING = frozenset({"Arab", "Syrc", "Mong", "Nkoo", "Adlm", "Rohg"})


@rule("B001", source=f"{_EPUB}, 4.2 and 5.1", suggestion=_RENDERER)
def whole(fault: UnreadableError | None) -> Iterator[Finding]:
    """The book's package and all its documents can be opened.

    A reading system shows an empty page where a document is missing or not well-formed, or refuses the book.
    """
    if fault is not None:
        yield Finding(f"the book cannot be opened: {fault}")


@rule("B002", source=f"{_EPUB}, 5.4 and 5.5.3.1.3; WCAG 2.2 SC 3.1.1, 3.1.2", suggestion=_RENDERER)
def spoken(subject: Subject, book: Book) -> Iterator[Finding]:
    """The package, each document and each part in another language say which language it is.

    A screen reader chooses its voice by it; Arabic said to be English is read out as silence. No
    validator compares what is said with what was meant.
    """
    own = subject.target.language
    if (said := [node.text for node in book.package.iter(f"{DC}language")]) != [own]:
        yield Finding(f"the book says that its language is {said}, not {own}")
    if (tag := book.package.get(XML_LANG)) != own:
        yield Finding(f"the package says that its language is {tag}, not {own}")
    for path, tree in book.documents.items():
        if {tree.get("lang"), tree.get(XML_LANG)} != {own}:
            yield Finding(f"{path} does not say, or not twice alike, that its language is {own}")
        for node in tree.iterdescendants("*"):
            if node.get("lang") != node.get(XML_LANG):
                yield Finding(f"{path}: lang and xml:lang differ on “{words(node)[:40]}”")


@rule("B003", source=f"{_EPUB}, 5.4 and 5.7.2; WCAG 2.2 SC 1.3.2", suggestion=_RENDERER)
def directed(subject: Subject, book: Book) -> Iterator[Finding]:
    """The package, the turning of pages, each document and each part have the direction of their language.

    Without it, punctuation stands on the wrong side in Arabic, and pages turn backward. EPUBCheck and
    Ace see neither.
    """
    own = language(subject.target.language).direction
    spine = book.package.find(f"{OPF}spine")
    turning = None if spine is None else spine.get("page-progression-direction")
    if book.package.get("dir") != own:
        yield Finding(f"the package's direction is not {own}")
    if turning != own and (own, turning) != ("ltr", None):
        yield Finding(f"the pages do not turn {own}")
    for path, tree in book.documents.items():
        if tree.get("dir") != own:
            yield Finding(f"{path} does not run {own}")
        yield from (Finding(f"{path}: {fault}") for fault in undirected(tree))


@rule("B004", source="WCAG 2.2 SC 1.3.1, 2.4.6", suggestion=_RENDERER)
def headed(book: Book) -> Iterator[Finding]:
    """Each document begins with a heading of level 1 and skips no level.

    Readers who listen move from heading to heading, and each file of a book is a page of its own to them.
    """
    for path, tree in book.texts.items():
        levels = [int(node.tag[-1]) for node in elements(tree, *(f"h{n}" for n in range(1, 7)))]
        if levels[:1] != [1] or any(b > a + 1 for a, b in pairwise(levels)):
            yield Finding(f"{path} has headings of the levels {levels}")


@rule("B005", source="WCAG 2.2 SC 1.3.1", suggestion=_RENDERER)
def tabled(book: Book) -> Iterator[Finding]:
    """Each table has a caption, and headers that say of what they are headers.

    A screen reader says a cell's headers with it; without a scope it must guess them.
    """
    for path, tree in book.documents.items():
        for table in elements(tree, "table"):
            yield from (Finding(f"{path}: {fault}") for fault in table_faults(table, XHTML))


@rule("B006", source="WCAG 2.2 SC 1.1.1", suggestion="Describe the picture.")
def described(book: Book) -> Iterator[Finding]:
    """Each picture, the cover too, has a description in words.

    “Cover” or “image” as a description passes every validator and tells a reader nothing.
    """
    for path, tree in book.documents.items():
        for image in tree.iter(f"{XHTML}img", "{*}svg"):
            alt = image.get("alt") if image.tag == f"{XHTML}img" else image.get("aria-label")
            if is_placeholder(alt):
                yield Finding(f"{path}: a picture is described as “{alt or ''}”")
            elif image.tag != f"{XHTML}img" and image.get("role") != "img":
                yield Finding(f"{path}: a drawing is not marked as one picture")


@rule("B007", source=f"{_EPUB}, 7.4.3; {_A11Y}, 3.2", suggestion=_RENDERER)
def listed(book: Book) -> Iterator[Finding]:
    """The contents list every section, in order, under its own heading.

    No validator looks for a section that is absent from the contents.
    """
    wanted = []
    for path, tree in book.texts.items():
        top = next(elements(tree, "h1"), None)
        wanted.append((path, words(top) if top is not None else ""))
        for inner in tree.iterfind(f".//{XHTML}section/{XHTML}section[@id]"):
            if (head := inner.find(f"{XHTML}h2")) is not None:
                wanted.append((f"{path}#{inner.get('id')}", words(head)))
    found = [(address, _unmarked(text)) for address, text in book.links("toc")]
    missing = [text for address, text in wanted if (address, _unmarked(text)) not in found]
    if missing:
        yield Finding(f"the contents lack {len(missing)} sections; the first is “{missing[0]}”")
    elif [address for address, _ in found] != [address for address, _ in wanted]:
        yield Finding("the contents have another order than the book, or lines for what is not in it")


@rule("B008", source=f"{_EPUB}, 7.4.4; {_A11Y}, 3.3", suggestion=_RENDERER)
def paged(book: Book) -> Iterator[Finding]:
    """The list of the print's pages has each page from 1 on, in order, and says whose pages they are.

    In a class or a consultation one reader has the print and another the book: they must find the same page.
    """
    marks = []
    for path, tree in book.texts.items():
        for node in tree.iter("*"):
            if "pagebreak" in node.get(TYPE, "").split():
                marks.append(
                    (f"{path}#{node.get('id')}", int(node.get("aria-label") or node.get("title") or 0))
                )
    if [address for address, _ in marks] != [address for address, _ in book.links("page-list")]:
        yield Finding("the list of pages is not that of the pages marked")
    if (numbers := [number for _, number in marks]) != list(range(1, len(marks) + 1)):
        wrong = next(n for n, number in enumerate(numbers, start=1) if n != number)
        yield Finding(f"the pages marked do not follow each other: {numbers[wrong - 1]} stands for {wrong}")
    features = set(book.metas("schema:accessibilityFeature"))
    told = {"pageBreakMarkers", "pageNavigation"} <= features, bool(book.metas("pageBreakSource"))
    if told != (bool(marks), bool(marks)):
        yield Finding("what the metadata say of pages is not what the book has")


@rule("B009", source=f"{_EPUB}, 7.4.5; {_A11Y}, 3.2", suggestion=_RENDERER)
def landmarked(book: Book) -> Iterator[Finding]:
    """The landmarks lead to the contents and to where the text begins.

    Reading systems jump there on opening the book, past the cover.
    """
    nav = book.nav("landmarks")
    kinds = set() if nav is None else {k for a in nav.iter(f"{XHTML}a") for k in a.get(TYPE, "").split()}
    if missing := {"toc", "bodymatter"} - kinds:
        yield Finding(f"the landmarks lack {', '.join(sorted(missing))}")


@rule("B013", source="WCAG 2.2 SC 1.4.4, 1.4.8, 1.4.12; EPUB 3.3, 6.4", suggestion=_RENDERER)
def adaptable(subject: Subject, book: Book) -> Iterator[Finding]:
    """Sizes and colors are the reader's; letters that join stay joined.

    A fixed size does not grow, a fixed color vanishes at night, and spaced Arabic falls into pieces.
    """
    joining = language(subject.target.language).script in _JOINING
    for path, css in _styles(book):
        for pattern, what in _FIXED:
            if re.search(pattern, css, re.IGNORECASE):
                yield Finding(f"{path}: {what}")
        # A drawing has colors of its own, and so needs a ground of its own.
        if any(_GROUND.search(body) for selector, body in _blocks(css) if "svg" not in selector):
            yield Finding(f"{path}: a fixed ground")
        if joining and _SPACING.search(css):
            yield Finding(f"{path}: letters that join are spaced")


@rule("B014", source=f"{_EPUB}, 3.3", suggestion=_RENDERER)
def linked(book: Book) -> Iterator[Finding]:
    """Every link inside the book leads somewhere.

    A link that leads nowhere strands those who cannot leaf through the book.
    """
    anchors = {
        f"{path}#{node.get('id')}"
        for path, tree in book.documents.items()
        for node in tree.iter("*")
        if node.get("id")
    }
    for path, tree in book.documents.items():
        folder = posixpath.dirname(path)
        for node in tree.iter("*"):
            address = node.get("href") or node.get("src") or ""
            if not address or re.match(r"[a-z][a-z0-9+.-]*:", address):
                continue
            target = resolve(folder, address) if not address.startswith("#") else path + address
            if target not in (anchors if "#" in target else book.files):
                yield Finding(f"{path}: {address} is not in the book")


@rule("B015", source=f"{_EPUB}, 3.6 and 6.2.3", suggestion=_RENDERER)
def self_contained(book: Book) -> Iterator[Finding]:
    """The book needs nothing from elsewhere and runs nothing.

    Many families read without a network; and what a book fetches tells others who reads it.
    """
    for path, tree in book.documents.items():
        yield from (Finding(f"{path}: {fault}") for fault in active(tree))
    for path, css in _styles(book):
        if re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", css, re.IGNORECASE):
            yield Finding(f"{path} fetches something")


def check(subject: Subject) -> tuple[Outcome, ...]:
    """Return what the rules say of an e-book; if it cannot be opened, all others are skipped."""
    try:
        book = open_book(subject.data)
    except UnreadableError as fault:
        reason = "the book cannot be opened"
        return (whole(fault), *(Outcome(f"B{n:03d}", skipped=reason) for n in range(2, 16)))
    return (
        whole(None),
        spoken(subject, book),
        directed(subject, book),
        headed(book),
        tabled(book),
        described(book),
        listed(book),
        paged(book),
        landmarked(book),
        metadata.discoverable(subject, book),
        metadata.unclaimed(book),
        metadata.identified(subject, book),
        adaptable(subject, book),
        linked(book),
        self_contained(book),
    )


def _unmarked(text: str) -> str:
    """Return a heading without the calls of its notes, which the contents leave out."""
    return re.sub(r"\s*\[\w+\]", "", text)


def _styles(book: Book) -> Iterator[tuple[str, str]]:
    for path, data in book.files.items():
        if path.endswith(".css"):
            yield path, re.sub(r"/\*.*?\*/", "", data.decode("utf-8", "replace"), flags=re.DOTALL)
    for path, tree in book.documents.items():
        for node in tree.iter("*"):
            if node.get("style"):
                yield path, f"x {{{node.get('style')}}}"


def _blocks(css: str) -> list[tuple[str, str]]:
    return re.findall(r"([^{}]*)\{([^{}]*)\}", css)
