"""`handout catalogs sign` and `freeze`: the commands that write a language's ledger."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from pipeline import catalogs, frozen
from pipeline.catalogs import Ledger, Review
from pipeline.diagnostics import ExitCode, UsageError
from pipeline.inputs import snapshot
from pipeline.report import count_text
from pipeline.store import write
from pipeline.workspace import ledger_of, ledger_path, renew, roles_of, signable, unsigned_total


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who signs, and in which role."""

    who: str
    credentials: str
    role: str


def sign_segments(root: Path, tag: str, names: tuple[str, ...], reviewer: Reviewer) -> ExitCode:
    """Sign segments off, all that can be if none is named; say what is left in the role."""
    renew(snapshot(root))
    roles = roles_of(root, tag)
    if reviewer.role not in roles:
        hint = f"the roles of “{tag}” in handouts.toml are: {', '.join(roles)}"
        raise UsageError(f"there is no role “{reviewer.role}”", hint=hint)
    if not reviewer.who.strip():
        raise UsageError("a sign-off needs a name", hint='--who "…"')
    able = signable(root, tag)
    for name in names:
        if name not in able:
            near = difflib.get_close_matches(name, able, n=1)
            hint = f"did you mean {near[0]}?" if near else "it may be untranslated or marked as needing work"
            raise UsageError(f"there is no translated segment “{name}” in “{tag}”", hint=hint)
    chosen = {name: able[name] for name in names or able}
    review = Review(
        role=reviewer.role,
        who=reviewer.who.strip(),
        credentials=reviewer.credentials.strip(),
        signed=datetime.now(UTC).date(),
        segments=chosen,
    )
    _write(root, tag, catalogs.sign(ledger_of(root, tag), review))
    renew(snapshot(root))
    left = unsigned_total(root, tag, reviewer.role)
    signed = f"{count_text(len(chosen), 'segment')} signed off by {review.who} in the role “{review.role}”"
    click.echo(f"{ledger_path(tag)}: {signed}; {left} left in this role")
    return ExitCode.OK


def freeze(root: Path, tag: str, edition: str) -> ExitCode:
    """Keep a language on an edition; with "" let it follow the source again."""
    renew(snapshot(root))
    roles_of(root, tag)
    if edition:
        commit = frozen.resolve(root, edition)
        frozen.edition_folder(root, commit)
        said = f"kept on the edition {edition} (commit {commit[:12]})"
    else:
        said = "follows the source again"
    _write(root, tag, msgspec.structs.replace(ledger_of(root, tag), edition=edition))
    click.echo(f"{ledger_path(tag)}: “{tag}” {said}")
    return ExitCode.OK


def _write(root: Path, tag: str, ledger: Ledger) -> None:
    write(root / ledger_path(tag), catalogs.format_ledger(ledger).encode())
