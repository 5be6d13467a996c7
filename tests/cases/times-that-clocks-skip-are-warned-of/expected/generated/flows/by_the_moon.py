# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by_the_moon`: on cron `30 2 * * *` (Africa/Casablanca), every day, on cron
`30 2 * 6-8 *` (Africa/Casablanca), on cron `0 4 * * *` (Africa/Casablanca).
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Cron, Interval


@task(name="by_the_moon", retries=2, retry_delay_seconds=30)
async def by_the_moon_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="by_the_moon", log_prints=True)
async def by_the_moon(expression: int = 1) -> Any:
    async with Run("by_the_moon", params={"expression": expression}) as run:
        await run.step("by_the_moon", by_the_moon_step)
    return run.outcome()


if __name__ == "__main__":
    by_the_moon.serve(
        name="by_the_moon",
        schedules=[
            Cron("30 2 * * *", timezone="Africa/Casablanca"),
            Interval(86400, timezone="Africa/El_Aaiun"),
            Cron("30 2 * 6-8 *", timezone="Africa/Casablanca"),
            Cron("0 4 * * *", timezone="Africa/Casablanca"),
        ],
    )
