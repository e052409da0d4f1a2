"""The structure tree, built from the HTML alone: nothing of it depends on lines, pages or sizes.

Each HTML element that means something becomes one element of the tree; each place where it may hold
content of a page (before its text, each run of its text, behind it) a slot, in the order of the
HTML. What the pages draw fills the slots later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pipeline.renderers.pdf.tagging.roles import CONTAINERS, INLINE, Source, role_of

# What no reader sees and a layout may drop or add: breaks, marks of direction, soft hyphens.
_UNSEEN = frozenset("\u00ad\u2010\u200b\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of marked content: the page, counted from 0, and its MCID there."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Annotated:
    """A link's rectangle on a page."""

    page: int
    annotation: Any


@dataclass(slots=True, eq=False)
class Slot:
    """A place for content. `text` is what the HTML has here; `at` is how far layout has come in it.

    `drawn` collects what was painted.
    """

    text: str = ""
    at: int = 0
    drawn: list[str] = field(default_factory=list)
    content: list[Marked | Annotated] = field(default_factory=list)

    def take(self, text: str) -> bool:
        """Go on behind `text`, if it comes next; blanks and unseen characters do not count."""
        place = self.at
        for character in seen(text):
            while place < len(self.text) and not is_seen(self.text[place]):
                place += 1
            if place >= len(self.text) or self.text[place] != character:
                return False
            place += 1
        self.at = place
        return True

    @property
    def rest(self) -> str:
        """What layout has not come to yet."""
        return seen(self.text[self.at :])

    @property
    def before_space(self) -> bool:
        """Whether a blank comes next."""
        return self.text[self.at : self.at + 1].isspace()


@dataclass(slots=True, eq=False)
class Element:
    """A structure element. `source` is its HTML element, None for one that PDF alone asks for."""

    role: str
    source: Source | None = None
    kids: list[Element | Slot] = field(default_factory=list)
    box: tuple[int, tuple[float, float, float, float]] | None = None

    @property
    def full(self) -> bool:
        """Whether there is content in it; cells stay without any, for the table's shape."""
        if self.role in ("TD", "TH", "Document"):
            return True
        return any(kid.full if isinstance(kid, Element) else bool(kid.content) for kid in self.kids)


@dataclass(slots=True)
class Places:
    """The slots of one HTML element. `texts[n]` is the text before its child n."""

    element: Element
    marker: Slot
    before: Slot
    texts: list[Slot]
    after: Slot
    links: Slot
    at: int = 0

    def find(self, text: str) -> Slot | None:
        """Return the slot in which `text` comes next, and go on behind it."""
        while self.at < len(self.texts) - 1 and not self.texts[self.at].rest and seen(text):
            if self.texts[self.at].take(text):
                break
            self.at += 1
        slot = self.texts[self.at]
        return slot if slot.take(text) else None


Item: TypeAlias = "Element | Slot"


@dataclass(slots=True)
class Tree:
    """A document's structure: the root element, and the slots of each HTML element."""

    root: Element
    places: dict[Source, Places]
    parents: dict[Source, Source]
    second: bool

    def elements(self) -> Iterator[Element]:
        """Yield all elements that hold content, in order."""
        return _walk(self.root)


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element) and kid.full:
            yield from _walk(kid)


def is_seen(character: str) -> bool:
    """Return whether a character counts when texts are compared."""
    return not character.isspace() and character not in _UNSEEN


def seen(text: str) -> str:
    """Return the characters of `text` that count when texts are compared."""
    return "".join(c for c in text if is_seen(c))


def build(body: Source, *, second: bool) -> Tree:
    """Return the structure of a page's body. `second` is whether the file is PDF 2.0."""
    root = Element("Document", body)
    tree = Tree(root, {}, {child: parent for parent in body.iter() for child in parent}, second)
    root.kids = _shaped(root, _content(body, root, (), tree))
    return tree


def _content(source: Source, owner: Element, ancestors: tuple[Source, ...], tree: Tree) -> list[Item]:
    """Return what an element holds, in the order of the HTML; its marker is not among it."""
    texts = [Slot(source.text or ""), *(Slot(child.tail or "") for child in source)]
    own = Places(owner, Slot(), Slot(), texts, Slot(), Slot())
    tree.places[source] = own
    items: list[Item] = [own.before, texts[0]]
    for child, text in zip(source, texts[1:], strict=True):
        items += [*_made(child, owner, (*ancestors, source), tree), text]
    return [*items, own.after, own.links]


def _made(source: Source, parent: Element, ancestors: tuple[Source, ...], tree: Tree) -> list[Item]:
    """Return the element of an HTML element, or what is in it if it has none of its own."""
    role = role_of(source, ancestors, second=tree.second)
    # A picture within a picture is its content: the outer one has the alternative text.
    if role is None or (role == "Figure" and parent.role == "Figure"):
        return _content(source, parent, ancestors, tree)
    element = Element(role, source)
    items = _content(source, element, ancestors, tree)
    if role == "LI":
        mark = Element("Lbl", kids=[tree.places[source].marker])
        element.kids = [mark, Element("LBody", kids=items)]
    else:
        element.kids = _shaped(element, items)
    if source.get("role") == "doc-noteref":
        return [Element("Reference", kids=[element])]
    return [element]


def _shaped(element: Element, items: list[Item]) -> list[Item]:
    """Put between an element and its content what PDF wants to stand there."""
    if element.role == "TOCI":
        return [Element("Reference", kids=items)]
    if element.source is not None and element.source.tag == "dl":
        return _entries(items)
    return _paragraphs(items) if element.role in CONTAINERS else items


def _entries(items: list[Item]) -> list[Item]:
    """Group terms and what they mean into list items (ISO 32000-1, table 336)."""
    entries: list[Item] = []
    last = ""
    for item in items:
        if isinstance(item, Slot):
            continue
        if item.role == "Lbl" and last != "Lbl":
            entries.append(Element("LI"))
        entry = entries[-1] if entries else None
        if isinstance(entry, Element):
            entry.kids.append(item)
        last = item.role
    return entries


def _paragraphs(items: list[Item]) -> list[Item]:
    """Put runs of inline content into paragraphs."""
    shaped: list[Item] = []
    run: list[Item] = []
    for item in items:
        if isinstance(item, Slot) or item.role in INLINE:
            run.append(item)
            continue
        shaped += [Element("P", kids=run), item] if run else [item]
        run = []
    return [*shaped, Element("P", kids=run)] if run else shaped
