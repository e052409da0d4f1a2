"""Drawings as PNG, for formats that cannot show SVG everywhere."""

from __future__ import annotations

from functools import lru_cache

import resvg_py

from pipeline.diagnostics import RenderError
from pipeline.fonts import Typeface
from pipeline.memory import digest_of, remembered

_RIGHT_TO_LEFT_EMBEDDING, _POP = "\u202b", "\u202c"


@lru_cache(maxsize=32)
def rasterize(svg: str, faces: tuple[Typeface, ...], *, width: int) -> bytes:
    """Return `svg` as a PNG, `width` px wide, set in these faces only; the same bytes every time.

    The last pictures are kept: two papers and two handouts show the same ones. Raises `RenderError`
    for what is not SVG.
    """
    fonts = [path for face in faces for _, path in face.files]

    def make() -> bytes:
        try:
            data = resvg_py.svg_to_bytes(
                svg_string=svg, skip_system_fonts=True, font_files=[str(path) for path in fonts], width=width
            )
        except ValueError as error:
            raise RenderError(f"a drawing cannot be made into a picture: {error}") from error
        return bytes(data)

    return remembered(make, "picture", svg, str(width), *map(digest_of, fonts))


def embed(line: str) -> str:
    """Return a line of right-to-left text marked as such: resvg takes every line to run from the left."""
    return f"{_RIGHT_TO_LEFT_EMBEDDING}{line}{_POP}"
