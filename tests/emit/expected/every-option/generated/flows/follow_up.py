# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `follow-up`: after `nightly`, on Prefect events."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.pipes import tell


@task(name="send", retries=2, retry_delay_seconds=30)
async def send(run: Run) -> Any:
    return await run.call(tell)


@flow(name="follow-up", timeout_seconds=90.5, log_prints=True)
async def follow_up() -> Any:
    async with Run("follow-up") as run:
        await run.step("send", send)
    return run.outcome()


if __name__ == "__main__":
    follow_up.serve(name="follow-up")
