"""A configuration, compiled and ready to be tried in this process."""

import asyncio
from pathlib import Path
from textwrap import dedent
from typing import Any

from otac.components.sqlite.seed import Seed, SeedTicket
from otac.local.scratch import write
from otac.pipeline import CompileOptions, compile_configuration
from otac.trial.helpdesk import Helpdesk
from otac.trial.outcome import Outcome
from otac.trial.plan import TrialPlan, plan
from otac.trial.trial import Given, Trials

QUEUES = {"Incoming": "", "Billing": "invoices", "Hardware": "printers"}


def trials(folder: Path, config: str) -> Trials:
    """The runners of a configuration."""
    made, generated = prepared(folder, config)
    return Trials(made, generated, folder.resolve())


def prepared(folder: Path, config: str) -> tuple[TrialPlan, Path]:
    """Its plan, and where its generated files are: beside nothing of it."""
    text = dedent(config).encode()
    made = compile_configuration("config.yml", text, folder, CompileOptions())
    assert made.output is not None, made.report
    assert made.project is not None
    generated = folder / "scratch"
    write(made.output, generated, "config.yml")
    return plan(made.project, made.output), generated


def helpdesk(*tickets: dict[str, Any]) -> Helpdesk:
    """One with three queues; tickets are in `Incoming` unless they say otherwise."""
    return Helpdesk(
        Seed(
            queues=QUEUES,
            tickets=[
                SeedTicket.model_validate({"queue": "Incoming", **ticket})
                for ticket in tickets
            ],
        )
    )


def run(ready: Trials, runner: str, given: Given) -> Outcome:
    """One trial."""
    return asyncio.run(ready.run(runner, given))
