"""The workspace: a project's source, translations, typefaces and measures, each read once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from pipeline import catalogs, checks, fonts, frozen, interface
from pipeline.catalogs import Catalog, Ledger, Standing, digest_of
from pipeline.checks import Book, open_book
from pipeline.config import Facts, Glossary
from pipeline.config import load as load_settings
from pipeline.diagnostics import (
    Diagnostic,
    Location,
    Outcome,
    RenderError,
    Severity,
    TranslationError,
    findings,
)
from pipeline.document import Document, TranslatedDocument, plain_text, segments
from pipeline.editions import PAPERS, Layout, Target, edition_for, lay_out
from pipeline.languages import language
from pipeline.reader import Project, open_project, read
from pipeline.selection import select
from pipeline.store import FONTS
from pipeline.translation import (
    credit,
    digests,
    extract,
    extract_interface,
    pseudo,
    translate,
    translate_interface,
)

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
        kept = (outcomes_of, load, ledger_of, edition_of, translated, handout, faces_of, _layout)
        for remembered in (*kept, _about_translation):
            remembered.cache_clear()


@cache
def load(root: Path) -> tuple[Project, Document]:
    """Return the project in `root` and its source. Raises `SourceError` or `UsageError`."""
    project = open_project(root)
    return project, read(project)


@cache
def translated(root: Path, tag: str) -> TranslatedDocument:
    """Return the whole source in a language, in the edition that the language is kept on.

    Raises `TranslationError` naming every fault.
    """
    document, catalog = edition_of(root, tag)
    if language(tag).pseudo:
        labels = translate_interface(pseudo(extract_interface(), tag))
        return translate(document, language(tag), catalog=catalog, labels=labels)
    ledger, roles = ledger_of(root, tag), roles_of(root, tag)

    def approved(segment: str, source: str, translation: str) -> bool:
        return ledger.holds(roles, segment, digest_of(source, translation))

    if catalog is None:
        labels = interface.english()
        return translate(document, document.language, catalog=None, labels=labels, approved=approved)
    labels = translate_interface(interface_catalog(root, tag))
    result = translate(document, language(tag), catalog=catalog, labels=labels, approved=approved)
    errors = [d for d in findings(_about_translation(root, tag)) if d.severity >= Severity.ERROR]
    if errors:
        raise TranslationError(f"{len(errors)} translations are wrong", diagnostics=errors)
    return result


@cache
def handout(root: Path, tag: str, name: str) -> TranslatedDocument:
    """Return a handout in a language, with its reviewers named once all of it is signed off.

    Raises `TranslationError`, and `UsageError` if there is no such handout.
    """
    chosen = select(translated(root, tag), name)
    document, catalog = edition_of(root, tag)
    present = load(root)[1]
    if document is not present:
        chosen = replace(chosen, superseded=_differs(chosen, document, present))
    if language(tag).pseudo:
        return chosen
    return credit(chosen, ledger_of(root, tag), digests(document, catalog))


@cache
def outcomes_of(root: Path, tag: str) -> tuple[Outcome, ...]:
    """Return what the rules say of the source and of a language's translations, before anything is made.

    Raises `TranslationError`.
    """
    document, catalog = edition_of(root, tag)
    about_source = checks.check_source(document, facts_of(root))
    if catalog is None or language(tag).pseudo:
        return about_source
    return (*about_source, *_about_translation(root, tag))


@cache
def _about_translation(root: Path, tag: str) -> tuple[Outcome, ...]:
    return checks.check_translation(book_of(root, tag))


def facts_of(root: Path) -> Facts:
    """Return the facts of the content brief; none if the project has no list of them."""
    path = load(root)[0].source_folder / "facts.toml"
    return load_settings(path, Facts, root=root) if path.exists() else Facts()


def book_of(root: Path, tag: str) -> Book:
    """Return the translations of a language, for its checks. Raises `TranslationError`."""
    _, catalog = edition_of(root, tag)
    return book_for(root, tag, catalog or Catalog())


def book_for(root: Path, tag: str, catalog: Catalog) -> Book:
    """Return the translations of a catalog that may not be the project's own yet."""
    document, _ = edition_of(root, tag)
    path = load(root)[0].source_folder / "glossary.toml"
    glossary = load_settings(path, Glossary, root=root) if path.exists() else Glossary()
    kept = [entry.text for entry in glossary.keep]
    return open_book(extract(document), catalog, language=language(tag), kept=kept)


