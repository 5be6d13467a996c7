# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `thrice`: every 10 seconds."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="thrice", retries=2, retry_delay_seconds=30)
async def thrice_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="thrice", log_prints=True)
async def thrice(expression: int = 1) -> Any:
    async with Run("thrice", params={"expression": expression}) as run:
        await run.step("thrice", thrice_step)
    return run.outcome()


if __name__ == "__main__":
    thrice.serve(name="thrice", interval=10)
