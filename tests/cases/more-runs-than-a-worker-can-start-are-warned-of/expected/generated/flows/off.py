# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `off`: every 10 seconds (inactive)."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Interval


@task(name="off", retries=2, retry_delay_seconds=30)
async def off_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="off", log_prints=True)
async def off(expression: int = 1) -> Any:
    async with Run("off", params={"expression": expression}) as run:
        await run.step("off", off_step)
    return run.outcome()


if __name__ == "__main__":
    off.serve(name="off", schedule=Interval(10, active=False))
