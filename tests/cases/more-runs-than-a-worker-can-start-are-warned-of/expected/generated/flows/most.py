# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `most`: every 10 seconds, on rrule `FREQ=SECONDLY;INTERVAL=15` (UTC), on
cron `* * * * *` (UTC).
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Cron, Interval, RRule


@task(name="most", retries=2, retry_delay_seconds=30)
async def most_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="most", log_prints=True)
async def most(expression: int = 1) -> Any:
    async with Run("most", params={"expression": expression}) as run:
        await run.step("most", most_step)
    return run.outcome()


if __name__ == "__main__":
    most.serve(
        name="most",
        schedules=[Interval(10), RRule("FREQ=SECONDLY;INTERVAL=15"), Cron("* * * * *")],
    )
