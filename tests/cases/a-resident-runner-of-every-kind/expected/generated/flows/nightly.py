# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `nightly`: on cron `0 3 * * *` (UTC)."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme import count


@task(name="nightly", retries=2, retry_delay_seconds=30)
async def nightly_step(run: Run) -> Any:
    return await run.call(count)


@flow(name="nightly", log_prints=True)
async def nightly() -> Any:
    async with Run("nightly") as run:
        await run.step("nightly", nightly_step)
    return run.outcome()


if __name__ == "__main__":
    nightly.serve(name="nightly", cron="0 3 * * *")
