"""Running flows once, on an embedded Prefect API, in front of a person's eyes."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otac.cli.interruption import interruptible
from otac.cli.outcome import RunnerSteps, fitted, summary
from otac.cli.table import tickets
from otac.cli.terminal import Printing, room, say
from otac.cli.ticket_table import ticket_table
from otac.deploy.api import ApiError
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.frame import visible
from otac.local.api import LocalApi
from otac.local.environment import embedded
from otac.local.flow_runs import FlowRuns
from otac.local.home import Home
from otac.local.job import (
    Job,
    Logged,
    RunBegan,
    RunEnded,
    StepEnded,
    TicketChanged,
)
from otac.local.ports import free_port
from otac.local.server import PrefectServer
from otac.lower.project import Runner
from otac.output.exclusive import exclusive


@dataclass(frozen=True, slots=True)
class Once:
    """Which runners to run. `generated` holds the package of that name.

    `look` sees each step that has ended, with its result if its ids are `watched`, and
    each change of a ticket.
    """

    runners: Sequence[Runner]
    jobs: Sequence[Job]
    generated: Path
    folder: Path
    watched: tuple[str, ...] = ()
    look: Callable[[StepEnded | TicketChanged], None] = lambda _: None


def run_once(once: Once, home: Home, printing: Printing) -> list[RunEnded] | Diagnostic:
    """Run each flow and print how it goes; how the runs ended, or why there were none."""
    with interruptible(), ExitStack() as stack:
        address = home.announced()
        if address is not None and LocalApi(f"{address}/api").healthy():
            # That of an `otac dev`; it shows the run in its user interface, too.
            api_url = f"{address}/api"
            runs = _start(stack, once, home, api_url, printing)
            return _watch(runs, once, LocalApi(api_url), printing)
        say("starting an embedded Prefect API ...", printing)
        log = home.path / "run.log"
        output = stack.enter_context(log.open("wb"))
        # Two servers must not set up one database at the same time.
        with exclusive(home.path):
            server = stack.enter_context(
                PrefectServer(home, free_port(), output, services=False)
            )
            runs = _start(stack, once, home, server.api.url, printing)
            problem = server.wait_until_healthy(log)
        if problem is not None:
            return problem
        return _watch(runs, once, server.api, printing)


def _start(
    stack: ExitStack, once: Once, home: Home, api_url: str, printing: Printing
) -> FlowRuns:
    return stack.enter_context(
        FlowRuns(
            once.jobs,
            once.generated,
            once.folder,
            embedded(home.path, api_url),
            verbose=printing.verbose,
            watched=once.watched,
            terminal=_terminal(),
        )
    )


def _watch(
    runs: FlowRuns, once: Once, api: LocalApi, printing: Printing
) -> list[RunEnded]:
    waiting = list(once.runners)
    ended: list[RunEnded] = []
    outcome = _begin(waiting, printing)
    flow_run = None
    changes: list[Mapping[str, Any]] = []
    for answer in runs.answers():
        match answer:
            case RunBegan():
                flow_run = answer.flow_run
            case StepEnded():
                once.look(answer)
                for line in outcome.lines(answer):
                    say(line, printing)
            case TicketChanged():
                once.look(answer)
                changes.append(answer.line)
            case Logged(text):
                for line in text.splitlines():
                    say(f"  {visible(line)}", printing)
            case RunEnded():
                _tell(answer, changes, printing)
                changes = []
                ended.append(answer)
                waiting.pop(0)
                flow_run = None
                if waiting:
                    outcome = _begin(waiting, printing)
    if waiting:
        status = runs.wait()
        message = f"its process ended with status {status}"
        if flow_run is not None:
            # Nobody else would ever tell Prefect.
            with suppress(ApiError):
                api.crashed(flow_run, message)
        last = RunEnded(waiting[0].id, "Crashed", "CRASHED", message, None, 0.0)
        _tell(last, changes, printing)
        ended.append(last)
    return ended


def _tell(
    ended: RunEnded, changes: Sequence[Mapping[str, Any]], printing: Printing
) -> None:
    """What it did to tickets, and how it ended.

    Quietly only that it did not end well, for a status says nothing.
    """
    said = summary(ended, color=printing.colored(sys.stderr))
    if not printing.quiet:
        columns = room(sys.stderr)
        if changes:
            touched = tickets(len({line["ticket"] for line in changes}))
            say("\n".join(("", *ticket_table(changes, columns), "")), printing)
            say(f"{touched} changed", printing)
        say("\n".join(fitted(said, columns)), printing)
    elif printing.for_people and not ended.completed:
        sys.stderr.write(f"{visible(ended.runner)}: {said}\n")


def _terminal() -> str | None:
    """The terminal in front of which somebody sits."""
    if sys.platform == "win32" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return os.ttyname(sys.stdin.fileno())


def _begin(waiting: Sequence[Runner], printing: Printing) -> RunnerSteps:
    say(waiting[0].id, printing)
    color = printing.colored(sys.stderr)
    return RunnerSteps(waiting[0], color=color, room=room(sys.stderr))
