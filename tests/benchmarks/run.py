"""How long the pipeline takes, beside other programs for the same work. See README.md in this folder."""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.document import TranslatedDocument
from pipeline.editions import Layout, Target
from pipeline.making import companions_of
from pipeline.plan import Wishes, targets
from pipeline.renderers import FORMATS
from pipeline.selection import select
from pipeline.workspace import layout_of, load, translated

ROOT = Path(__file__).parent.parent.parent
# Linux counts a program's memory from that of the process which starts it, so a small one must do that.
WATCH = """
import os, sys, time
started = time.perf_counter()
null = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=null)
_, status, usage = os.wait4(process, 0)
print([time.perf_counter() - started, usage.ru_maxrss])
sys.exit(os.waitstatus_to_exitcode(status))
"""
HANDOUT = [sys.executable, "-P", "-X", "utf8", "-m", "pipeline"]
WEASYPRINT = [sys.executable, "-m", "weasyprint"]
# Ours in one handout and paper for each edition: enough for a median.
SAMPLE = Wishes(handouts=("osteopetrosis", "infant-form"), languages=("en", "ar", "ru"))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run of a program took: seconds, and the greatest resident memory in MB."""

    seconds: float
    memory: float


def run(command: Sequence[str | Path]) -> Cost:
    """Run a command; return its cost. Its output goes nowhere; a failure ends the benchmark."""
    watched = [sys.executable, "-I", "-S", "-c", WATCH, *map(str, command)]
    done = subprocess.run(watched, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed: {done.stderr}")
    seconds, memory = json.loads(done.stdout)
    return Cost(seconds, memory / (1e6 if sys.platform == "darwin" else 1e3))


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median time and the greatest memory of several runs."""
    return Cost(statistics.median(c.seconds for c in costs), max(c.memory for c in costs))


# --- ours ---------------------------------------------------------------------------------------------------


def sample(form: str) -> list[Target]:
    """Return some targets of a format, one paper each."""
    wishes = Wishes(SAMPLE.handouts, SAMPLE.languages, (form,))
    chosen = {(t.handout, t.language, t.edition): t for t in targets(load(ROOT)[0].settings, wishes)}
    return list(chosen.values())


def parts(target: Target, output: Path) -> tuple[TranslatedDocument, Layout]:
    """Return what a renderer is given for a target."""
    whole = translated(ROOT, target.language)
    return select(whole, target.handout), layout_of(ROOT, target, output)


def render(target: Target, output: Path) -> float:
    """Return the seconds that rendering takes by itself, everything being loaded."""
    document, layout = parts(target, output)
    companions = companions_of(target, targets(load(ROOT)[0].settings, Wishes()), {})
    started = time.perf_counter()
    FORMATS[target.format](document, layout, companions)
    return time.perf_counter() - started


def warm(form: str, output: Path) -> float:
    """Return the median seconds per artefact of a format in this process."""
    chosen = sample(form)
    render(chosen[0], output)
    return statistics.median(render(target, output) for target in chosen)


def render_alone(form: str) -> None:
    """Make one artefact of a format, for its memory to be measured."""
    with tempfile.TemporaryDirectory() as folder:
        render(sample(form)[0], Path(folder))


# --- others -------------------------------------------------------------------------------------------------


def write_print_page(target: Target, output: Path, folder: Path) -> list[str | Path]:
    """Write the HTML, CSS and drawings of a PDF; return the command that makes it of them."""
    from pipeline.renderers.pdf.page import page
    from pipeline.renderers.pdf.stylesheet import stylesheets

    document, layout = parts(target, output)
    drawings: dict[str, bytes] = {}
    html = ET.tostring(page(document, layout, drawings), encoding="unicode", method="html")
    for number, (address, drawing) in enumerate(drawings.items()):
        (folder / f"{number}.svg").write_bytes(drawing)
        html = html.replace(f'"{address}"', f'"{number}.svg"')
    (folder / "page.html").write_text(html, "utf-8")
    options: list[str | Path] = []
    for number, css in enumerate(stylesheets(document, layout)):
        for face in layout.faces:
            for _, path in face.files:
                css = css.replace(f"url(font:{path.name})", f"url({path.as_uri()})")  # noqa: PLW2901
        (folder / f"{number}.css").write_text(css, "utf-8")
        options += ["-s", folder / f"{number}.css"]
    return [*WEASYPRINT, *options, "--pdf-variant", "pdf/a-2a", folder / "page.html", folder / "out.pdf"]


