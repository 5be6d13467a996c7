"""A run on the real helpdesk that changes nothing; a process of its own.

The only argument is a file that names the folders, the plan and the runner. Standard output
carries the answer. Importing this imports Prefect.
"""

import asyncio
import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from otac.agreed import claim_output
from otac.components.outcome import Skipped
from otac.local.ticket_change import told
from otac.trial.outcome import Outcome
from otac.trial.plan import TrialPlan
from otac.trial.rehearsal import RealDesks
from otac.trial.trial import Given, StepFault, Trials

_ALWAYS = sys.maxsize


def main() -> None:
    """Run the runner once."""
    output = claim_output()
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if not task["verbose"]:
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")
    try:
        answer = asyncio.run(_rehearse(task))
    except Exception as error:  # noqa: BLE001
        # A module of the user's that cannot be imported.
        answer = {"refused": f"{type(error).__name__}: {error}"}
    output.write(to_json(answer, fallback=str, inf_nan_mode="null") + b"\n")
    output.close()


async def _rehearse(task: dict[str, Any]) -> dict[str, Any]:
    trials = Trials(
        TrialPlan.of(task["plan"]), Path(task["generated"]), Path(task["user"])
    )
    desks = RealDesks()
    skipped = Skipped("it may do more than write to tickets")
    faults = [StepFault(tuple(ids), _ALWAYS, skipped) for ids in task["left_out"]]
    given = Given(desks, parameters=task["parameters"], faults=faults, waits=True)
    try:
        outcome = await trials.run(task["runner"], given)
    finally:
        await desks.aclose()
    return _answer(outcome)


def _answer(outcome: Outcome) -> dict[str, Any]:
    return {
        "state": outcome.state,
        "message": outcome.message,
        "steps": [step.told() for step in outcome.steps],
        "changes": [one for change in outcome.changes for one in told(change)],
    }


if __name__ == "__main__":
    main()
