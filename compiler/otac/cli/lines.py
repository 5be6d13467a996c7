"""`otac dev` where there is no terminal to draw on: a line for each thing that happens."""

import sys
import time

from otac.cli.build import Built
from otac.cli.configuration import Configuration
from otac.cli.dev_tests import Tested
from otac.cli.development import DeployedProject, Wrong
from otac.cli.outcome import painted_state
from otac.cli.terminal import Printing, print_report, say
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.emit.schedule import in_time
from otac.local.runs import FlowRun, Look
from otac.lower.project import Runner


class PlainLines:
    """Writes to standard error, and never anew what it has written."""

    is_close = False

    def __init__(self, configuration: Configuration, printing: Printing) -> None:
        self._source = visible(configuration.name)
        self._printing = printing

    def built(self, built: Built) -> None:
        print_report(built.report, self._printing)
        say(built.summary, self._printing)

    def deployed(self, deployment: DeployedProject) -> None:
        """Say where everything is and what will run when."""
        runners = deployment.project.runners
        width = max(len(visible(runner.id)) for runner in runners)
        lines = [f"Prefect is at {deployment.url}", ""]
        lines += (
            f"  {visible(runner.id):{width}}  {_moments(runner)}" for runner in runners
        )
        lines += [
            "",
            f"Run one now: otac run {self._source} {visible(runners[0].id)}",
            f"Edit {self._source}, and it is deployed anew. Ctrl-C ends all of it.",
            "",
        ]
        for line in lines:
            say(line, self._printing)

    def wrong(self, what: Wrong, report: Report) -> None:
        print_report(report, self._printing)
        if what is Wrong.BUILD:
            say("the last good version goes on", self._printing)

    def tested(self, tested: Tested) -> None:
        """A line, and two for each failure."""
        for line in (*tested.faults, tested.summary):
            say(line, self._printing)

    def saw(self, look: Look) -> None:
        """A line for each run that has ended; ticks are their window's business."""
        for run in look.ended:
            if not run.is_tick:
                say(self._line(run), self._printing)

    def tick(self) -> None:
        """Nothing: what is written stays."""

    def _line(self, run: FlowRun) -> str:
        said = visible(run.message)
        message = f": {said}" if said and run.state != "Completed" else ""
        color = self._printing.colored(sys.stderr)
        shown = painted_state(run.state, color=color)
        clock = time.strftime("%H:%M:%S")
        seconds = f" after {run.seconds:.1f} s" if run.begun else ""
        return f"{clock}  {visible(run.runner)}  {shown}{seconds}{message}"


def _moments(runner: Runner) -> str:
    """`every 5 minutes`, as the generated module has it."""
    moments = in_time(runner)
    if runner.after:
        moments.append(f"after {' and '.join(f'`{name}`' for name in runner.after)}")
    return ", ".join(moments) or "started by hand"
