# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `one`: on rrule `FREQ=SECONDLY;INTERVAL=1` (UTC)."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="one", retries=2, retry_delay_seconds=30)
async def one_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="one", log_prints=True)
async def one(expression: int = 1) -> Any:
    async with Run("one", params={"expression": expression}) as run:
        await run.step("one", one_step)
    return run.outcome()


if __name__ == "__main__":
    one.serve(name="one", rrule="FREQ=SECONDLY;INTERVAL=1")
