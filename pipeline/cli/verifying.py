"""`handout verify`: what a file was made from, and whether it still holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from pipeline.diagnostics import ExitCode
from pipeline.inputs import snapshot
from pipeline.verification import Verification, verify
from pipeline.workspace import renew


def run(root: Path, output: Path, files: Sequence[Path], *, as_json: bool) -> ExitCode:
    """Show what is known of each file; return the gravest exit code."""
    renew(snapshot(root))
    # The one place where a clock counts: a review date passes without a change of any file.
    today = datetime.now(UTC).date()
    found = [verify(path, root=root, output=output, today=today) for path in files]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        for verification in found:
            _show(verification)
    return ExitCode(max((v.exit_code for v in found), default=0))


def _show(found: Verification) -> None:
    click.echo(_plain(found.file))
    made = found.passport
    if made:
        paper = f", {made.paper}" if made.paper else ""
        click.echo(f"  {'made from':<12} {_plain(made.title)}, version {_plain(made.version)}, {made.issued}")
        click.echo(f"  {'made as':<12} {made.handout}, {made.language}, {made.edition}, {made.format}{paper}")
        if made.organisation:
            click.echo(f"  {'provided by':<12} {_plain(made.organisation)}")
    for answer in found.answers:
        click.echo(f"  {answer.matter:<12} {answer.standing.value:<8} {_plain(answer.sentence)}")
    if made:
        queries = ", ".join(name for name, _ in made.queries) or "none"
        click.echo(f"  {'queries':<12} open medical questions: {_plain(queries)}")


def _plain(text: str) -> str:
    """Return a text of a file from anywhere without characters that could steer a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
