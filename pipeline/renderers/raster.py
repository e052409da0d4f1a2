"""Drawings as PNG, for formats that cannot show SVG everywhere."""

from __future__ import annotations

import resvg_py

from pipeline.fonts import Typeface


def rasterize(svg: str, faces: tuple[Typeface, ...], *, width: int) -> bytes:
    """Return `svg` as a PNG, `width` px wide, set in these faces only; the same bytes every time."""
    font_files = [str(path) for face in faces for _, path in face.files]
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=font_files, width=width)
    )
