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
from pipeline.document import Image, Picture, TranslatedDocument, walk
from pipeline.editions import Layout, Target
from pipeline.organisations import Organisation
from pipeline.overlay import overlay
from pipeline.renderers.drawing import draw_text
from pipeline.renderers.raster import rasterize
from pipeline.workspace import handout, layout_of

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
    html, pictures = htmlmarkup.print_page(*_parts(desk, piece))
    for address, data in pictures.items():
        kind = "png" if data.startswith(b"\x89PNG") else "svg"
        name = f"{piece.name}-{Path(address.partition(':')[2]).stem}.{kind}"
        (desk.folder / name).write_bytes(data)
        html = html.replace(f'"{address}"', f'"{name}"')
    page = desk.folder / f"{piece.name}.html"
    page.write_text(html, "utf-8")
    options = [word for style in _print_styles(desk, piece.target) for word in ("-s", style)]
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
    document, layout = _parts(desk, piece)
    drawings = _drawings(desk, target, "png" if target.format == "docx" else "svg")
    page = desk.folder / f"{piece.name}-{target.format}.html"
    page.write_text(htmlmarkup.plain_page(document, {**drawings, **_pictures(desk, piece)}), "utf-8")
    faces = [f"--epub-embed-font={path}" for face in layout.faces for _, path in face.files]
    options = {
        "docx": ["--toc"],
        "epub": ["--toc", "--split-level=2", *faces],
        "html": ["--toc", "--standalone", "--embed-resources"],
        "txt": ["--to=plain"],
    }[target.format]
    own = document.language
    lang = [f"--metadata=lang:{own.tag}", f"--metadata=dir:{own.direction}"]
    program, where = pandoc_program() or "pandoc", f"--resource-path={desk.folder}"
    return [program, "--from=html", page, where, *lang, *options, "-o", made(desk, piece)]


def typst(desk: Desk, pieces: Sequence[Piece], *, processes: int = CORES) -> list[Command]:
    """Write the files of some PDFs; return the commands that make all of them in a few processes."""
    # Neighbors in the list share what Typst remembers.
    ordered = sorted(pieces, key=lambda piece: piece.target)
    files = [_typst_file(desk, piece) for piece in ordered]
    faces = [
        face for target in {piece.target for piece in pieces} for face in _parts(desk, Piece(target))[1].faces
    ]
    fonts = sorted({str(path.parent) for face in faces for _, path in face.files})
    commands: list[Command] = []
    size = -(-len(files) // min(processes, len(files)))
    for start in range(0, len(files), size):
        work = {"root": str(desk.folder), "fonts": fonts, "files": files[start : start + size]}
        told = desk.folder / f"typst-{start}.json"
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


def _parts(desk: Desk, piece: Piece) -> tuple[TranslatedDocument, Layout]:
    desk.folder.mkdir(parents=True, exist_ok=True)
    target = piece.target
    document = handout(ROOT, target.language, target.handout)
    layout = layout_of(ROOT, target, desk.output)
    return overlay(document, piece.organisation) if piece.organisation else document, layout


@cache
def _print_styles(desk: Desk, target: Target) -> tuple[Path, ...]:
    paths = []
    for number, css in enumerate(htmlmarkup.print_styles(*_parts(desk, Piece(target)))):
        paths.append(desk.folder / f"{Piece(target).name}-{number}.css")
        paths[-1].write_text(css, "utf-8")
    return tuple(paths)


@cache
def _drawings(desk: Desk, target: Target, suffix: str) -> Mapping[str, str]:
    """Draw the drawings of a handout with their labels; return their files by the path in the source."""
    document, layout = _parts(desk, Piece(target))
    files = {}
    for image in (node for node in walk(document.document) if isinstance(node, Image)):
        svg = draw_text(image.drawing, language=layout.language, faces=layout.faces)
        name = f"{target.language}-{Path(image.drawing.path).stem}.{suffix}"
        data = svg.encode() if suffix == "svg" else rasterize(svg, layout.faces, width=_PNG_WIDTH)
        (desk.folder / name).write_bytes(data)
        files[image.drawing.path] = name
    return files


def _pictures(desk: Desk, piece: Piece) -> dict[str, str]:
    """Write the logo and the QR code of an organization; return their files by name."""
    files = {}
    document, _ = _parts(desk, piece)
    for picture in (node for node in walk(document.document) if isinstance(node, Picture)):
        files[picture.name] = f"{piece.organisation.id if piece.organisation else ''}-{picture.name}"
        path = desk.folder / files[picture.name]
        if not path.exists():
            path.write_bytes(picture.data)
    return files


@cache
def _library(desk: Desk, target: Target) -> str:
    name = f"leaflet-{Piece(target).name}.typ"
    drawings = _drawings(desk, target, "svg")
    (desk.folder / name).write_text(typstmarkup.leaflet(*_parts(desk, Piece(target)), drawings), "utf-8")
    return name


def _typst_file(desk: Desk, piece: Piece) -> tuple[str, str]:
    """Write the main file of a PDF; return its path and that of the PDF."""
    library = _library(desk, piece.target)
    if piece.organisation is None:
        text = typstmarkup.main_file(library)
    else:
        text = typstmarkup.own_page(*_parts(desk, piece), library, _pictures(desk, piece))
    path = desk.folder / f"main-{piece.name}.typ"
    path.write_text(text, "utf-8")
    return str(path), str(made(desk, piece))
