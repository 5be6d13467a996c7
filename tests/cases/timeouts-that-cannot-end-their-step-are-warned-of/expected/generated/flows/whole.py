# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `whole`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.pipes import asks


@task(name="whole", retries=2, retry_delay_seconds=30)
async def whole_step(run: Run) -> Any:
    return await run.call(asks)


@flow(name="whole", timeout_seconds=60, log_prints=True)
async def whole() -> Any:
    async with Run("whole") as run:
        await run.step("whole", whole_step)
    return run.outcome()


if __name__ == "__main__":
    whole.serve(name="whole")
