"""Names in any script, with blanks, quotes, new lines, and bytes that are no text."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from faults.builds import Note, Site, Tree, leaflets

NAMES = {
    "blanks": "  two  blanks ",
    "quotes": 'it\'s a "test" `of` “quotes”',
    "a new line": "one\ntwo\r\tthree",
    "signs of shells": "$HOME;&|<>*?[a]!(){}~^\\",
    "signs of addresses": "100%25 #a?b=c&d:e;f@g+h",
    "Arabic": "نشرة المريض ٢٠٢٦",
    "Hebrew": "עלון למטופל",
    "Chinese": "患者手册",
    "Devanagari": "रोगी पुस्तिका",
    "Cyrillic": "Памятка",
    "emoji": "📘👩🏽‍⚕️",
    "marks apart": "e\u0301te\u0301",
    "directions": "\u202eabc\u2066",
    "a dash in front": "-o",
    "long": "x" * 200,
    "markup": "<b>&amp;",
}


# Each in the one before it.
NESTS = [tuple(NAMES)[first::4] for first in range(4)]


@pytest.mark.parametrize("kinds", NESTS, ids=", ".join)
def test_folders_of_any_name(
    site: Site, undisturbed: tuple[Tree, Tree], note: Note, kinds: tuple[str, ...]
) -> None:
    names = [NAMES[kind] for kind in kinds]
    named = site.folder.joinpath(*names)
    named.parent.mkdir(parents=True)
    shutil.move(site.project, named)
    site.project, site.output = named, named.joinpath(*names)
    site.scratch = site.folder.joinpath(names[0], "tmp")
    site.scratch.mkdir()
    site.complete(undisturbed[0], "-o", site.output)
    site.complete(undisturbed[0], "-o", site.output)
    note("folders of any name (project, output, temporary)", len(kinds), "the same byte for byte")


@pytest.mark.skipif(sys.platform == "darwin", reason="names are text there")
def test_folders_whose_name_is_no_text(site: Site, undisturbed: tuple[Tree, Tree], note: Note) -> None:
    named = Path(os.fsdecode(os.fsencode(site.folder) + b"/\xff\xfe\x80"))
    shutil.move(site.project, named)
    site.project, site.output = named, named / "output"
    site.complete(undisturbed[0])
    note("folders whose name is no text", 1, "the same byte for byte")


@pytest.mark.parametrize("kind", NAMES)
def test_files_of_any_name(site: Site, undisturbed: tuple[Tree, Tree], note: Note, kind: str) -> None:
    """The source itself, and a file beside it that is no part of the project."""
    name = f"{NAMES[kind]}.md"
    (site.project / "source" / "handwash.md").rename(site.project / "source" / name)
    (site.project / "source" / f"{name}.txt").write_text("a remark", "utf-8")
    settings = site.project / "source" / "handouts.toml"
    text = settings.read_text("utf-8").replace('"handwash.md"', json.dumps(name, ensure_ascii=False))
    settings.write_text(text, "utf-8")
    done = site.build("-f", "txt", "-f", "html")
    assert (done.returncode, done.stderr) == (0, "")
    made = leaflets(site.output)
    assert len(made) == 4
    assert made.items() <= undisturbed[0].items()
    # A name that is told is told on one line.
    broken = (site.project / "source" / name).read_text("utf-8").replace("{#how-wet}", "{#how-soap}")
    (site.project / "source" / name).write_text(broken, "utf-8")
    done = site.build("-f", "txt")
    assert done.returncode == 3
    assert "error" in done.stderr.splitlines()[0]
    assert leaflets(site.output) == made
    note("files of any name (source)", 1, "the same byte for byte")
