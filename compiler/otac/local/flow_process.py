"""Runs generated flows in this process and tells how their steps end.

The only argument is a file that names the API, the folders and the jobs. Standard output
carries the answers; what anybody else writes there goes to standard error. Importing this
imports Prefect.
"""

import asyncio
import json
import signal
import sys
import time
import traceback
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from prefect.exceptions import TerminationSignal
from prefect.flow_engine import run_flow
from pydantic_core import to_json

from otac.agreed import claim_output
from otac.local.api import LocalApi
from otac.local.debugger import debug_on
from otac.local.job import (
    Answer,
    Engine,
    Job,
    Logged,
    RunBegan,
    RunEnded,
    StepEnded,
    TicketChanged,
)
from otac.local.quiet import show_the_essential
from otac.local.ticket_change import TicketChange, told
from otac.local.ticket_changes import TicketChangesSeen
from otac.runtime.alone import run_alone
from otac.runtime.observer import StepEnd, observer
from otac.runtime.record import Failure, Skip, Success
from otac.runtime.services import onlooker

_POLL_SECONDS = 0.1


def main() -> None:
    """Do the jobs, one after the other."""
    answers = claim_output()
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    # As Prefect's loader does: the output's folder, then that of the user's modules.
    sys.path[:0] = task["path"]
    if not task["verbose"]:
        show_the_essential(lambda text: _answer(answers, Logged(text)))
    debug_on(task["terminal"])
    engine = Engine(task["engine"])
    if engine is Engine.EMBEDDED:
        # The server starts while this process imports what it needs.
        api = LocalApi(task["api"])
        while not api.healthy():
            time.sleep(_POLL_SECONDS)

    def look(end: StepEnd) -> None:
        watched = end.ids == tuple(task["watched"])
        _answer(answers, _step_ended(end, watched=watched))

    def look_at(change: TicketChange) -> None:
        for line in told(change):
            _answer(answers, TicketChanged(line))

    observer.set(look)
    onlooker.set(TicketChangesSeen(look_at))
    for job in task["jobs"]:
        _answer(answers, _do(Job(**job), engine, answers, verbose=task["verbose"]))


def _do(job: Job, engine: Engine, answers: IO[bytes], *, verbose: bool) -> RunEnded:
    begun = time.monotonic()
    try:
        flow = getattr(import_module(job.module), job.function)
        state, result = asyncio.run(_run(flow, job, engine, answers))
    except TerminationSignal:
        # Somebody interrupts the run; Prefect has noted that it crashed.
        sys.exit(128 + signal.SIGTERM)
    except Exception as error:  # noqa: BLE001
        # A module of the user's that cannot be imported, or Prefect's API.
        if verbose:
            traceback.print_exc()
        reason = f"{type(error).__name__}: {error}"
        return RunEnded(job.runner, "Crashed", "CRASHED", reason, None, 0.0)
    seconds = time.monotonic() - begun
    return RunEnded(
        job.runner, state.name, state.type.value, state.message or "", result, seconds
    )


async def _run(
    flow: Any, job: Job, engine: Engine, answers: IO[bytes]
) -> tuple[Any, Any]:
    """The final state, and the result if there is one."""
    if engine is Engine.ALONE:
        alone = await run_alone(flow, job.parameters)
        return alone, None if alone.is_failed() else alone.data

    def began(_: object, flow_run: Any, __: object) -> None:
        _answer(answers, RunBegan(str(flow_run.id)))

    # A component may end the process; then somebody else has to say so to Prefect.
    flow = copy(flow)
    flow.on_running_hooks = [*(flow.on_running_hooks or ()), began]
    # Not `flow(**parameters)`: a parameter might be called `return_state`.
    running: Any = run_flow(flow, parameters=dict(job.parameters), return_type="state")
    state = await running
    result = await state.result(raise_on_failure=False)
    return state, None if isinstance(result, Exception) else result


def _step_ended(end: StepEnd, *, watched: bool) -> StepEnded:
    reason, attempts, result = "", 0, None
    match end.record:
        case Success(result=found, attempts=attempts):
            state = "Completed"
            # Not of all steps: tickets have long texts.
            result = found if watched else None
        case Failure(reason, attempts=attempts):
            state = "Failed"
        case Skip(stopped=True):
            state = "Stopped"
        case Skip(reason):
            state = "Skipped"
    return StepEnded(end.ids, end.indices, state, reason, attempts, end.seconds, result)


def _answer(answers: IO[bytes], answer: Answer) -> None:
    # Results are whatever components return, and JSON has no `NaN`.
    content = {"is": type(answer).__name__, "what": answer}
    line = to_json(content, fallback=str, inf_nan_mode="null")
    answers.write(line + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
