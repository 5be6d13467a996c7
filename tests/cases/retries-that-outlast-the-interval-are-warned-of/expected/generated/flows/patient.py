# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `patient`: every 5 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="quick", retries=1, retry_delay_seconds=5)
async def quick(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="slow", retries=4, retry_delay_seconds=[60, 120, 240, 480])
async def slow(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="patient", log_prints=True)
async def patient() -> Any:
    async with Run("patient") as run:
        await run.step("quick", quick)
        await run.step("slow", slow)
    return run.outcome()


if __name__ == "__main__":
    patient.serve(name="patient", interval=300)
