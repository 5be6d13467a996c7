# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `enough`: on rrule `FREQ=SECONDLY;INTERVAL=1` (UTC)."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="enough", retries=2, retry_delay_seconds=30)
async def enough_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="enough", log_prints=True)
async def enough(expression: int = 1) -> Any:
    async with Run("enough", params={"expression": expression}) as run:
        await run.step("enough", enough_step)
    return run.outcome()


if __name__ == "__main__":
    enough.serve(name="enough", rrule="FREQ=SECONDLY;INTERVAL=1")
