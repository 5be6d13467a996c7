"""`otac graph`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from otac.address import without_login
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.live.words import reason
from otac.cli.runner_choice import select
from otac.cli.status import ask_server, last_run, next_run
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.frame import visible
from otac.lower.project import Project
from otac.output.environment import environment
from otac.output.replacement import replace_file

if TYPE_CHECKING:
    from otac.deploy.status import RunnerStanding
    from otac.graph import RunsMark

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
    if arguments.live and arguments.format != "html":
        return wrong_usage("`--live` needs `--format html`")
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
    from otac.graph import Known, Links, html, mermaid, sketch, svg
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
    report = compiled.report.without_notes().discreet()
    known = Known(report.source, report.diagnostics)
    if arguments.live:
        asked = _ask(project)
        if isinstance(asked, Diagnostic):
            return print_problem(asked, printing)
        known = known._replace(**asked)
    picture = sketch(
        project,
        known,
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


def _ask(project: Project) -> dict[str, Any] | Diagnostic:
    """How the runners do, as `Known` has it."""
    answer = ask_server(project)
    if isinstance(answer, Diagnostic):
        return answer
    status, settings = answer
    now = datetime.now(UTC)
    return {
        "standings": {one.runner: _standing(one, now) for one in status.runners},
        "asked": now,
        "server": without_login(settings.url),
    }


def _standing(one: "RunnerStanding", now: datetime) -> "RunsMark":
    from otac.graph import RunsMark

    if not one.deployed:
        return RunsMark("not deployed", "", "plain", 0)
    mood = "plain"
    if one.last is not None:
        mood = "bad" if one.last.failed else "good"
    last = last_run(one.last, now, colored=False)
    if one.last is not None and one.last.failed and one.last.message:
        last += f": {reason(one.last.message)}"
    return RunsMark(visible(last), next_run(one, now), mood, one.failures)


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
