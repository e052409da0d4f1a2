"""The other programs: what each gets on disk, and the commands that make documents of it.

Nothing that is prepared here is counted: neither exporting the text and the pictures, nor filling in an
organisation's details and drawing its QR code. Our own builds do all of that within their time.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks import htmlmarkup, typstmarkup
from benchmarks.measure import CORES, ROOT, Command
from benchmarks.organisations import Organisation, draw_code, draw_logo, panel_words
from pipeline.document import Image, TranslatedDocument, walk
from pipeline.editions import Layout, Target
from pipeline.renderers.drawing import draw_text
from pipeline.renderers.raster import rasterize
from pipeline.workspace import handout, layout_of, translated

_BATCH = Path(__file__).with_name("typst_batch.py")
_PNG_WIDTH = 1200


@dataclass(frozen=True, slots=True)
class Piece:
    """One document to make: a target, for an organisation or for all readers."""

    target: Target
    organisation: Organisation | None = None

    @property
    def name(self) -> str:
        """A name for its files."""
        plain = self.target.name.replace("/", "-").rpartition(".")[0]
        return f"{self.organisation.id}-{plain}" if self.organisation else plain


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the other programs work: `folder` holds what they get and make, `output` our prepared fonts."""

    folder: Path
    output: Path


def weasyprint(desk: Desk, piece: Piece) -> Command:
    """Write the page of a PDF; return the command that makes it."""
    html, styles = _print_page(desk, piece.target)
    page = _write(desk, piece, f"{piece.name}.html", html)
    options = [word for style in styles for word in ("-s", style)]
    return [
        sys.executable,
        "-m",
        "weasyprint",
        *options,
        "--pdf-variant",
        "pdf/ua-1",
        page,
        made(desk, piece),
    ]


def pandoc(desk: Desk, piece: Piece) -> Command:
    """Write the page of a document; return the command that converts it."""
    target = piece.target
    pictures = "png" if target.format == "docx" else "svg"
    page = _write(
        desk, piece, f"{piece.name}-{target.format}.html", _plain_page(desk, target, pictures=pictures)
    )
    _, layout = _parts(desk, target)
    faces = [f"--epub-embed-font={path}" for face in layout.faces for _, path in face.files]
    options = {
        "docx": ["--toc"],
        "epub": ["--toc", "--split-level=2", *faces],
        "html": ["--toc", "--standalone", "--embed-resources"],
        "txt": ["--to=plain"],
    }[target.format]
    lang = [f"--metadata=lang:{target.language}", f"--metadata=dir:{_direction(target)}"]
    program, where = pandoc_program() or "pandoc", f"--resource-path={desk.folder}"
    return [program, "--from=html", page, where, *lang, *options, "-o", made(desk, piece)]


