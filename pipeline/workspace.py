"""The workspace: a project's source, translations, typefaces and measures, each read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path, PurePosixPath

from pipeline import catalogs, checks, fonts, interface
from pipeline.catalogs import Catalog
from pipeline.diagnostics import Diagnostic, Location, RenderError, Severity, TranslationError, findings
from pipeline.document import Document, TranslatedDocument, plain_text, segments
from pipeline.editions import PAPERS, Layout, Target, edition_for, lay_out
from pipeline.languages import language
from pipeline.reader import Project, open_project, read
from pipeline.store import FONTS
from pipeline.translation import extract, extract_interface, pseudo, translate, translate_interface

# Interface words that a project does not translate itself come with the product.
SHARED_TRANSLATIONS = Path(__file__).parent.parent / "translations"

# The snapshot of the files that the functions below remember.
_READ_FROM: list[str] = []


def renew(snapshot: str) -> None:
    """Forget what was read, unless it was read from files of just this snapshot.

    A process that lives on meets the same project again after somebody has edited it.
    """
    if [snapshot] != _READ_FROM:
        _READ_FROM[:] = [snapshot]
        for remembered in (load, translated, faces_of, _layout):
            remembered.cache_clear()


@cache
def load(root: Path) -> tuple[Project, Document]:
    """Return the project in `root` and its source. Raises `SourceError` or `UsageError`."""
    project = open_project(root)
    return project, read(project)


@cache
def translated(root: Path, tag: str) -> TranslatedDocument:
    """Return the whole source in a language. Raises `TranslationError` naming every fault."""
    _, document = load(root)
    if tag == document.language.tag:
        return translate(document, document.language, catalog=None, labels=interface.english())
    if language(tag).pseudo:
        labels = translate_interface(pseudo(extract_interface(), tag))
        return translate(document, language(tag), catalog=pseudo(extract(document), tag), labels=labels)
    catalog = read_catalog(root, tag, document.slug)
    labels = translate_interface(_interface_catalog(root, tag))
    result = translate(document, language(tag), catalog=catalog, labels=labels)
    source = translate(document, document.language, catalog=None, labels=labels)
    outcomes = checks.check_translation(source.document, result, catalog=catalog)
    errors = [d for d in findings(outcomes) if d.severity >= Severity.ERROR]
    if errors:
        raise TranslationError(f"{len(errors)} translations are wrong", diagnostics=errors)
    return result


def catalog_path(tag: str, domain: str) -> PurePosixPath:
    """Return where a catalog lies below the project."""
    return PurePosixPath("translations", tag, "LC_MESSAGES", f"{domain}.po")


def read_catalog(root: Path, tag: str, domain: str) -> Catalog:
    """Read a catalog of the project. Raises `TranslationError` if it is missing, damaged or unsafe."""
    shown = catalog_path(tag, domain)
    path = root / shown
    if not path.exists():
        raise TranslationError(
            f"{shown} is missing", location=Location(shown), hint=f"make it with: handout catalogs new {tag}"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TranslationError(
            f"{shown} cannot be read: {error.strerror}", location=Location(shown)
        ) from error
    catalog = catalogs.parse(data, shown)
    unsafe = catalogs.inspect(catalog)
    if unsafe:
        raise TranslationError(f"{shown} holds unsafe characters", diagnostics=unsafe)
    return catalog


def _interface_catalog(root: Path, tag: str) -> Catalog | None:
    for folder in (root, SHARED_TRANSLATIONS.parent):
        if (folder / catalog_path(tag, "interface")).exists():
            return read_catalog(folder, tag, "interface")
    return None


@cache
def faces_of(root: Path, tag: str, output: Path) -> tuple[fonts.Typeface, ...]:
    """Return the typefaces of a language. Raises `RenderError` for each character that none of them has."""
    whole = translated(root, tag)
    texts = {s: plain_text(s.children) for s in segments(whole.document)}
    everything = " ".join((*texts.values(), *whole.labels.values()))
    faces = fonts.typefaces(whole.language, everything, cache_folder=output / FONTS)
    missing = fonts.missing_glyphs(everything, faces)
    if missing:
        raise RenderError(
            "characters without a glyph",
            diagnostics=[
                Diagnostic("R010", Severity.ERROR, f"“{where}”: {glyph}", hint="use another character")
                for glyph in missing
                for where in [next((s.id for s, t in texts.items() if glyph.character in t), "interface")]
            ],
        )
    return faces


def layout_of(root: Path, target: Target, output: Path) -> Layout:
    """Return the measures of a target: one for all handouts of a language, edition and paper."""
    return _layout(
        root,
        output,
        target.language,
        edition=target.edition,
        paper=target.paper,
        standard=target.standard,
    )


@cache
def _layout(root: Path, output: Path, tag: str, *, edition: str, paper: str, standard: str) -> Layout:
    sample = " ".join(plain_text(s.children) for s in segments(translated(root, tag).document))
    faces = faces_of(root, tag, output)
    bent = edition_for(edition, standard)
    return lay_out(bent, PAPERS[paper], language=language(tag), faces=faces, sample=sample)
