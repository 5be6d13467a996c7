# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `every_morning`: on cron `0 6 * * mon-fri` (Europe/Berlin)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Cron

from generated import services


@task(name="every_morning", retries=2, retry_delay_seconds=30)
async def every_morning_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="every_morning", log_prints=True)
async def every_morning() -> Any:
    async with Run("every_morning") as run:
        await run.step("every_morning", every_morning_step)
    return run.outcome()


if __name__ == "__main__":
    every_morning.serve(
        name="every_morning",
        schedule=Cron("0 6 * * mon-fri", timezone="Europe/Berlin"),
    )
