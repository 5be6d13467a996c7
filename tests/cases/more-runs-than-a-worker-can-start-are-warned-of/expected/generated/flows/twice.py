# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `twice`: every 10 seconds."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="twice", retries=2, retry_delay_seconds=30)
async def twice_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="twice", log_prints=True)
async def twice(expression: int = 1) -> Any:
    async with Run("twice", params={"expression": expression}) as run:
        await run.step("twice", twice_step)
    return run.outcome()


if __name__ == "__main__":
    twice.serve(name="twice", interval=10)
