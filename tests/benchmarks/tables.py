"""Tables (a) to (c): the project itself, from nothing, with nothing to do, with one entry changed."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from benchmarks.measure import ROOT, Command, Cost, run
from benchmarks.others import SAMPLED, Bench, all_by_others
from benchmarks.projects import Copy, copy_project
from benchmarks.report import Line, Table
from pipeline.editions import Target
from pipeline.plan import Wishes, targets
from pipeline.workspace import load

# One change that only the whole leaflet shows, one that every handout shows; made with each of the words.
CHANGED_LANGUAGE = "sv"
CHANGES = {"an entry of one handout": "treatment-adult", "an entry of all handouts": "key-differ"}
ADDED = ("Ja.", "Ja, ja.", "Ja, så är det.")
REPEATS = 5
_RENDER = Path(__file__).with_name("render_all.py")


def from_nothing(bench: Bench) -> Table:
    """Measure (a): every handout, language, edition and format, nothing being there."""
    copy, cost = _whole(bench)
    everything = _everything()
    sizes = [(copy.output / target.name).stat().st_size for target in everything]
    ours = Line("handout", len(sizes), len(sizes), cost, cost, sum(sizes) / len(sizes))
    bare = Line("handout, rendering alone", len(sizes), len(sizes), _rendering(bench, everything), cost)
    lines = [ours, bare, *all_by_others(bench, everything, cost)]
    notes = [
        SAMPLED,
        "A ratio stands where the work is the same: at the sums of lines above.",
        "Ours reads each document back and checks it, the others do not: “rendering alone” is what they do.",
    ]
    return Table("(a) Everything from nothing", lines, notes)


def nothing_to_do(bench: Bench) -> Table:
    """Measure (b): the same command once more."""
    copy, _ = _whole(bench)
    everything = _everything()
    cost = median([run(copy.build()) for _ in range(REPEATS)])
    lines = [Line("handout", len(everything), 0, cost, cost)]
    if shutil.which("make"):
        by_dates = median([run(_make(bench, everything)) for _ in range(REPEATS)])
        lines.append(Line("make, by the files’ dates", len(everything), 0, by_dates, cost))
    lines += _sums(bench, everything, cost)
    return Table("(b) Nothing to do", lines, ["Without make, a script makes everything again."])


def one_entry_changed(bench: Bench) -> Table:
    """Measure (c): one entry of a PO file changed."""
    copy, _ = _whole(bench)
    lines = []
    for what, segment in CHANGES.items():
        costs, count = [], 0
        for added in ADDED:
            copy.change(CHANGED_LANGUAGE, segment, added)
            before = _dates(copy)
            costs.append(run(copy.build()))
            count = sum(before[name] != date for name, date in _dates(copy).items())
        cost = median(costs)
        lines.append(Line(f"handout: {what}", count, count, cost, cost))
    dearer = max((line.cost for line in lines), key=lambda cost: cost.cpu)
    affected = [target for target in _everything() if target.language == CHANGED_LANGUAGE]
    lines += _sums(bench, affected, dearer)
    notes = [
        f"The others make all documents of the language ({CHANGED_LANGUAGE}) again, as make would: what a "
        "document depends on is a file.",
        "Their ratios are to the dearer of our two lines.",
    ]
    return Table("(c) One entry of a PO file changed", lines, notes)


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median times and the greatest memory of several runs."""
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
    )


@cache
def _whole(bench: Bench) -> tuple[Copy, Cost]:
    """Build all of a copy of the project from nothing; return the copy, and what it cost."""
    copy = copy_project(bench.folder / "project")
    return copy, run(copy.build())


def _rendering(bench: Bench, wanted: Sequence[Target]) -> Cost:
    """Return what our rendering costs without our checks and records, a process for each language."""
    tags = dict.fromkeys(target.language for target in wanted)
    folder = bench.folder / "rendered"
    commands: list[Command] = [[sys.executable, "-P", "-X", "utf8", _RENDER, folder, tag] for tag in tags]
    return run(*commands)


def _everything() -> tuple[Target, ...]:
    return targets(load(ROOT)[0].settings, Wishes())


def _sums(bench: Bench, wanted: Sequence[Target], ours: Cost) -> list[Line]:
    return [line for line in all_by_others(bench, wanted, ours) if line.ours]


def _dates(copy: Copy) -> dict[str, int]:
    """Return when each artefact was written."""
    return {t.name: (copy.output / t.name).stat().st_mtime_ns for t in _everything()}


def _make(bench: Bench, wanted: Sequence[Target]) -> Command:
    """Write rules as a user has them: each document depends on the source and on its language's catalog."""
    folder = bench.folder / "make"
    folder.mkdir(exist_ok=True)
    rules = [f"all: {' '.join(target.name for target in wanted)}"]
    for target in wanted:
        catalog = Path("translations", target.language, "LC_MESSAGES", "osteopetrosis.po")
        needed = [ROOT / path for path in (Path("source/osteopetrosis.md"), catalog)]
        rules.append(f"{target.name}: {' '.join(str(path) for path in needed if path.exists())}\n\ttouch $@")
        (folder / target.name).parent.mkdir(exist_ok=True)
        (folder / target.name).touch()
    (folder / "Makefile").write_text("\n".join(rules) + "\n", "utf-8")
    return ["make", "-s", "-C", folder]
