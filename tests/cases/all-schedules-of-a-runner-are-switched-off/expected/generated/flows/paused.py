# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `paused`: every minute (inactive), on cron `@daily` (UTC, inactive), on
cron `0 22-6 ? * fri-mon` (UTC, inactive).
"""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Cron, Interval

from generated import services


@task(name="paused", retries=2, retry_delay_seconds=30)
async def paused_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.ticket_system),
    )


@flow(name="paused", log_prints=True)
async def paused() -> Any:
    async with Run("paused") as run:
        await run.step("paused", paused_step)
    return run.outcome()


if __name__ == "__main__":
    paused.serve(
        name="paused",
        schedules=[
            Interval(60, active=False),
            Cron("@daily", active=False),
            Cron("0 22-6 ? * fri-mon", active=False),
        ],
    )
