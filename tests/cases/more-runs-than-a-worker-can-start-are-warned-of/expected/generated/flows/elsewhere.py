# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `elsewhere`: every 10 seconds."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="elsewhere", retries=2, retry_delay_seconds=30)
async def elsewhere_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="elsewhere", log_prints=True)
async def elsewhere(expression: int = 1) -> Any:
    async with Run("elsewhere", params={"expression": expression}) as run:
        await run.step("elsewhere", elsewhere_step)
    return run.outcome()


if __name__ == "__main__":
    elsewhere.serve(name="elsewhere", interval=10)