def _differs(chosen: TranslatedDocument, document: Document, present: Document) -> bool:
    """Whether the source of today says anything else than `document` in the segments of a handout."""
    own = {segment.id for segment in segments(chosen.document)}
    texts = [{m.context: m.id for m in extract(d) if m.context in own} for d in (document, present)]
    return texts[0] != texts[1]


@cache
def ledger_of(root: Path, tag: str) -> Ledger:
    """Return the sign-offs of a language. Raises `TranslationError` if the ledger is damaged."""
    shown = ledger_path(tag)
    return catalogs.read_ledger(root / shown, shown=shown)


def ledger_path(tag: str) -> PurePosixPath:
    """Return where the sign-offs of a language lie below the project."""
    return PurePosixPath("translations", tag, "signoff.toml")


def roles_of(root: Path, tag: str) -> tuple[str, ...]:
    """Return the roles in which each segment of a language must be signed off."""
    project, document = load(root)
    release = project.settings.release
    return release.source_roles if tag == document.language.tag else release.roles


def unsigned(root: Path, tag: str, name: str) -> dict[str, dict[str, Standing]]:
    """Return for each role the segments of a handout that are not signed off, and how they stand.

    Raises `TranslationError`.
    """
    document, catalog = edition_of(root, tag)
    signed, ledger = digests(document, catalog), ledger_of(root, tag)
    wanted = dict.fromkeys(segment.id for segment in segments(handout(root, tag, name).document))
    found: dict[str, dict[str, Standing]] = {}
    for role in roles_of(root, tag):
        standings = {s: ledger.standing(role, s, signed.get(s, "")) for s in wanted}
        found[role] = {s: at for s, at in standings.items() if at is not Standing.SIGNED}
    return found


def signable(root: Path, tag: str) -> dict[str, str]:
    """Return what can be signed off of a language: segment ids and the digests of their words.

    Raises `TranslationError` if the language cannot be built: what is broken must not be signed.
    """
    translated(root, tag)
    document, catalog = edition_of(root, tag)
    return dict(digests(document, catalog))


def unsigned_total(root: Path, tag: str, role: str) -> int:
    """Return how many segments of a language are not signed off in a role."""
    document, _ = edition_of(root, tag)
    signed, ledger = signable(root, tag), ledger_of(root, tag)
    every = {segment.id for segment in segments(document)}
    return sum(ledger.standing(role, s, signed.get(s, "")) is not Standing.SIGNED for s in every)


@cache
def edition_of(root: Path, tag: str) -> tuple[Document, Catalog | None]:
    """Return the source and the catalog that a language is made from: today's, or a kept edition's.

    There is no catalog for the source's own language.
    """
    _, document = load(root)
    if language(tag).pseudo:
        return document, pseudo(extract(document), tag)
    edition = ledger_of(root, tag).edition
    if edition:
        root = frozen.edition_at(root, edition)
        document = read(open_project(root))
    catalog = None if tag == document.language.tag else read_catalog(root, tag, document.slug)
    return document, catalog


def catalog_path(tag: str, domain: str) -> PurePosixPath:
    """Return where a catalog lies below the project."""
    return PurePosixPath("translations", tag, "LC_MESSAGES", f"{domain}.po")


def languages_of(root: Path) -> list[str]:
    """Return the languages that the project has a catalog for, by tag."""
    found = (root / "translations").glob(f"*/LC_MESSAGES/{load(root)[1].slug}.po")
    return sorted(path.parent.parent.name for path in found)


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


def interface_catalog(root: Path, tag: str) -> Catalog | None:
    """Return the interface's words in a language: the project's own, else the product's, if any.

    Raises `TranslationError` for a damaged one.
    """
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
    measures = {"edition": target.edition, "paper": target.paper, "standard": target.standard}
    return _layout(root, output, target.language, **measures)


@cache
def _layout(root: Path, output: Path, tag: str, *, edition: str, paper: str, standard: str) -> Layout:
    sample = " ".join(plain_text(s.children) for s in segments(translated(root, tag).document))
    faces = faces_of(root, tag, output)
    bent = edition_for(edition, standard)
    return lay_out(bent, PAPERS[paper], language=language(tag), faces=faces, sample=sample)
