# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `escalation_checker`: every 10 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="escalation_checker", retries=2, retry_delay_seconds=30)
async def escalation_checker_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.ticket_system),
    )


@flow(name="escalation_checker", log_prints=True)
async def escalation_checker() -> Any:
    async with Run("escalation_checker") as run:
        await run.step("escalation_checker", escalation_checker_step)
    return run.outcome()


if __name__ == "__main__":
    escalation_checker.serve(name="escalation_checker", interval=600)
