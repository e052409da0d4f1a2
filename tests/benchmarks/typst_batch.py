"""Compile many files of Typst in one process, as a user's own script would. Takes a file with the work."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typst

STANDARDS: list[typst.PDFStandard] = ["ua-1"]


def main(work: Path) -> None:
    """Do the work: where the files lie, where the fonts are, and what to make of which file."""
    told = json.loads(work.read_text("utf-8"))
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(map(Path, told["fonts"]))
    )
    compiler = typst.Compiler(root=Path(told["root"]), font_paths=fonts, ignore_system_fonts=True)
    for source, made in told["files"]:
        compiler.compile(Path(source), Path(made), format="pdf", pdf_standards=STANDARDS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
