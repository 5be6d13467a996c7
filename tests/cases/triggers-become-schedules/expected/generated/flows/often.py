# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `often`: every hour, every 1470 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Interval

from generated import services


@task(name="check", retries=1, retry_delay_seconds=5)
async def check(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="often", timeout_seconds=300, log_prints=True)
async def often() -> Any:
    async with Run("often") as run:
        await run.step("check", check)
    return run.outcome()


if __name__ == "__main__":
    often.serve(name="often", schedules=[Interval(3600), Interval(88200)])
