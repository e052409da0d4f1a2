"""What leaflets are made from, as digests: the project's files, the program, the inputs of one target."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType

from pipeline.document import TranslatedDocument
from pipeline.editions import Layout
from pipeline.fonts import Typeface

# format → the style sheet that sets it. A change of one leaves the files of other formats up to date.
STYLES_FOLDER = Path(__file__).parent / "renderers" / "styles"
STYLES: Mapping[str, str] = MappingProxyType({"pdf": "print.css", "html": "web.css", "epub": "ebook.css"})

# The libraries whose version changes what comes out.
LIBRARIES = (
    "weasyprint pydyf tinycss2 fonttools brotli python-docx EbookLib lxml resvg-py uharfbuzz Babel "
    "pikepdf pillow segno markdown-it-py mdit-py-plugins"
).split()

# translations/osteopetrosis.pot, of all languages, has two parts; translations/sv/… has more.
_OF_ALL = 2


def snapshot(root: Path) -> str:
    """Return one digest of every file that a build of the project reads, and of the program."""
    return _digest_of_files(_files(root))


def stamps(root: Path, tags: Iterable[str]) -> Mapping[str, str]:
    """Return for each language the digest of all that its leaflets are made from.

    The catalogs of other languages take no part: a sentence corrected in one leaves them as they are.
    """
    files = _files(root)
    return {tag: _digest_of_files(file for file in files if file[0] in ("", tag)) for tag in tags}


def _files(root: Path) -> list[tuple[str, str]]:
    """Return each file of the project: its language, "" for one of all, and its name with its digest."""
    found = []
    for folder in ("source", "translations"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                name = path.relative_to(root)
                tag = name.parts[1] if folder == "translations" and len(name.parts) > _OF_ALL else ""
                found.append((tag, f"{name.as_posix()}\0{hashlib.sha256(_content(path)).hexdigest()}\0"))
    return found


def _digest_of_files(files: Iterable[tuple[str, str]]) -> str:
    return hashlib.sha256("".join((product(), *(line for _, line in files))).encode()).hexdigest()


def _content(path: Path) -> bytes:
    """Return what a file holds; nothing if it cannot be read, which whoever needs it will tell."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


@cache
def program() -> str:
    """Return the digest of our own code, and of the versions of the libraries."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*")):
        if path.suffix in (".py", ".conf", ".xml"):
            digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    interface = sorted((here.parent / "translations").rglob("interface.po"))
    for path in interface:
        digest.update(path.read_bytes())
    for name in LIBRARIES:
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{name} absent\n".encode())
    return digest.hexdigest()


def product() -> str:
    """Return the digest of the program and of its style sheets."""
    return hashlib.sha256("\0".join((program(), *map(style, STYLES))).encode()).hexdigest()


@cache
def style(format: str) -> str:
    """Return the digest of the style sheet that a format is set by; "" for one that has none."""
    name = STYLES.get(format)
    return hashlib.sha256((STYLES_FOLDER / name).read_bytes()).hexdigest()[:20] if name else ""


def inputs(
    translated: TranslatedDocument, layout: Layout, format: str, *, companions: object
) -> Mapping[str, str]:
    """Return the digest of each kind of input of a target, by a name that a person understands."""
    measures = (layout.edition, layout.paper, layout.body_pt, layout.measure_pt)
    return {
        "text": _digest((translated.document, translated.superseded)),
        "interface": _digest(sorted(translated.labels.items())),
        "edition": _digest(measures),
        "style": style(format),
        "fonts": _digest([_font_digest(face) for face in layout.stack]),
        "companions": _digest(companions),
        "program": program(),
    }


def _digest(value: object) -> str:
    """Return the digest of a value's representation; locations take no part in it."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:20]


@cache
def _font_digest(face: Typeface) -> str:
    data = b"".join(path.read_bytes() for _, path in face.files)
    return f"{face.family} {hashlib.sha256(data).hexdigest()}"
