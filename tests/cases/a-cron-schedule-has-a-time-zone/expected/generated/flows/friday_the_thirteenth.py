# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `friday_the_thirteenth`: on cron `30 8 13 * fri` (UTC)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Cron

from generated import services


@task(name="friday_the_thirteenth", retries=2, retry_delay_seconds=30)
async def friday_the_thirteenth_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="friday_the_thirteenth", log_prints=True)
async def friday_the_thirteenth(queue: str = "Sales") -> Any:
    async with Run("friday_the_thirteenth", params={"queue": queue}) as run:
        await run.step("friday_the_thirteenth", friday_the_thirteenth_step)
    return run.outcome()


if __name__ == "__main__":
    friday_the_thirteenth.serve(
        name="friday_the_thirteenth",
        schedule=Cron("30 8 13 * fri", day_or=False),
    )