def typst(
    desk: Desk, pieces: Sequence[Piece], *, processes: int = CORES, inputs: bool = False
) -> list[Command]:
    """Write the files of some PDFs; return the commands that make all of them in a few processes.

    `inputs` gives an organisation's details to one main file as Typst's documentation has it; else each
    organisation has a main file of its own, for which Typst lays out anew what differs alone.
    """
    # Neighbors in the list share what Typst remembers.
    ordered = sorted(pieces, key=lambda p: p.target)
    files = [_typst_file(desk, piece, inputs=inputs) for piece in ordered]
    fonts = {
        str(path.parent)
        for p in ordered
        for face in _parts(desk, p.target)[1].faces
        for _, path in face.files
    }
    commands: list[Command] = []
    size = -(-len(files) // min(processes, len(files)))
    for start in range(0, len(files), size):
        work = {"root": str(desk.folder), "fonts": sorted(fonts), "files": files[start : start + size]}
        told = desk.folder / f"typst-{len(files)}-{start}-{inputs}.json"
        told.write_text(json.dumps(work), "utf-8")
        commands.append([sys.executable, "-P", _BATCH, told])
    return commands


def made(desk: Desk, piece: Piece) -> Path:
    """Return where a program puts the document."""
    return desk.folder / f"{piece.name}.{piece.target.format}"


@cache
def pandoc_program() -> str | None:
    """Return the program pandoc: the one of the extra `bench`, or the machine's own."""
    if importlib.util.find_spec("pypandoc"):
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    return shutil.which("pandoc")


def typst_is_there() -> bool:
    """Whether Typst is installed."""
    return importlib.util.find_spec("typst") is not None


# --- what is written ----------------------------------------------------------------------------------------


@cache
def _details(desk: Desk, one: Organisation, tag: str) -> dict[str, str]:
    """Return what a template is filled in with, the pictures being drawn."""
    code, logo = desk.folder / f"{one.id}.png", desk.folder / one.logo
    if not logo.exists():
        draw_logo(logo)
    if not code.exists():
        draw_code(code, one.web)
    return one.details(tag, code.name)


def _parts(desk: Desk, target: Target) -> tuple[TranslatedDocument, Layout]:
    desk.folder.mkdir(parents=True, exist_ok=True)
    return handout(ROOT, target.language, target.handout), layout_of(ROOT, target, desk.output)


def _direction(target: Target) -> str:
    return translated(ROOT, target.language).language.direction


def _write(desk: Desk, piece: Piece, name: str, html: str) -> Path:
    one, path = piece.organisation, desk.folder / name
    if one:
        tag = piece.target.language
        added = htmlmarkup.panel(_details(desk, one, tag), panel_words(translated(ROOT, tag)))
        before, end, after = html.rpartition(htmlmarkup.END)
        html = f"{before}{added}{end}{after}"
    path.write_text(html, "utf-8")
    return path


@cache
def _print_page(desk: Desk, target: Target) -> tuple[str, tuple[Path, ...]]:
    stem = Piece(target).name
    html, drawings, sheets = htmlmarkup.print_page(*_parts(desk, target))
    for number, (address, drawing) in enumerate(drawings.items()):
        name = f"{stem}-{number}.svg"
        (desk.folder / name).write_text(drawing, "utf-8")
        html = html.replace(f'"{address}"', f'"{name}"')
    paths = []
    for number, css in enumerate(sheets):
        paths.append(desk.folder / f"{stem}-{number}.css")
        paths[-1].write_text(css, "utf-8")
    return html, tuple(paths)


@cache
def _plain_page(desk: Desk, target: Target, *, pictures: str) -> str:
    document, _ = _parts(desk, target)
    return htmlmarkup.plain_page(document, _drawings(desk, target, pictures))


@cache
def _drawings(desk: Desk, target: Target, suffix: str) -> Mapping[str, str]:
    """Draw the pictures of a handout with their labels; return their files by the path in the source."""
    document, layout = _parts(desk, target)
    files = {}
    for image in (node for node in walk(document.document) if isinstance(node, Image)):
        svg = draw_text(image.drawing, language=layout.language, faces=layout.faces)
        name = f"{target.language}-{Path(image.drawing.path).stem}.{suffix}"
        data = svg.encode() if suffix == "svg" else rasterize(svg, layout.faces, width=_PNG_WIDTH)
        (desk.folder / name).write_bytes(data)
        files[image.drawing.path] = name
    return files


@cache
def _library(desk: Desk, target: Target) -> str:
    name = f"leaflet-{Piece(target).name}.typ"
    drawings = _drawings(desk, target, "svg")
    (desk.folder / name).write_text(typstmarkup.leaflet(*_parts(desk, target), drawings), "utf-8")
    return name


def _typst_file(desk: Desk, piece: Piece, *, inputs: bool) -> tuple[str, dict[str, str], str]:
    """Write the main file of a PDF; return its path, what is given to it, and the PDF's path."""
    library, one, given = _library(desk, piece.target), piece.organisation, {}
    if one is None:
        name, details = f"main-{library}", ""
    elif inputs:
        name, details = f"inputs-{library}", typstmarkup.FROM_INPUTS
        given = {"organisation": json.dumps(_details(desk, one, piece.target.language))}
    else:
        name = f"{piece.name}.typ"
        details = typstmarkup.dictionary(_details(desk, one, piece.target.language))
    path = desk.folder / name
    path.write_text(typstmarkup.personal(library, details), "utf-8")
    return str(path), given, str(made(desk, piece))
