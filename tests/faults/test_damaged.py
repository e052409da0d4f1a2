"""Damage to what lies in the output, and to fonts: it is seen, made good, and never believed."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from faults.builds import SEED, Note, Site, Tree, tree
from faults.test_disk import build_all
from pipeline.diagnostics import ExitCode
from pipeline.plan import Wishes
from pipeline.report import BuildReport

Build = Callable[..., BuildReport]
Harm = Callable[[bytes, random.Random], bytes]

# An e-book takes the pages of its page list from the record of the PDF beside it.
SETTINGS = ('docx = ["clear"]', 'docx = ["clear"]\nepub = ["clear"]')


def flip(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def with_older_shape(data: bytes, _: random.Random) -> bytes:
    """Return a record as a program before us may have written it: bare, without a field."""
    try:
        found = json.loads(data)
    except ValueError:
        return b""
    bare = found.get("record", found)
    bare.pop("outcomes", None)
    return json.dumps(bare).encode()


def with_other_values(data: bytes, _: random.Random) -> bytes:
    """Return JSON of the right shape that says something else."""
    return data.replace(b'"pages": 1', b'"pages": 7').replace(b'"title": ', b'"title": "!", "title": ')


HARMS: dict[str, Harm] = {
    "empty": lambda data, _: b"",
    "torn at the start": lambda data, _: data[:1],
    "torn in the middle": lambda data, _: data[: len(data) // 2],
    "torn at the end": lambda data, _: data[:-1],
    "zeros": lambda data, _: bytes(len(data)),
    "random bytes": lambda data, chance: chance.randbytes(len(data)),
    "one bit": flip,
    "another bit": flip,
    "longer": lambda data, _: data + b"\n{}",
    "JSON of a wrong shape": lambda data, _: b'{"seal": 3, "record": [], "passport": 7}',
    "an older shape": with_older_shape,
    "other values": with_other_values,
}

PLACES = {
    "a leaflet": ("en/steps-clear.txt", "en/steps-clear.pdf", "en/steps-clear.epub"),
    "a record": (".handout/records/en/steps-clear.txt.json", ".handout/records/en/steps-clear.pdf.json"),
    "the page of all leaflets": ("index.html",),
    "the manifest": ("manifest.json", ".handout/lists/all.sha256"),
}


@pytest.fixture
def whole(site: Site, build_here: Build) -> Tree:
    """Return all that a build of the English leaflets makes."""
    settings = site.project / "source" / "handouts.toml"
    settings.write_text(settings.read_text("utf-8").replace(*SETTINGS), "utf-8")
    rebuild(site, build_here)
    return tree(site.output)


def rebuild(site: Site, build_here: Build) -> None:
    """Build as the command line does: the lists are written anew if they are not what they should be."""
    from pipeline.download import is_listed
    from pipeline.plan import targets
    from pipeline.reader import open_project

    wishes = Wishes(languages=("en",))
    wanted = targets(open_project(site.project).settings, Wishes())
    report = build_here(site.project, wishes, output=site.output)
    assert report.exit_code == ExitCode.OK, report.failed
    if report.built or not is_listed(wanted, site.output):
        build_all(site, build_here, wishes)


@pytest.mark.parametrize("what", PLACES)
def test_damage_is_made_good(site: Site, whole: Tree, build_here: Build, note: Note, what: str) -> None:
    chance = random.Random(f"{SEED} {what}")
    times = 0
    for name in PLACES[what]:
        for harm, change in HARMS.items():
            data = change(whole[name], chance)
            if data == whole[name]:
                continue
            (site.output / name).write_bytes(data)
            rebuild(site, build_here)
            assert tree(site.output) == whole, f"{name}: {harm}"
            times += 1
        (site.output / name).unlink()
        rebuild(site, build_here)
        assert tree(site.output) == whole, f"{name}: gone"
        times += 1
    note(f"damage to {what}", times, "made anew, the same byte for byte")


def test_damaged_passports_are_made_good(site: Site, whole: Tree, build_here: Build, note: Note) -> None:
    """What the rules said may differ: `handout check` adds to it, so that it has no one right text."""
    chance = random.Random(SEED)
    unseen = ("one bit", "another bit", "other values")
    harms = {name: harm for name, harm in HARMS.items() if name not in unseen}
    name = "passports/en/steps-clear.pdf.json"
    times = 0
    for harm, change in harms.items():
        data = change(whole[name], chance)
        if data in (whole[name], whole[name] + b"\n{}"):
            continue
        (site.output / name).write_bytes(data)
        rebuild(site, build_here)
        assert tree(site.output) == whole, harm
        times += 1
    note("damage to the passport beside a leaflet", times, "written anew, the same byte for byte")


def test_swapped_records_are_not_believed(site: Site, whole: Tree, build_here: Build, note: Note) -> None:
    records = sorted((site.output / ".handout" / "records" / "en").iterdir())
    for one, other in pairwise(records):
        shutil.copy(one, other)
    rebuild(site, build_here)
    assert tree(site.output) == whole
    note("records of other leaflets", len(records) - 1, "made anew, the same byte for byte")


def test_a_damaged_prepared_font_is_prepared_again(tmp_path: Path, note: Note) -> None:
    from pipeline.fonts import typefaces
    from pipeline.languages import language

    def install() -> dict[str, bytes]:
        typefaces(language("ru"), "Мойте руки", cache_folder=tmp_path / "fonts")
        return tree(tmp_path / "fonts")

    whole = install()
    assert len(whole) == 2
    chance = random.Random(SEED)
    times = 0
    for name in whole:
        for harm, change in HARMS.items():
            data = change(whole[name], chance)
            if data in (whole[name],):
                continue
            (tmp_path / "fonts" / name).write_bytes(data)
            assert install() == whole, harm
            times += 1
    note("a damaged font in the cache", times, "prepared anew, the same byte for byte")


def without_a_font(folder: Path, harm: Harm | None) -> Path:
    """Return a folder with a font package whose bold file is harmed, or not there."""
    spec = find_spec("fontpkg_atkinson_hyperlegible")
    assert spec
    assert spec.origin
    shutil.copytree(Path(spec.origin).parent, folder / "fontpkg_atkinson_hyperlegible")
    (bold,) = folder.rglob("AtkinsonHyperlegible-Bold.ttf")
    data = bold.read_bytes()
    bold.unlink()
    if harm is not None:
        bold.write_bytes(harm(data, random.Random(SEED)))
    return folder


@pytest.mark.parametrize("harm", [None, "empty", "torn in the middle", "zeros", "random bytes"])
def test_a_font_file_that_is_missing_or_damaged(
    site: Site, undisturbed: tuple[Tree, Tree], note: Note, harm: str | None
) -> None:
    site.complete(undisturbed[0])
    site.change()
    path = without_a_font(site.folder / "packages", HARMS[harm] if harm else None)
    done = site.build(env={"PYTHONPATH": str(path)})
    assert done.returncode in (ExitCode.TOOL_MISSING, ExitCode.RENDER), (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert "AtkinsonHyperlegible-Bold.ttf" in done.stderr
    assert done.stdout.startswith("0 artefacts made")
    assert tree(site.output) == undisturbed[0]
    site.complete(undisturbed[1])
    note(
        "a font file of a package missing or damaged",
        1,
        "told in a sentence, nothing altered; the next build completes",
    )
