# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `weekly`: on cron `0 6 * * 1` (UTC)."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.pipes import tell


@task(name="send", retries=2, retry_delay_seconds=30)
async def send(run: Run) -> Any:
    return await run.call(tell)


@flow(name="weekly", log_prints=True)
async def weekly() -> Any:
    async with Run("weekly") as run:
        await run.step("send", send)
    return run.outcome()


if __name__ == "__main__":
    weekly.serve(name="weekly", cron="0 6 * * 1")
