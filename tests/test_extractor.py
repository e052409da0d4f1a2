"""`pybabel extract` gives what `handout catalogs extract` gives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from pipeline import catalogs

ROOT = Path(__file__).parent.parent


def extracted(folder: Path, target: Path) -> catalogs.Catalog:
    """Run Babel's own command over a folder, with the settings of this project."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "babel.messages.frontend", "extract", "-F", "pyproject.toml"),
            *("--no-wrap", "-c", "none", "-o", str(target), "."),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return catalogs.read(target)


def test_pybabel_extracts_the_messages_of_a_project(handwash: Path, tmp_path: Path) -> None:
    found = extracted(handwash, tmp_path / "babel.pot")
    own = catalogs.read(handwash / "translations" / "handwash.pot")
    assert {(e.context, e.id) for e in found.entries} == {(e.context, e.id) for e in own.entries}
    notes = {e.context: e.extracted_comments for e in found.entries}
    assert notes == {e.context: e.extracted_comments for e in own.entries}


def test_other_files_have_no_messages(handwash: Path, tmp_path: Path) -> None:
    (handwash / "source" / "notes.md").write_text("# Not the leaflet\n", "utf-8")
    found = extracted(handwash, tmp_path / "babel.pot")
    assert not any("Not the leaflet" in e.id for e in found.entries)
