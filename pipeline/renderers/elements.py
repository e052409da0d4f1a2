"""HTML elements as a tree, and how one format writes them.

The standard library serializes the tree, so that text is always escaped and always well-formed.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pipeline.document import Image, Picture, TranslatedDocument, note_numbers
from pipeline.languages import Language


@dataclass(frozen=True, slots=True)
class Content:
    """How one format writes a document's elements.

    `picture` returns the element that shows a drawing, `bitmap` that of a picture of dots. `href` returns
    the address of an anchor, which in an e-book lies in another file. `heading_offset` moves all levels (an
    e-book's files each begin with level 1). `called` fills with the notes that the text has called so far.
    """

    translated: TranslatedDocument
    picture: Callable[[Image], ET.Element]
    bitmap: Callable[[Picture], ET.Element]
    href: Callable[[str], str] = lambda anchor: f"#{anchor}"
    heading_offset: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.translated.language

    @property
    def labels(self) -> dict[str, str]:
        """The interface's words."""
        return dict(self.translated.labels)


def content(
    translated: TranslatedDocument,
    picture: Callable[[Image], ET.Element],
    bitmap: Callable[[Picture], ET.Element],
    *,
    href: Callable[[str], str] = lambda anchor: f"#{anchor}",
    heading_offset: int = 0,
) -> Content:
    """Return the settings for writing `translated`, with its notes numbered."""
    return Content(translated, picture, bitmap, href, heading_offset, note_numbers(translated.document))


def element(tag: str, /, *children: ET.Element | str | None, **attributes: str | None) -> ET.Element:
    """Return an element; `class_` and `for_` lose their underscore, `aria_x` becomes `aria-x`."""
    made = ET.Element(
        tag, {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items() if v is not None}
    )
    append(made, children)
    return made


def append(parent: ET.Element, children: Iterable[ET.Element | str | None]) -> None:
    """Append elements and strings to `parent`."""
    for child in children:
        if child is None:
            continue
        if isinstance(child, ET.Element):
            parent.append(child)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + child
        else:
            parent.text = (parent.text or "") + child
