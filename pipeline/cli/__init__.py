"""The command line. Only this package prints, reads the environment and ends the process.

Commands import what they need when they run, so that `--help` costs nothing.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli import signals
from pipeline.cli.catalogs import catalogs_group, end
from pipeline.cli.headstart import head_start
from pipeline.config import EDITIONS, FORMATS
from pipeline.diagnostics import ExitCode, PipelineError, UsageError
from pipeline.standards import STANDARDS

EPILOG = (
    "Exit codes: 0 all is well · 1 something was found · 2 wrong use · 3 the source has faults · "
    "4 a translation cannot be used · 5 something is not installed · 6 an artefact could not be made · "
    "70 a fault of the program · 130 interrupted · 143 told to end."
)

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


class _Commands(click.Group):
    """A group whose commands end with an exit code and one clear sentence, never with a traceback."""

    answers_signals = False

    def invoke(self, ctx: click.Context) -> object:
        try:
            if self.answers_signals:
                signals.answer()
            return super().invoke(ctx)
        except PipelineError as error:
            for diagnostic in error.diagnostics:
                click.echo(str(diagnostic), err=True)
            ctx.exit(int(error.exit_code))
        except KeyboardInterrupt as interrupt:
            signals.ignore()
            click.echo("Interrupted. What was finished is kept; the next build goes on from there.", err=True)
            ctx.exit(int(getattr(interrupt, "exit_code", ExitCode.INTERRUPTED)))
        except MemoryError:
            click.echo("error E006: there is not enough memory", err=True)
            ctx.exit(int(ExitCode.RENDER))
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
    "--standard",
    type=click.Choice(list(STANDARDS)),
    default=None,
    help="Build PDF and DOCX to this large-print standard, beside the others and named for it.",
)
@click.option(
    "--pdf-variant",
    type=click.Choice(["ua-2"]),
    help="PDFs of another kind, beside the usual ones: ua-2 is PDF 2.0 with PDF/UA-2, WTPDF 1.0 and PDF/A-4, "
    "in files named …-ua-2.pdf. Other formats are then made only with -f.",
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
@click.option(
    "--organisations",
    "--organizations",
    "table",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Make the copies of the organizations in FILE (.csv, .xlsx, .toml), each with a page of its own.",
    metavar="FILE",
)
@click.option("--organisation", "--organization", "ids", multiple=True, metavar="ID", help="Only this one.")
@click.option("--shard", metavar="N/M", help="Only the N-th of M parts, such as 2/5: one for each machine.")
@click.option("--scheduler", metavar="URL", help="Have it done by the Dask cluster at tcp://HOST:PORT.")
@click.option(
    "--store", metavar="URL", help="Put it into a store that several machines share: file:///… or s3://…"
)
@click.pass_obj
def build_command(
    root: Path,
    handouts: Sequence[str],
    languages: Sequence[str],
    formats: Sequence[str],
    editions: Sequence[str],
    standard: str | None,
    pdf_variant: str | None,
    output: Path | None,
    jobs: int | None,
    explain: bool,
    release: bool,
    table: Path | None,
    ids: Sequence[str],
    shard: str | None,
    scheduler: str | None,
    store: str | None,
) -> None:
    """Make the leaflets into the output folder, or into a store."""
    if not (store or scheduler):
        head_start(root, output or root / "output", formats or FORMATS)
    from pipeline.cli import building
    from pipeline.plan import Wishes, parse_shard

    wishes = Wishes(
        handouts=tuple(handouts),
        languages=tuple(languages),
        formats=tuple(formats),
        editions=tuple(editions),
        standard=standard or "",
        pdf_variant=pdf_variant or "",
        release=release,
        shard=parse_shard(shard) if shard else (1, 1),
    )
    if store and output:
        raise UsageError("-o and --store both say where to put it", hint="name one of them")
    place = building.Place((output or root / "output").resolve(), store or "", scheduler or "")
    if table:
        from pipeline.cli import overlays

        end(overlays.run(root, place, wishes, overlays.Asked(table, tuple(ids), jobs, explain)))
    if ids:
        raise UsageError("--organisation needs a table", hint="name it with --organisations FILE")
    end(building.run(root, place, wishes, jobs=jobs, explain=explain))


@cli.command("check", epilog=EPILOG)
@click.argument("handouts", nargs=-1, metavar="[HANDOUT]...")
@click.option("-l", "--language", "languages", multiple=True, metavar="LANG", help="Only this language.")
@click.option(
    "-f", "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Only this format."
)
@click.option(
    "-e", "--edition", "editions", multiple=True, type=click.Choice(EDITIONS), help="Only this edition."
)
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Where the artefacts are."
)
@click.option(
    "--json", "json_file", type=_FILE, is_flag=False, flag_value="-", help="Write all as JSON, to a FILE."
)
@click.option(
    "--sarif", "sarif_file", type=_FILE, help="Write the findings as SARIF, for code hosts, to a FILE."
)
@click.option("--no-validators", is_flag=True, help="Only our own rules: quicker.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many processes (default: one for each core).")
@click.option(
    "--list", "listing", is_flag=True, help="List all rules with their sources; with --json, in full."
)
@click.option("--explain", metavar="CODE", help="Explain one rule, e.g. T010.")
@click.pass_obj
def check_command(
    root: Path,
    handouts: Sequence[str],
    languages: Sequence[str],
    formats: Sequence[str],
    editions: Sequence[str],
    output: Path | None,
    json_file: Path | None,
    sarif_file: Path | None,
    no_validators: bool,
    jobs: int | None,
    listing: bool,
    explain: str | None,
) -> None:
    """Check the source, the translations and the artefacts that were built.

    Asks every reference validator that is installed (handout doctor says which are), and writes
    report.html into the output folder. FILE may be - for the terminal.
    """
    from pipeline.cli import checking
    from pipeline.plan import Wishes

    if listing or explain:
        end(checking.show_rules(explain, as_json=json_file is not None))
    wishes = Wishes(tuple(handouts), tuple(languages), tuple(formats), tuple(editions))
    asked = checking.Asked(json_file, sarif_file, not no_validators, jobs)
    end(checking.run(root, (output or root / "output").resolve(), wishes, asked))


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

    end(verifying.run(root, (output or root / "output").resolve(), files, as_json=as_json))


cli.add_command(catalogs_group)


@cli.command("ids")
@click.pass_obj
def ids_command(root: Path) -> None:
    """Give an id to each block of the source that has none."""
    from pipeline.cli import translating

    end(translating.stamp_ids(root))


@cli.command("doctor")
def doctor_command() -> None:
    """Say which libraries, fonts and tools are there, and how to get what is not."""
    from pipeline.cli import doctor

    end(doctor.run())


def main() -> None:
    """Run the command line and end the process with its exit code."""
    # What is piped into a file or another program is UTF-8, whatever the machine's locale.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli.answers_signals = True
    try:
        cli.main(prog_name="handout")
    finally:
        signals.ignore()
