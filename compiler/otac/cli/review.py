"""`otac review`."""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory
from typing import Any

from otac.cli.configuration import Configuration, read_configuration
from otac.cli.exit_status import Exit, overwriting, wrong_usage
from otac.cli.since import WrongTime, read_since
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.output.environment import environment
from otac.output.replacement import replace_file
from otac.pipeline import Compiled, CompileOptions, compile_configuration
from otac.review.findings import ReviewFindings, find
from otac.review.request import ReviewRequest
from otac.review.told import data, labelled, text

_TICKET_SYSTEM = "ticket_system"


@dataclass(slots=True)
class _Read:
    """What the process told: tickets by id, how many it read, what went wrong."""

    tickets: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    read: int = 0
    problem: str | None = "the process that reads them ended"


def run_review(arguments: argparse.Namespace) -> Exit:
    """`otac review CONFIG`."""
    printing = Printing.of(arguments)
    now = datetime.now(UTC)
    try:
        since = read_since(arguments.since, now)
    except WrongTime as wrong:
        return wrong_usage(visible(str(wrong)))
    assert since is not None
    if said := overwriting(
        {"--csv": arguments.csv, "--html": arguments.html}, [arguments.config]
    ):
        return wrong_usage(said)
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    compiled = compile_configuration(
        configuration.name,
        configuration.data,
        configuration.folder,
        CompileOptions(source=configuration.title),
    )
    if compiled.project is None:
        return print_report(compiled.report, printing)
    constructors = _constructors(compiled)
    if not constructors:
        return wrong_usage("no runner uses a ticket system")
    read = _ask(
        configuration,
        compiled,
        constructors,
        since,
        arguments.newest,
        quiet=printing.quiet,
    )
    if read.problem is not None:
        return print_problem(
            error(
                "OTC572",
                f"the tickets cannot be read: {visible(read.problem)}",
                help="look at the service's address and login, and that it answers",
            ),
            printing,
        )
    return _tell(read, since, arguments, printing)


def _tell(
    read: _Read, since: datetime, arguments: argparse.Namespace, printing: Printing
) -> Exit:
    found = find(read.tickets.values())
    written: list[tuple[Path, str]] = []
    if arguments.csv is not None:
        written.append((arguments.csv, labelled(found, read.tickets)))
    if arguments.html is not None:
        from otac.review.page import page

        written.append((arguments.html, page(found, read.read, since)))
    for path, content in written:
        try:
            replace_file(path, content.encode("utf-8", "surrogatepass"))
        except OSError as problem:
            return print_problem(environment(problem, path), printing)
    if printing.format == "json":
        json.dump(
            data(found, read.read, since), sys.stdout, indent=2, ensure_ascii=False
        )
        sys.stdout.write("\n")
    else:
        sys.stdout.write(text(found, read.read, since))
    for path, _ in written:
        say(f"{visible(str(path))}: written", printing)
    return _status(found, arguments.min_precision)


def _status(found: Mapping[str, ReviewFindings], least: float | None) -> Exit:
    """A fault if less of the decisions is right than was asked for."""
    if least is None:
        return Exit.OK
    low = [
        what
        for what, findings in found.items()
        if findings.precision is not None and findings.precision < least
    ]
    for what in low:
        sys.stderr.write(
            f"{what}: {100 * (found[what].precision or 0):.1f} % right, less than the"
            f" {100 * least:g} % of --min-precision\n"
        )
    return Exit.FAULT if low else Exit.OK


def _constructors(compiled: Compiled) -> tuple[str, ...]:
    """Those of the ticket systems that steps are handed."""
    from otac.emit.project_files import constructor_names
    from otac.lower.project import calls

    assert compiled.project is not None
    names = constructor_names(compiled.project.services)
    used = (
        injection.service
        for runner in compiled.project.runners
        for _, call in calls(runner.steps)
        for injection in call.injections
        if injection.parameter == _TICKET_SYSTEM
    )
    return tuple(names[service] for service in dict.fromkeys(used))


def _ask(
    configuration: Configuration,
    compiled: Compiled,
    constructors: tuple[str, ...],
    since: datetime,
    newest: int,
    *,
    quiet: bool,
) -> _Read:
    from otac.cli.progress import Progress
    from otac.local.process import Process
    from otac.local.scratch import write

    assert compiled.output is not None
    found = _Read()
    folder = configuration.folder.resolve()
    with TemporaryDirectory(prefix="otac-") as scratch:
        write(compiled.output, Path(scratch), configuration.title)
        request = ReviewRequest(
            scratch, str(folder), constructors, since.isoformat(), newest
        )
        with (
            Progress(sys.stderr, quiet=quiet) as progress,
            Process(
                "otac.review",
                request.encode(),
                environment=os.environ,
                folder=folder,
                stdout=PIPE,
            ) as process,
        ):
            for line in process.output:
                answer = json.loads(line)
                match answer:
                    case {"ticket": ticket}:
                        found.tickets[ticket["id"]] = ticket
                    case {"done": done, "total": total}:
                        progress.count("reading tickets", done, total)
                    case {"error": problem}:
                        found.problem = problem
                    case {"read": read}:
                        found.read, found.problem = read, None
            process.wait()
    return found