def write_web_page(target: Target, output: Path, folder: Path) -> list[str | Path]:
    """Write the web page of a target's handout; return the command that converts it."""
    html = next(t for t in sample("html") if (t.handout, t.language) == (target.handout, target.language))
    document, layout = parts(html, output)
    companions = companions_of(html, targets(load(ROOT)[0].settings, Wishes()), {})
    (folder / "page.html").write_bytes(FORMATS["html"](document, layout, companions).data)
    options = ["-t", "plain"] if target.format == "txt" else []
    return ["pandoc", folder / "page.html", *options, "-o", folder / f"out.{target.format}"]


def others(form: str, write: Callable[[Target, Path, Path], list[str | Path]], output: Path) -> Cost:
    """Return the median cost of making a format's sample by another program, started once per file."""
    costs = []
    for target in sample(form):
        with tempfile.TemporaryDirectory() as folder:
            costs.append(run(write(target, output, Path(folder))))
    return median(costs)


# --- the table ----------------------------------------------------------------------------------------------


def row(what: str, ours: float, theirs: float | None, unit: str, beside: str) -> str:
    """Return a line of the table; the last number says how many times as much the other takes."""
    if theirs is None:
        return f"{what:<34} {ours:>9.3f} {unit:<2} {'':>12} {'':>8}   {beside}"
    return f"{what:<34} {ours:>9.3f} {unit:<2} {theirs:>9.3f} {unit:<2} {theirs / ours:>7.1f}×   {beside}"


def rows(output: Path) -> Iterator[str]:
    """Measure, and yield the lines of the table as they come."""
    pandoc = shutil.which("pandoc") is not None
    if not pandoc:
        yield "pandoc is not installed (apt install pandoc): the lines beside it stay empty."
    yield f"{'':<34} {'ours':>12} {'other':>12} {'ratio':>8}   beside"

    start = median([run([*HANDOUT, "--help"]) for _ in range(5)])
    other = median([run([*WEASYPRINT, "--help"]) for _ in range(5)])
    yield row("start: handout --help", start.seconds, other.seconds, "s", "weasyprint --help")

    build = [*HANDOUT, "build", "-o", str(output)]
    whole = run(build)
    idle = median([run(build) for _ in range(5)])
    yield row("nothing to do: handout build", idle.seconds, whole.seconds, "s", "our whole build")

    by_weasyprint = {"pdf": others("pdf", write_print_page, output)}
    by_pandoc = {form: others(form, write_web_page, output) for form in ("docx", "epub", "txt") if pandoc}
    everything = targets(load(ROOT)[0].settings, Wishes())
    count = {form: sum(t.format == form for t in everything) for form in FORMATS}
    timed = by_weasyprint | by_pandoc
    added = sum(cost.seconds * count[form] for form, cost in timed.items())
    told = ", ".join(f"{count[form]} {form}" for form in timed)
    name = f"whole build: {len(everything)} artefacts"
    yield row(name, whole.seconds, added, "s", f"{told}, a process each, one after the other")
    for form in FORMATS:
        theirs = timed.get(form)
        program = "weasyprint, a process each" if form in by_weasyprint else "pandoc, a process each"
        beside = program if theirs else "nothing"
        yield row(
            f"{form}, per artefact, warm", warm(form, output), theirs.seconds if theirs else None, "s", beside
        )
    for form in FORMATS:
        theirs = timed.get(form)
        beside = ("weasyprint" if form in by_weasyprint else "pandoc") if theirs else "nothing"
        yield row(
            f"{form}, memory of a process",
            run([sys.executable, __file__, "--alone", form]).memory,
            theirs.memory if theirs else None,
            "MB",
            beside,
        )
    yield row("memory of an idle build", idle.memory, None, "MB", "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alone", metavar="FORMAT", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.alone:
        render_alone(wanted.alone)
        return
    with tempfile.TemporaryDirectory() as folder:
        for line in rows(Path(folder)):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
