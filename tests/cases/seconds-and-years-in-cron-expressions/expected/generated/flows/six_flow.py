# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `six`: on cron `30 6 * * mon-fri 15` (UTC), on cron `*/5 7 * * * */30`
(UTC), on cron `0 6 1 1 * 0 *` (UTC), on cron `0 6 * * * 0 2026-2040` (UTC), on
cron `0 0 6 * * *` (UTC), on cron `0 0 6 * * 1-5` (UTC).
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Cron


@task(name="six", retries=2, retry_delay_seconds=30)
async def six_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="six", log_prints=True)
async def six(expression: int = 1) -> Any:
    async with Run("six", params={"expression": expression}) as run:
        await run.step("six", six_step)
    return run.outcome()


if __name__ == "__main__":
    six.serve(
        name="six",
        schedules=[
            Cron("30 6 * * mon-fri 15"),
            Cron("*/5 7 * * * */30"),
            Cron("0 6 1 1 * 0 *"),
            Cron("0 6 * * * 0 2026-2040"),
            Cron("0 0 6 * * *"),
            Cron("0 0 6 * * 1-5"),
        ],
    )
