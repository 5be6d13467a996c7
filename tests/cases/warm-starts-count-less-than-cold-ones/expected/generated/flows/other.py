# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `other`: on rrule `FREQ=SECONDLY;INTERVAL=1` (UTC)."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="other", retries=2, retry_delay_seconds=30)
async def other_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="other", log_prints=True)
async def other(expression: int = 1) -> Any:
    async with Run("other", params={"expression": expression}) as run:
        await run.step("other", other_step)
    return run.outcome()


if __name__ == "__main__":
    other.serve(name="other", rrule="FREQ=SECONDLY;INTERVAL=1")
