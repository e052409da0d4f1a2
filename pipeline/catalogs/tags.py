"""Tags in messages: `<strong>`, `<term id="x">`, `<ref id="x"/>`; what looks otherwise is text.

Known here by their form alone. Which tags a translation may hold, and that they are balanced, is for
`translation.markup` to say, which knows the source.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

TAG: Final = re.compile(
    r'<(?P<close>/?)(?P<name>[a-z]+)(?: (?P<attribute>id|lang)="(?P<value>[^"<>]*)")?(?P<empty>/?)>'
)
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_ENTITY: Final = re.compile("|".join(_ENTITIES))


def unescape(text: str) -> str:
    """Return a text between tags as readers see it."""
    return _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)


def without_tags(text: str) -> str:
    """Return the words of a message or a translation."""
    return unescape(TAG.sub("", text))


def tags_of(text: str) -> Counter[str]:
    """Return how often each tag stands in a message or a translation."""
    return Counter(match[0] for match in TAG.finditer(text))
