# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `windows`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="windows", retries=2, retry_delay_seconds=30)
async def windows_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="windows", log_prints=True)
async def windows(expression: str = "two\nlines\n") -> Any:
    async with Run("windows", params={"expression": expression}) as run:
        await run.step("windows", windows_step)
    return run.outcome()


if __name__ == "__main__":
    windows.serve(name="windows")
