"""Pseudo-locales: made-up translations that show layout faults before any person translates.

`en-XA` is accented English, about 40 % longer; `ar-XB` is English laid out from right to left. They
are made when asked for and never stored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from pipeline.catalogs import Catalog, Entry, Message

_ACCENTED = str.maketrans("AEIOUYaeiouycnszACNSZ", "ÅÉÎÖÛÝåéîöûýçñšžÅÇÑŠŽ")
_KEPT = re.compile(r'(<abbr [^>]*>.*?</abbr>|<span lang="[^"]*">.*?</span>|<[^>]*>|&[a-z]+;|\{[a-z]+\})')
_PADDING = (
    " lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore"
)
_RIGHT_TO_LEFT_MARK = "\u200f"


def pseudo(messages: Iterable[Message], tag: str) -> Catalog:
    """Return the catalog of the pseudo-locale `tag` for `messages`."""
    make = _mirrored if tag == "ar-XB" else _accented
    return Catalog(entries=tuple(Entry(m.context, m.id, make(m.id)) for m in messages))


def _accented(text: str) -> str:
    parts = _KEPT.split(text)
    made = "".join(part if n % 2 else part.translate(_ACCENTED) for n, part in enumerate(parts))
    wanted = math.ceil(sum(len(part) for part in parts) * 0.4)
    padding = (_PADDING * (wanted // len(_PADDING) + 1)).translate(_ACCENTED)
    # One more than wanted, since the last may be a space.
    return made + padding[: wanted + 1].rstrip()


def _mirrored(text: str) -> str:
    """Mark the text so that its paragraph runs from right to left; the words stay legible."""
    return f"{_RIGHT_TO_LEFT_MARK}{text}{_RIGHT_TO_LEFT_MARK}"
