"""The command line. Only this package prints, reads the environment and ends the process.

Commands import what they need when they run, so that `--help` costs nothing.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from pipeline import __version__
from pipeline.config import EDITIONS, FORMATS
from pipeline.diagnostics import ExitCode, PipelineError

EPILOG = (
    "Exit codes: 0 all is well · 1 something was found · 2 wrong use · 3 the source has faults · "
    "4 a translation cannot be used · 5 something is not installed · 6 an artefact could not be made · "
    "70 a fault of the program · 130 interrupted."
)


class _Commands(click.Group):
    """A group whose commands end with an exit code and one clear sentence, never with a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            for diagnostic in error.diagnostics:
                click.echo(str(diagnostic), err=True)
            ctx.exit(int(error.exit_code))
        except KeyboardInterrupt:
            click.echo("Interrupted. What was finished is kept; the next build goes on from there.", err=True)
            ctx.exit(int(ExitCode.INTERRUPTED))
        except BrokenPipeError:
            raise  # who reads our output has had enough; click ends quietly
        except OSError as error:
            click.echo(f"error E006: {error.filename or 'a file'}: {error.strerror or error}", err=True)
            ctx.exit(int(ExitCode.RENDER))
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
            click.echo(f"error E070: a fault of the program: {what}\n    hint: please report it", err=True)
            ctx.exit(int(ExitCode.INTERNAL))


@click.group(cls=_Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="The folder with source/ and translations/ (default: the one that handout lies in).",
)
@click.version_option(__version__, prog_name="handout")
@click.pass_context
def cli(ctx: click.Context, project: Path | None) -> None:
    """One leaflet, every accessible form, every language."""
    ctx.obj = (project or Path(__file__).parent.parent.parent).resolve()


@cli.command("build", epilog=EPILOG)
@click.argument("handouts", nargs=-1, metavar="[HANDOUT]...")
@click.option(
    "-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language, e.g. sv."
)
@click.option(
    "-f", "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Only this format."
)
@click.option(
    "-e", "--edition", "editions", multiple=True, type=click.Choice(EDITIONS), help="Only this edition."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to put it (default: output).",
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many processes (default: one for each core).")
@click.option("--explain", is_flag=True, help="Say for each artefact why it was made.")
@click.option(
    "--release", is_flag=True, help="Refuse each language that is not signed off, segment by segment."
)
@click.pass_obj
def build_command(
    root: Path,
    handouts: Sequence[str],
    languages: Sequence[str],
    formats: Sequence[str],
    editions: Sequence[str],
    output: Path | None,
    jobs: int | None,
    explain: bool,
    release: bool,
) -> None:
    """Make the leaflets into the output folder."""
    from pipeline.cli import building
    from pipeline.plan import Wishes

    wishes = Wishes(tuple(handouts), tuple(languages), tuple(formats), tuple(editions), release)
    code = building.run(root, (output or root / "output").resolve(), wishes, jobs=jobs, explain=explain)
    _end(code)


@cli.command("check", epilog=EPILOG)
@click.option("-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language.")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Where the artefacts are."
)
@click.option("--list", "listing", is_flag=True, help="List all rules with their sources.")
@click.option("--explain", metavar="CODE", help="Explain one rule, e.g. T010.")
@click.pass_obj
def check_command(
    root: Path, languages: Sequence[str], output: Path | None, listing: bool, explain: str | None
) -> None:
    """Check the source, the translations and the artefacts that were built."""
    from pipeline.cli import checking

    if listing or explain:
        _end(checking.show_rules(explain))
    _end(checking.run(root, (output or root / "output").resolve(), tuple(languages)))


@cli.command("verify", epilog=EPILOG)
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Where the artefacts are."
)
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON.")
@click.pass_obj
def verify_command(root: Path, files: Sequence[Path], output: Path | None, as_json: bool) -> None:
    """Say what each FILE was made from, and whether it was altered or is out of date.

    The exit code is 0 if all is well, 1 if a file is altered or out of date, 2 if it is none of ours.
    """
    from pipeline.cli import verifying

    _end(verifying.run(root, (output or root / "output").resolve(), files, as_json=as_json))


@cli.group("catalogs")
def catalogs_group() -> None:
    """The translations: PO files for Poedit, Weblate, OmegaT and others."""


@catalogs_group.command("extract")
@click.pass_obj
def extract_command(root: Path) -> None:
    """Write the templates (POT) from the source."""
    from pipeline.cli import translating

    _end(translating.extract_templates(root))


@catalogs_group.command("update")
@click.option("-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change, word by word.")
@click.pass_obj
def update_command(root: Path, languages: Sequence[str], dry_run: bool) -> None:
    """Bring the catalogs up to date with the source. No translation is ever dropped."""
    from pipeline.cli import translating

    _end(translating.update_catalogs(root, tuple(languages), dry_run=dry_run))


@catalogs_group.command("new")
@click.argument("language")
@click.pass_obj
def new_command(root: Path, language: str) -> None:
    """Make the empty catalogs of a new LANGUAGE (a tag such as fi or pt-BR)."""
    from pipeline.cli import translating

    _end(translating.new_catalogs(root, language, author=_author()))


@catalogs_group.command("check")
@click.option("-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language.")
@click.pass_obj
def quality_command(root: Path, languages: Sequence[str]) -> None:
    """Check the translations: numbers, terms, tags, letters, punctuation, length and more."""
    from pipeline.cli import quality

    _end(quality.run(root, tuple(languages)))


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

    _end(exchanging.export(root, tuple(languages), kind, output))


@catalogs_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-l", "--language", default="", metavar="LANG", help="The language, for a table in Word.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be taken and what would not.")
@click.pass_obj
def import_command(root: Path, file: Path, language: str, dry_run: bool) -> None:
    """Take the translations of a FILE back: XLIFF (.xlf) or the table in Word (.docx)."""
    from pipeline.cli import exchanging

    _end(exchanging.take_in(root, file, language, dry_run=dry_run))


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
    _end(signing.sign_segments(root, language, tuple(segments), reviewer))


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
    _end(signing.freeze(root, language, edition))


@catalogs_group.command("status")
@click.option("-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language.")
@click.option("--details", is_flag=True, help="Also by handout and by section.")
@click.pass_obj
def status_command(root: Path, languages: Sequence[str], details: bool) -> None:
    """Show how far each translation has come, and what is left to do."""
    from pipeline.cli import status

    _end(status.show(root, tuple(languages), details=details))


@cli.command("ids")
@click.pass_obj
def ids_command(root: Path) -> None:
    """Give an id to each block of the source that has none."""
    from pipeline.cli import translating

    _end(translating.stamp_ids(root))


@cli.command("doctor")
def doctor_command() -> None:
    """Say which libraries, fonts and tools are there, and how to get what is not."""
    from pipeline.cli import doctor

    _end(doctor.run())


def _author() -> str:
    return os.environ.get("HANDOUT_TRANSLATOR", "")


def _end(code: ExitCode) -> None:
    click.get_current_context().exit(int(code))


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    # What is piped into a file or another program is UTF-8, whatever the machine's locale.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli.main(prog_name="handout")
