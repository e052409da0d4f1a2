"""Pictures of pages: the first page of each PDF, small, for people who look over a report."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from pipeline.store import write

FOLDER = "report"
_WIDTH_PX = 180
_COLORS = 32


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture beside the report: its address there, its size in px."""

    address: str
    width: int
    height: int


def draw_first_pages(output: Path, names: Iterable[str]) -> Mapping[str, Picture]:
    """Draw the first page of each PDF below `output` into a folder beside the report.

    A PDF that cannot be drawn has no picture; that it cannot be read is for the rules to say.
    """
    found: dict[str, Picture] = {}
    for name in names:
        try:
            document = pypdfium2.PdfDocument(output / name)
        except (pypdfium2.PdfiumError, OSError):
            continue
        try:
            page = document[0]
            image = page.render(scale=_WIDTH_PX / page.get_width()).to_pil()
        finally:
            document.close()
        out = io.BytesIO()
        image.quantize(_COLORS).save(out, "PNG", optimize=True)
        address = f"{FOLDER}/{name.removesuffix('.pdf')}.png"
        write(output / address, out.getvalue(), shown="a picture of the report")
        found[name] = Picture(address, image.width, image.height)
    return found
