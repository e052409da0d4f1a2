"""Copies of the project that a benchmark may change, and our own commands on them."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT, Command

_FORMATS = re.compile(r"(?<=\[build\.formats\]\n).*?(?=\n\n)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the project, and the folder that its builds go to."""

    root: Path
    output: Path

    def build(self, *words: str | Path) -> Command:
        """Return the command that builds it."""
        handout = [sys.executable, "-P", "-X", "utf8", "-m", "pipeline"]
        return [*handout, "--project", self.root, "build", "-o", self.output, *words]

    def build_for(self, organisations: Path, *words: str) -> Command:
        """Return the command that makes the handouts of the organisations in a file."""
        return self.build("--organisations", organisations, *words)

    def made_for_organisations(self) -> list[Path]:
        """Return the documents that organisations got."""
        found = (self.output / "organisations").rglob("*.*")
        return sorted(p for p in found if p.suffix in (".pdf", ".docx", ".epub"))

    def only(self, formats: dict[str, list[str]]) -> Copy:
        """Make it build these formats in these editions only; return it."""
        path = self.root / "source" / "handouts.toml"
        lines = "\n".join(f"{name} = {editions!r}" for name, editions in formats.items())
        text, changed = _FORMATS.subn(lines, path.read_text("utf-8"))
        if changed != 1:
            raise SystemExit(f"{path.name} has no [build.formats] followed by an empty line")
        path.write_text(text, "utf-8")
        return self

    def change(self, tag: str, segment: str, added: str) -> None:
        """Add words to the translation of a segment."""
        path = self.root / "translations" / tag / "LC_MESSAGES" / "osteopetrosis.po"
        entry = re.compile(rf'(msgctxt "{segment}"\nmsgid ".*"\nmsgstr ".*)"')
        text, changed = entry.subn(lambda m: f'{m[1]} {added}"', path.read_text("utf-8"))
        if changed != 1:
            raise SystemExit(f"{path.name} of {tag} has no entry “{segment}” on single lines")
        path.write_text(text, "utf-8")


def copy_project(folder: Path) -> Copy:
    """Copy source and translations into a folder."""
    for name in ("source", "translations"):
        shutil.copytree(ROOT / name, folder / name)
    return Copy(folder, folder / "output")
