"""`otac graph`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from otac.cli.configuration import Configuration, read_configuration
from otac.cli.exit_status import Exit
from otac.cli.runner_choice import select
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.cli.usage import wrong_usage
from otac.diagnostics.cells import visible
from otac.diagnostics.diagnostic import Diagnostic
from otac.output.environment import environment
from otac.output.replacement import replace_file

FORMATS = ("mermaid", "svg", "html")
# Calendars are made for these, and the day after one is still a date.
_YEARS = range(1970, 2200)


def run_graph(arguments: argparse.Namespace) -> Exit:
    """`otac graph CONFIG`."""
    printing = Printing("full", arguments.strict, arguments.quiet, arguments.verbose)
    start = _instant(arguments.start)
    if start is None:
        text = visible(arguments.start)
        return wrong_usage(
            f"`--from {text}` is not an instant such as 2026-01-01T00:00Z"
        )
    for url in (arguments.prefect_url, arguments.source_url):
        if url is not None and urlsplit(url).scheme not in ("http", "https"):
            return wrong_usage(
                f"`{visible(url)}` is not an address that starts with http"
            )
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    return _draw(configuration, arguments, start, printing)


def _draw(
    configuration: Configuration,
    arguments: argparse.Namespace,
    start: datetime,
    printing: Printing,
) -> Exit:
    from otac.graph import Links, html, mermaid, sketch, svg
    from otac.pipeline import CompileOptions, compile_configuration

    compiled = compile_configuration(
        configuration.name,
        configuration.data,
        configuration.folder,
        CompileOptions(configuration.title, strict=printing.strict),
    )
    status = print_report(compiled.report.without_notes(), printing)
    if compiled.project is None:
        return status
    project = select(compiled.project, arguments.select)
    if isinstance(project, str):
        return wrong_usage(project)
    source = compiled.report.source
    picture = sketch(
        project,
        lambda origin: source.place(origin.start).line,
        Links(
            arguments.source_url or quote(configuration.title), arguments.prefect_url
        ),
        start,
    )
    for row in picture.timeline.rows:
        if row.problem is not None:
            say(f"{row.title}: not on the timeline: {row.problem}", printing)
    drawn = {"mermaid": mermaid, "svg": svg, "html": html}[arguments.format](picture)
    return _write(drawn, arguments.output, printing)


def _write(drawn: str, output: Path | None, printing: Printing) -> Exit:
    if output is None:
        sys.stdout.write(drawn)
        return Exit.OK
    try:
        replace_file(output, drawn.encode())
    except OSError as problem:
        return print_problem(environment(problem, output), printing)
    say(f"{output}: written", printing)
    return Exit.OK


def _instant(text: str | None) -> datetime | None:
    """In UTC; None for text that is no instant. No text is now."""
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.year not in _YEARS:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
