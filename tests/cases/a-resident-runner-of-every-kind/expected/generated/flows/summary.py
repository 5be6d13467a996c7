# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `summary`: after `route` and `nightly`."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme import count


@task(name="summary", retries=2, retry_delay_seconds=30)
async def summary_step(run: Run) -> Any:
    return await run.call(count)


@flow(name="summary", log_prints=True)
async def summary() -> Any:
    async with Run("summary") as run:
        await run.step("summary", summary_step)
    return run.outcome()


if __name__ == "__main__":
    summary.serve(name="summary")
