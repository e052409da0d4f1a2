"""Line breaks: a space that hangs over the end of a line does not break the line earlier.

WeasyPrint 70 counts the space behind the last word before a link when it asks whether a line fits.
If only that space is too much, it keeps the first word alone on the line and sends the others to
the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import inf
from typing import Any

from weasyprint.layout import inline

_COLLAPSING = ("normal", "pre-line")


def install() -> None:
    """Replace `split_first_line` where WeasyPrint fills lines with it."""
    if not hasattr(inline.split_first_line, "__wrapped__"):
        inline.split_first_line = _hanging(inline.split_first_line)


def _hanging(split: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(split)
    def split_first_line(
        text: str, style: Any, context: Any, max_width: float | None, spacing: float, *rest: Any, **named: Any
    ) -> Any:
        line = split(text, style, context, max_width, spacing, *rest, **named)
        resume_index = line[2]
        words = text.rstrip(" ")
        if resume_index is None or max_width is None or words == text:
            return line
        if style["white_space"] not in _COLLAPSING:
            return line
        if split(words, style, context, max_width, spacing, *rest, **named)[2] is not None:
            return line
        # All words fit: the line is whole, and its last space hangs.
        return split(text, style, context, inf, spacing, *rest, **named)

    return split_first_line
