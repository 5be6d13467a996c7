"""`otac run --dry-run`: what a run would do on the real helpdesk."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otac.cli.configuration import Configuration
from otac.cli.exit_status import Exit
from otac.cli.interruption import interruptible
from otac.cli.outcome import painted_state
from otac.cli.table import tickets
from otac.cli.terminal import Printing, print_problem, print_report, room, say
from otac.cli.ticket_table import ticket_table
from otac.diagnostics.diagnostic import error
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.local.home import missing_prefect
from otac.local.scratch import write
from otac.lower.project import Runner, calls
from otac.pipeline import Compiled
from otac.source.document import Json
from otac.trial.plan import TrialPlan, is_ours, plan
from otac.trial.process import TrialProcess


def rehearse(
    configuration: Configuration,
    compiled: Compiled,
    runner: Runner,
    parameters: Mapping[str, Json],
    printing: Printing,
    *,
    run_own: bool,
) -> Exit:
    """Run it once, with everything read for real and nothing written."""
    assert compiled.output is not None
    assert compiled.project is not None
    if (missing := missing_prefect()) is not None:
        return print_problem(missing, printing)
    left_out: dict[tuple[str, ...], str] = {}
    if not run_own:
        left_out = {
            step.path: call.component.plugin
            or f"{call.component.module}:{call.component.name}"
            for step, call in calls(runner.steps)
            if not is_ours(call)
        }
    for name in dict.fromkeys(left_out.values()):
        say(
            f"`{visible(name)}` may do more than write to tickets: not run"
            " (`--run-own` runs it)",
            printing,
        )
    with interruptible(), TemporaryDirectory(prefix="otac-") as folder:
        write(compiled.output, Path(folder), configuration.title)
        run = _RehearsalRun(
            plan(compiled.project, compiled.output),
            {
                "runner": runner.id,
                "parameters": dict(parameters),
                "left_out": [*left_out],
            },
            Path(folder),
            configuration.folder,
            printing,
        )
        with run:
            answer = run.answer()
    if "refused" in answer:
        problem = error(
            "OTC642",
            f"runner `{runner.id}` cannot be run: {visible(answer['refused'])}",
            runner.origin,
            "this runner",
            help="`--verbose` shows what is logged",
        )
        return print_report(Report(compiled.report.source, (problem,)), printing)
    if printing.format == "json":
        json.dump({"runner": runner.id, **answer}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _print(answer, printing)
    # As Prefect calls both: what `stop()` ended has completed.
    return Exit.OK if answer["state"] in ("Completed", "Stopped") else Exit.FAULT


class _RehearsalRun(TrialProcess):
    def __init__(
        self,
        made: TrialPlan,
        more: Mapping[str, Any],
        generated: Path,
        folder: Path,
        printing: Printing,
    ) -> None:
        module = "otac.trial.rehearsal_process"
        super().__init__(
            module, made, more, generated, folder, verbose=printing.verbose
        )

    def answer(self) -> dict[str, Any]:
        """What the process says, or why it says nothing."""
        line = self.output.readline()
        if not line:
            return {"refused": f"its process ended with status {self.wait()}"}
        answer: dict[str, Any] = json.loads(line)
        return answer


def _print(answer: Mapping[str, Any], printing: Printing) -> None:
    changes: Sequence[Mapping[str, Any]] = answer["changes"]
    if changes:
        sys.stdout.write("\n".join(ticket_table(changes, room(sys.stdout))) + "\n")
    touched = len({one["ticket"] for one in changes})
    state = painted_state(answer["state"], color=printing.colored(sys.stdout))
    said = f": {visible(answer['message'])}" if answer["message"] else ""
    sys.stdout.write(
        f"{state}{said}\n{tickets(touched)} would change; nothing was written\n"
    )
