# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `near`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme import anything


@task(name="anything", retries=2, retry_delay_seconds=30)
async def anything_step(run: Run) -> Any:
    return await run.call(anything, timeout_second=5, colour="red", on_errors="stop")


@flow(name="near", log_prints=True)
async def near() -> Any:
    async with Run("near", config={"retrys": 3, "greeting": "hello"}) as run:
        await run.step("anything", anything_step)
    return run.outcome()


if __name__ == "__main__":
    near.serve(name="near")
