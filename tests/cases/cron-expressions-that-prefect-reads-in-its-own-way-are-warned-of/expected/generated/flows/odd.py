# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `odd`: on cron `0 7 1,16,31 * *` (UTC), on cron `0 7 */10 * *` (UTC), on
cron `0 7 1-2,30 * tue` (UTC), on cron `0 7 31,L * *` (UTC), on cron `20 21-5/4 *
* *` (UTC), on cron `0 6-6 * * *` (UTC), on cron `59/10 5 * * *` (UTC), on cron
`*/75 * * * *` (UTC), on cron `0 5/48 * * *` (UTC), on cron `0 7 9 * tue#2` (UTC),
on cron `0 7 1-31 * tue` (UTC), on cron `0 7 3 * 0-6` (UTC), on cron `0 7 1,15 *
*` (UTC), on cron `0 7 1,28,30 * *` (UTC), on cron `0 7 9 * tue#2` (UTC), on cron
`0 22-6 * * *` (UTC), on cron `0 7 * * 0-7` (UTC), on cron `0 7 13 * fri` (UTC).
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Cron


@task(name="odd", retries=2, retry_delay_seconds=30)
async def odd_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="odd", log_prints=True)
async def odd(expression: int = 1) -> Any:
    async with Run("odd", params={"expression": expression}) as run:
        await run.step("odd", odd_step)
    return run.outcome()


if __name__ == "__main__":
    odd.serve(
        name="odd",
        schedules=[
            Cron("0 7 1,16,31 * *"),
            Cron("0 7 */10 * *"),
            Cron("0 7 1-2,30 * tue"),
            Cron("0 7 31,L * *"),
            Cron("20 21-5/4 * * *"),
            Cron("0 6-6 * * *"),
            Cron("59/10 5 * * *"),
            Cron("*/75 * * * *"),
            Cron("0 5/48 * * *"),
            Cron("0 7 9 * tue#2"),
            Cron("0 7 1-31 * tue"),
            Cron("0 7 3 * 0-6"),
            Cron("0 7 1,15 * *"),
            Cron("0 7 1,28,30 * *"),
            Cron("0 7 9 * tue#2", day_or=False),
            Cron("0 22-6 * * *"),
            Cron("0 7 * * 0-7"),
            Cron("0 7 13 * fri"),
        ],
    )
