"""`handout catalogs export` and `import`: catalogs for other tools, and back."""

from __future__ import annotations

import dataclasses
from pathlib import Path, PurePath, PurePosixPath

import click

from pipeline import catalogs, checks, exchange
from pipeline.catalogs import Catalog
from pipeline.diagnostics import ExitCode, Location, Severity, UsageError, findings
from pipeline.document import Document, plain_text, segments
from pipeline.exchange import Concept, Incoming, Merged, Refusal
from pipeline.inputs import snapshot
from pipeline.languages import language
from pipeline.report import count_text
from pipeline.store import write
from pipeline.translation import MarkupError, extract, parse
from pipeline.workspace import book_for, catalog_path, languages_of, load, read_catalog, renew

ENDINGS = {"xliff": "xlf", "word": "docx", "tmx": "tmx", "tbx": "tbx"}


def export(root: Path, tags: tuple[str, ...], kind: str, target: Path | None) -> ExitCode:
    """Write the translations of a language (XLIFF, Word) or of several (TMX, TBX) to a file."""
    renew(snapshot(root))
    document = load(root)[1]
    known = languages_of(root)
    for tag in tags:
        if tag not in known:
            raise UsageError(f"there is no translation into “{tag}”", hint=f"known are: {', '.join(known)}")
    chosen = {tag: read_catalog(root, tag, document.slug) for tag in tags or known}
    if kind in ("xliff", "word") and len(chosen) != 1:
        raise UsageError(f"a file for {kind} holds one language", hint="name it: -l sv")
    path = target or Path(f"{document.slug}{'-' + '-'.join(tags) if tags else ''}.{ENDINGS[kind]}")
    write(path, _format(document, chosen, kind))
    click.echo(f"{path}: {count_text(len(extract(document)), 'segment')}, {', '.join(chosen)}")
    return ExitCode.OK


def _format(document: Document, chosen: dict[str, Catalog], kind: str) -> bytes:
    source = document.language
    title = plain_text(document.front.title.children)
    tag, catalog = next(iter(chosen.items()))
    match kind:
        case "xliff":
            original = catalog_path(tag, document.slug).as_posix()
            return exchange.format_xliff(catalog, source=source.tag, target=tag, original=original)
        case "word":
            heading = f"{title}: translation into {language(tag).english_name}"
            return exchange.format_word(catalog, source=source, target=language(tag), title=heading)
        case "tmx":
            return exchange.format_tmx(chosen, source=source.tag)
        case _:
            return exchange.format_tbx(_concepts(document, chosen), source=source.tag, title=title)


def _concepts(document: Document, chosen: dict[str, Catalog]) -> list[Concept]:
    """Return the glossary's terms and abbreviations with their translations."""
    texts = {message.context: message.id for message in extract(document)}

    def words(tag: str, name: str) -> str:
        entry = chosen[tag].get(name)
        good = entry is not None and not entry.fuzzy and entry.id == texts.get(name)
        return catalogs.without_tags(entry.translation) if entry is not None and good else ""

    found = []
    for name, text in texts.items():
        if name.endswith("-def") or not name.startswith(("term-", "abbr-")):
            continue
        meaning = f"{name}-def"
        own = (
            document.language.tag,
            catalogs.without_tags(text),
            catalogs.without_tags(texts.get(meaning, "")),
        )
        others = [(tag, words(tag, name), words(tag, meaning)) for tag in chosen]
        found.append(Concept(name, (own, *(other for other in others if other[1]))))
    return found


def take_in(root: Path, path: Path, tag: str, *, dry_run: bool) -> ExitCode:
    """Put the translations of a file into the catalog; name each that cannot be taken by its place."""
    renew(snapshot(root))
    named, incoming = _read(path)
    tag = tag or named
    if named and tag != named:
        raise UsageError(f"the file is a translation into “{named}”, not “{tag}”")
    document = load(root)[1]
    if tag not in languages_of(root):
        hint = "name it: -l sv" if not tag else f"make its catalog: handout catalogs new {tag}"
        raise UsageError(f"there is no translation into “{tag}”", hint=hint)
    catalog = read_catalog(root, tag, document.slug)
    merged = _checked(root, tag, catalog, exchange.merge(catalog, incoming))
    for refusal in merged.refused:
        place = Location(PurePath(path.name))
        click.echo(f"{place}: {refusal.place}, “{refusal.segment}”: not taken: {refusal.reason}", err=True)
    shown = catalog_path(tag, document.slug)
    if merged.changed and not dry_run:
        write(root / shown, catalogs.format_catalog(merged.catalog).encode())
    would = "would be changed" if dry_run else "changed"
    counts = f"{count_text(len(merged.changed), 'translation')} {would}, {len(merged.refused)} not taken"
    click.echo(f"{shown}: {counts}")
    return ExitCode.FINDINGS if merged.refused else ExitCode.OK


def _read(path: Path) -> tuple[str, tuple[Incoming, ...]]:
    shown = PurePosixPath(path.name)
    data = path.read_bytes()
    match path.suffix.lower():
        case ".xlf" | ".xliff":
            return exchange.read_xliff(data, shown)
        case ".docx":
            return "", exchange.read_word(data, shown)
        case _:
            raise UsageError(f"{path.name} is neither .xlf nor .docx")


def _checked(root: Path, tag: str, before: Catalog, merged: Merged) -> Merged:
    """Take back each change that would stop a build: a tag out of place, a wrong number, a lost term."""
    wrong = {name: reason for name in merged.changed if (reason := _fault(root, merged.catalog, name))}
    for diagnostic in findings(checks.check_translation(book_for(root, tag, merged.catalog))):
        segment, _, sentence = diagnostic.message.removeprefix("“").partition("”: ")
        if diagnostic.severity >= Severity.ERROR and segment in merged.changed:
            wrong.setdefault(segment, f"{diagnostic.code}: {sentence}")
    entries = tuple(
        (before.get(e.context) or e) if e.context in wrong and not e.obsolete else e
        for e in merged.catalog.entries
    )
    taken_back = (Refusal(merged.changed[name], name, reason) for name, reason in wrong.items())
    kept = {name: place for name, place in merged.changed.items() if name not in wrong}
    catalog = dataclasses.replace(merged.catalog, entries=entries)
    return Merged(catalog, kept, (*merged.refused, *taken_back))


def _fault(root: Path, catalog: Catalog, name: str) -> str:
    """Return what is wrong with the tags or the characters of a translation, or ""."""
    entry = catalog.get(name)
    segment = next((s for s in segments(load(root)[1]) if s.id == name), None)
    if entry is None or segment is None:
        return ""
    unsafe = catalogs.inspect(Catalog(entries=(entry,)))
    if unsafe:
        return f"{unsafe[0].code}: {unsafe[0].message}"
    try:
        parse(entry.translation, segment.children)
    except MarkupError as error:
        return f"T001: {error}"
    return ""
