# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `limited`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.reports import send


@task(name="limited", retries=2, retry_delay_seconds=30)
async def limited_step(run: Run) -> Any:
    return await run.call(send)


@flow(name="limited", timeout_seconds=300, log_prints=True)
async def limited() -> Any:
    async with Run("limited") as run:
        await run.step("limited", limited_step)
    return run.outcome()


if __name__ == "__main__":
    limited.serve(name="limited")
