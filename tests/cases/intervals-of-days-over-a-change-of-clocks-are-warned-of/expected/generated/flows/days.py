# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `days`: every day, every 7 days, every 3 days, every 30 hours, every day,
every day, every 12 hours.
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Interval


@task(name="days", retries=2, retry_delay_seconds=30)
async def days_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="days", log_prints=True)
async def days(expression: int = 1) -> Any:
    async with Run("days", params={"expression": expression}) as run:
        await run.step("days", days_step)
    return run.outcome()


if __name__ == "__main__":
    days.serve(
        name="days",
        schedules=[
            Interval(86400, timezone="Europe/Paris"),
            Interval(604800, timezone="Europe/Paris"),
            Interval(259200, timezone="Europe/Paris"),
            Interval(108000, timezone="America/New_York"),
            Interval(86400),
            Interval(86400, timezone="Asia/Kolkata"),
            Interval(43200, timezone="Europe/Paris"),
        ],
    )
