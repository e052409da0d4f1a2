"""LibreOffice, opening Word files and writing them out in another format."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.tools.programs import Tool, on_path, require, run

# What makes the PDF export of `convert` write PDF/UA-1.
PDF_UA = 'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"}}'

OFFICE = Tool("LibreOffice", "opening Word files", on_path("soffice", "libreoffice"))


def convert(files: Sequence[Path], *, to: str, folder: Path) -> Mapping[Path, Path]:
    """Open `files` in one office and write each to `folder`; return what became of each.

    `to` is an extension or a filter as `soffice --convert-to` takes it, such as `pdf` or `PDF_UA`. A
    file that LibreOffice could not open, or broke down over, is missing from the result. The office
    has a profile of its own, so that one that is in use is left alone. Raises `MissingToolError`, and
    `ToolError` if it does not end within 2 minutes and 30 s a file.
    """
    program = require(OFFICE).path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="handout-office-") as name:
        room = Path(name)
        # Results are named after the file alone: two files of one name would be one.
        copies = {room / f"{number}{path.suffix}": path for number, path in enumerate(files)}
        for copy, path in copies.items():
            shutil.copyfile(path, copy)
        profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
        made = room / "made"
        options: list[str | Path] = [profile, "--headless", "--convert-to", to, "--outdir", made]
        run([program, *options, *copies], seconds=120 + 30 * len(files))
        results = {}
        for copy, path in copies.items():
            written = made / f"{copy.stem}.{to.partition(':')[0]}"
            if written.is_file() and written.stat().st_size:
                results[path] = Path(shutil.move(written, folder / written.name))
    return results
