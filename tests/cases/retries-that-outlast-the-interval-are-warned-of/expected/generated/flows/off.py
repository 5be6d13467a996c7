# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `off`: every 30 seconds (inactive)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Interval

from generated import services


@task(name="off", retries=9, retry_delay_seconds=30)
async def off_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="off", log_prints=True)
async def off() -> Any:
    async with Run("off") as run:
        await run.step("off", off_step)
    return run.outcome()


if __name__ == "__main__":
    off.serve(name="off", schedule=Interval(30, active=False))
