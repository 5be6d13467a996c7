# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `often`: every 10 seconds."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="often", retries=2, retry_delay_seconds=30)
async def often_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="often", log_prints=True)
async def often(expression: int = 1) -> Any:
    async with Run("often", params={"expression": expression}) as run:
        await run.step("often", often_step)
    return run.outcome()


if __name__ == "__main__":
    often.serve(name="often", interval=10)
