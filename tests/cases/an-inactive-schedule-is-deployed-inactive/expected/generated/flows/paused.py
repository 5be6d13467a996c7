# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `paused`: every 10 minutes (inactive)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Interval

from generated import services


@task(name="paused", retries=2, retry_delay_seconds=30)
async def paused_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="paused", log_prints=True)
async def paused() -> Any:
    async with Run("paused") as run:
        await run.step("paused", paused_step)
    return run.outcome()


if __name__ == "__main__":
    paused.serve(name="paused", schedule=Interval(600, active=False))
