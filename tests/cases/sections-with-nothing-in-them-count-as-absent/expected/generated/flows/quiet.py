# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `quiet`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="quiet", retries=2, retry_delay_seconds=30)
async def quiet_step(run: Run) -> Any:
    return await run.call(Expression, expression=None)


@flow(name="quiet", log_prints=True)
async def quiet() -> Any:
    async with Run("quiet") as run:
        await run.step("quiet", quiet_step)
    return run.outcome()


if __name__ == "__main__":
    quiet.serve(name="quiet")
