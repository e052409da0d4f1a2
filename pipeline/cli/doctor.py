"""`handout doctor`: what is there, what is missing, how to get it."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import click

from pipeline.diagnostics import ExitCode, PipelineError
from pipeline.fonts import FAMILIES
from pipeline.inputs import LIBRARIES
from pipeline.tools import TOOLS, find


def run() -> ExitCode:
    """Show each library, font and tool. Only what a build itself needs decides the exit code."""
    missing = 0
    click.echo(f"ok       Python {sys.version.split()[0]}")
    for name in LIBRARIES:
        try:
            click.echo(f"ok       {name} {version(name)}")
        except PackageNotFoundError:
            missing += 1
            click.echo(f"MISSING  {name}: run ./handout once, which installs it into .venv")
    missing += _layout_engine()
    for family in FAMILIES:
        if find_spec(family.package):
            click.echo(f"ok       font {family.name}")
        elif family.extra:
            click.echo(
                f"absent   font {family.name}, for {'/'.join(sorted(family.scripts))}: {family.remedy}"
            )
        else:
            missing += 1
            click.echo(f"MISSING  font {family.name}: {family.remedy}")
    for tool in TOOLS:
        found = find(tool)
        if found:
            click.echo(f"ok       {tool.title} {found.version}, for {tool.purpose}")
        else:
            click.echo(f"absent   {tool.title}, for {tool.purpose}: {tool.remedy}")
    click.echo("Everything that a build needs is here." if not missing else f"{missing} missing.")
    return ExitCode.TOOL_MISSING if missing else ExitCode.OK


def _layout_engine() -> int:
    """Show whether WeasyPrint finds its system libraries; return how many failed."""
    try:
        from pipeline.renderers import pdf
    except (OSError, PipelineError) as error:
        reason = str(error).splitlines()[0]
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        click.echo(f"MISSING  Pango or HarfBuzz ({reason}): apt install {packages}")
        return 1
    click.echo(f"ok       Pango {pdf.pango_version()}, HarfBuzz")
    return 0
