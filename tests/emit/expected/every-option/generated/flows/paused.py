# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `paused`: every day (inactive)."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Interval

from acme.pipes import tell


@task(name="send", retries=2, retry_delay_seconds=30)
async def send(run: Run) -> Any:
    return await run.call(tell)


@flow(name="paused", log_prints=True)
async def paused() -> Any:
    async with Run("paused") as run:
        await run.step("send", send)
    return run.outcome()


if __name__ == "__main__":
    paused.serve(name="paused", schedule=Interval(86400, active=False))
