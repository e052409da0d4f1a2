"""The commands on translations: `handout catalogs …`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.diagnostics import ExitCode


def end(code: ExitCode) -> None:
    """End the command with an exit code."""
    click.get_current_context().exit(int(code))


@click.group("catalogs")
def catalogs_group() -> None:
    """The translations: PO files for Poedit, Weblate, OmegaT and others."""


@catalogs_group.command("extract")
@click.pass_obj
def extract_command(root: Path) -> None:
    """Write the templates (POT) from the source."""
    from pipeline.cli import translating

    end(translating.extract_templates(root))


@catalogs_group.command("update")
@click.option("-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change, word by word.")
@click.pass_obj
def update_command(root: Path, languages: Sequence[str], dry_run: bool) -> None:
    """Bring the catalogs up to date with the source. No translation is ever dropped."""
    from pipeline.cli import translating

    end(translating.update_catalogs(root, tuple(languages), dry_run=dry_run))


@catalogs_group.command("new")
@click.argument("language")
@click.pass_obj
def new_command(root: Path, language: str) -> None:
    """Make the empty catalogs of a new LANGUAGE (a tag such as fi or pt-BR)."""
    from pipeline.cli import translating

    end(translating.new_catalogs(root, language, author=_author()))


@catalogs_group.command("check")
@click.option("-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language.")
@click.pass_obj
def quality_command(root: Path, languages: Sequence[str]) -> None:
    """Check the translations: numbers, terms, tags, letters, punctuation, length and more."""
    from pipeline.cli import quality

    end(quality.run(root, tuple(languages)))


@catalogs_group.command("export")
@click.option(
    "-l", "--language", "languages", multiple=True, metavar="LANG", help="Of this language, e.g. sv."
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(("xliff", "word", "tmx", "tbx")),
    required=True,
    help="For an agency, a person with Word, a translation memory, a term base.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.pass_obj
def export_command(root: Path, languages: Sequence[str], kind: str, output: Path | None) -> None:
    """Write translations for other tools: XLIFF 2.1, a table in Word, TMX, TBX."""
    from pipeline.cli import exchanging

    end(exchanging.export(root, tuple(languages), kind, output))


@catalogs_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-l", "--language", default="", metavar="LANG", help="The language, for a table in Word.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be taken and what would not.")
@click.pass_obj
def import_command(root: Path, file: Path, language: str, dry_run: bool) -> None:
    """Take the translations of a FILE back: XLIFF (.xlf) or the table in Word (.docx)."""
    from pipeline.cli import exchanging

    end(exchanging.take_in(root, file, language, dry_run=dry_run))


@catalogs_group.command("sign")
@click.argument("segments", nargs=-1, metavar="[SEGMENT]...")
@click.option(
    "-l", "--language", required=True, metavar="LANG", help="The language that was reviewed, e.g. sv."
)
@click.option("--role", required=True, help="What was reviewed: one of the roles in handouts.toml.")
@click.option("--who", required=True, help="The reviewer's name.")
@click.option(
    "--credentials", default="", help="What makes the reviewer qualified, e.g. a title and a hospital."
)
@click.pass_obj
def sign_command(
    root: Path, segments: Sequence[str], language: str, role: str, who: str, credentials: str
) -> None:
    """Record that a person has reviewed each SEGMENT of a language (all of them if none is named).

    The record holds for just the words of today: a later change of the source or of the translation
    makes it stale.
    """
    from pipeline.cli import signing

    reviewer = signing.Reviewer(who, credentials, role)
    end(signing.sign_segments(root, language, tuple(segments), reviewer))


@catalogs_group.command("freeze")
@click.argument("edition", default="")
@click.option("-l", "--language", required=True, metavar="LANG", help="The language to keep on it, e.g. sv.")
@click.option("--thaw", is_flag=True, help="Follow the source of today again.")
@click.pass_obj
def freeze_command(root: Path, edition: str, language: str, thaw: bool) -> None:
    """Keep a language on an EDITION of the leaflet: a Git tag or commit, e.g. 2026-11.

    Its leaflets are made from that edition, and say so, whatever changes in the source.
    """
    from pipeline.cli import signing

    if bool(edition) == thaw:
        raise click.UsageError("name an EDITION, or use --thaw")
    end(signing.freeze(root, language, edition))


@catalogs_group.command("status")
@click.option("-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language.")
@click.option("--details", is_flag=True, help="Also by handout and by section.")
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it all as a web page, to this file.",
)
@click.pass_obj
def status_command(root: Path, languages: Sequence[str], details: bool, page: Path | None) -> None:
    """Show how far each translation has come, and what is left to do."""
    from pipeline.cli import status

    end(status.show(root, tuple(languages), details=details, page=page))


def _author() -> str:
    return os.environ.get("HANDOUT_TRANSLATOR", "")
