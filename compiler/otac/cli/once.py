"""Running flows once, on an embedded Prefect API, in front of a person's eyes."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from otac.cli.interruption import interruptible
from otac.cli.outcome import Outcome, summary
from otac.cli.terminal import Printing, say
from otac.diagnostics.cells import visible
from otac.diagnostics.diagnostic import Diagnostic
from otac.emit.artifact import Output
from otac.local.api import Api
from otac.local.environment import embedded
from otac.local.flow_runs import FlowRuns
from otac.local.home import Home
from otac.local.job import Job, Logged, RunEnded, StepEnded
from otac.local.server import Server, free_port
from otac.lower.project import Runner
from otac.output.exclusive import exclusive
from otac.source.document import Json


@dataclass(frozen=True, slots=True)
class Once:
    """Which runners to run. `generated` holds the package of that name."""

    runners: Sequence[Runner]
    jobs: Sequence[Job]
    generated: Path
    folder: Path


def job(output: Output, runner: Runner, parameters: Mapping[str, Json]) -> Job:
    """The run of a runner, by the entrypoint that its deployment has.

    Of a resident one, it is one tick.
    """
    entries = {entry["name"]: entry for entry in output.deployments.deployments}
    path, _, function = str(entries[runner.id]["entrypoint"]).partition(":")
    module = path.removesuffix(".py").replace("/", ".")
    return Job(runner.id, module, output.once.get(runner.id, function), parameters)


def run_once(once: Once, home: Home, printing: Printing) -> list[RunEnded] | Diagnostic:
    """Run each flow and print how it goes; how the runs ended, or why there were none."""
    with interruptible(), ExitStack() as stack:
        address = home.announced()
        if address is not None and Api(f"{address}/api").healthy():
            # That of an `otac dev`; it shows the run in its user interface, too.
            api_url = f"{address}/api"
            return _watch(_start(stack, once, home, api_url, printing), once, printing)
        say("starting an embedded Prefect API ...", printing)
        log = home.path / "run.log"
        output = stack.enter_context(log.open("wb"))
        # Two servers must not set up one database at the same time.
        with exclusive(home.path):
            server = stack.enter_context(
                Server(home, free_port(), output, services=False)
            )
            runs = _start(stack, once, home, server.api.url, printing)
            problem = server.wait_until_healthy(log)
        if problem is not None:
            return problem
        return _watch(runs, once, printing)


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
        )
    )


def _watch(runs: FlowRuns, once: Once, printing: Printing) -> list[RunEnded]:
    color = printing.colored(sys.stderr)
    waiting = list(once.runners)
    ended: list[RunEnded] = []
    outcome = _begin(waiting, color, printing)
    for answer in runs.answers():
        match answer:
            case StepEnded():
                for line in outcome.lines(answer):
                    say(line, printing)
            case Logged(text):
                for line in text.splitlines():
                    say(f"  {visible(line)}", printing)
            case RunEnded():
                say(summary(answer, color=color), printing)
                ended.append(answer)
                waiting.pop(0)
                if waiting:
                    outcome = _begin(waiting, color, printing)
    if waiting:
        status = runs.wait()
        message = f"its process ended with status {status}"
        last = RunEnded(waiting[0].id, "Crashed", "CRASHED", message, None, 0.0)
        say(summary(last, color=color), printing)
        ended.append(last)
    return ended


def _begin(waiting: Sequence[Runner], color: bool, printing: Printing) -> Outcome:
    say(waiting[0].id, printing)
    return Outcome(waiting[0], color=color)
