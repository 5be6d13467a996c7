# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `nightly`: on cron `30 2 * * *` (Europe/Berlin), on cron `0 1,2 * 3 *`
(America/New_York), on cron `15 0 * * sun` (Atlantic/Azores), on cron `30 2 * * *`
(UTC), on cron `30 2 * * *` (Asia/Tokyo), on cron `0 3 * * *` (Europe/Berlin), on
cron `30 2 * * mon-fri` (Europe/Berlin), on cron `30 2 1 * *` (Europe/Berlin), on
cron `30 2 * 6-9 *` (Europe/Berlin), on cron `0 * * * *` (Europe/Berlin), on cron
`*/20 2 * * *` (Asia/Tokyo).
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Cron


@task(name="nightly", retries=2, retry_delay_seconds=30)
async def nightly_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="nightly", log_prints=True)
async def nightly(expression: int = 1) -> Any:
    async with Run("nightly", params={"expression": expression}) as run:
        await run.step("nightly", nightly_step)
    return run.outcome()


if __name__ == "__main__":
    nightly.serve(
        name="nightly",
        schedules=[
            Cron("30 2 * * *", timezone="Europe/Berlin"),
            Cron("0 1,2 * 3 *", timezone="America/New_York"),
            Cron("15 0 * * sun", timezone="Atlantic/Azores"),
            Cron("30 2 * * *"),
            Cron("30 2 * * *", timezone="Asia/Tokyo"),
            Cron("0 3 * * *", timezone="Europe/Berlin"),
            Cron("30 2 * * mon-fri", timezone="Europe/Berlin"),
            Cron("30 2 1 * *", timezone="Europe/Berlin"),
            Cron("30 2 * 6-9 *", timezone="Europe/Berlin"),
            Cron("0 * * * *", timezone="Europe/Berlin"),
            Cron("*/20 2 * * *", timezone="Asia/Tokyo"),
        ],
    )
