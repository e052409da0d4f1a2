"""`handout catalogs …` and `handout ids`: the commands that write what people edit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

import click

from pipeline import catalogs
from pipeline.catalogs import Catalog, Message, Update
from pipeline.diagnostics import ExitCode, PipelineError, UsageError
from pipeline.document import Document
from pipeline.inputs import snapshot
from pipeline.languages import language
from pipeline.reader import open_project, stamp
from pipeline.report import count_text
from pipeline.store import write
from pipeline.translation import extract, extract_interface
from pipeline.workspace import catalog_path, languages_of, load, renew

_HEAD = ("Translations in this file are drafts until a qualified person has signed them off.",)


def extract_templates(root: Path) -> ExitCode:
    """Write one template per domain."""
    for domain, messages in _domains(root):
        template = catalogs.template(messages, project=f"handout {domain}", comments=_HEAD)
        path = PurePosixPath("translations", f"{domain}.pot")
        _write(root, path, template)
        click.echo(f"{path}: {count_text(len(messages), 'message')}")
    return ExitCode.OK


def update_catalogs(root: Path, languages: tuple[str, ...], *, dry_run: bool) -> ExitCode:
    """Bring the catalogs up to date; a damaged one is left as it is, the others are done.

    A dry run writes nothing and shows what would change, word by word.
    """
    for tag in languages:
        path = catalog_path(tag, _slug(root))
        if not (root / path).exists():
            raise UsageError(f"{path} is missing", hint=f"make it with: handout catalogs new {tag}")
    code = ExitCode.OK if dry_run else extract_templates(root)
    for tag in languages or languages_of(root):
        for domain, messages in _domains(root):
            path = catalog_path(tag, domain)
            if not (root / path).exists():
                continue
            try:
                done = catalogs.update(catalogs.parse((root / path).read_bytes(), path), messages)
            except PipelineError as error:
                click.echo(f"{path} is left as it is:\n{error}", err=True)
                code = max(code, error.exit_code)
                continue
            click.echo(f"{path}: {_summary(done)}")
            if dry_run:
                for line in changes(done):
                    click.echo(f"  {line}")
            else:
                _write(root, path, done.catalog)
    return code


def changes(done: Update) -> Iterator[str]:
    """Yield a line for each entry that an update would change: `[-what goes-]`, `{+what comes+}`."""
    for entry in (*done.changed, *done.revived, *done.moved, *done.similar):
        before = entry.previous_id if entry.previous_id is not None else entry.id
        words = word_diff(before, entry.id) if before != entry.id else entry.id
        source = f" (from “{entry.previous_context}”)" if entry.previous_context else ""
        yield f"~ {entry.context}{source}: {words}"
    for sign, entries in (("+", done.new), ("-", done.obsolete)):
        for entry in entries:
            yield f"{sign} {entry.context or 'a message without a segment'}: {entry.id}"


def word_diff(before: str, after: str) -> str:
    """Return one text in which the words dropped and added are marked, as `git diff --word-diff` does."""
    old, new = before.split(), after.split()
    parts = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts += old[i:j]
            continue
        parts += [f"[-{' '.join(old[i:j])}-]"] * (j > i) + [f"{{+{' '.join(new[k:m])}+}}"] * (m > k)
    return " ".join(parts)


def new_catalogs(root: Path, tag: str, *, author: str) -> ExitCode:
    """Make the catalogs of a language that has none."""
    language(tag)
    if (root / catalog_path(tag, _slug(root))).exists():
        raise UsageError(
            f"{catalog_path(tag, _slug(root))} exists", hint=f"use: handout catalogs update -l {tag}"
        )
    for domain, messages in _domains(root):
        template = catalogs.template(messages, project=f"handout {domain}", comments=_HEAD)
        _write(
            root,
            catalog_path(tag, domain),
            catalogs.new(template, tag, revised=datetime.now(UTC), translator=author),
        )
        click.echo(f"{catalog_path(tag, domain)}: {count_text(len(messages), 'message')} to translate")
    click.echo(f'When it is translated, add "{tag}" to the languages in source/handouts.toml.')
    return ExitCode.OK


def stamp_ids(root: Path) -> ExitCode:
    """Write an id behind each block of the source that has none."""
    path = open_project(root).source_folder / open_project(root).settings.project.source
    text, added = stamp(path.read_text("utf-8"))
    if added:
        write(path, text.encode())
    click.echo(f"{count_text(added, 'id')} added to {path.relative_to(root)}")
    return ExitCode.OK


def _domains(root: Path) -> Iterator[tuple[str, tuple[Message, ...]]]:
    yield _slug(root), extract(_source(root))
    # The product's own words live with the product; another project need not translate them again.
    if (root / "translations" / "interface.pot").exists():
        yield "interface", extract_interface()


def _slug(root: Path) -> str:
    return _source(root).slug


def _source(root: Path) -> Document:
    """Return the source as its files are now."""
    renew(snapshot(root))
    return load(root)[1]


def _write(root: Path, path: PurePosixPath, catalog: Catalog) -> None:
    data = catalogs.format_catalog(catalog).encode()
    if not (root / path).exists() or (root / path).read_bytes() != data:
        write(root / path, data)


def _summary(done: Update) -> str:
    groups = ("kept", "changed", "new", "moved", "similar", "revived", "obsolete")
    return (
        ", ".join(f"{len(getattr(done, name))} {name}" for name in groups if getattr(done, name)) or "empty"
    )
