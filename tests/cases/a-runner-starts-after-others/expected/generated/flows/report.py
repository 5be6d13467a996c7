# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `report`: after `routing` and `reminders`."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task


@task(name="report", retries=2, retry_delay_seconds=30)
async def report_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="report", log_prints=True)
async def report(expression: str = "done") -> Any:
    async with Run("report", params={"expression": expression}) as run:
        await run.step("report", report_step)
    return run.outcome()


if __name__ == "__main__":
    report.serve(name="report")
