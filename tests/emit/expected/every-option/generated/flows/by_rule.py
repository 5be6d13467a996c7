# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by-rule`: on rrule `FREQ=WEEKLY` (UTC)."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.pipes import tell


@task(name="send", retries=2, retry_delay_seconds=30)
async def send(run: Run) -> Any:
    return await run.call(tell)


@flow(name="by-rule", log_prints=True)
async def by_rule() -> Any:
    async with Run("by-rule") as run:
        await run.step("send", send)
    return run.outcome()


if __name__ == "__main__":
    by_rule.serve(name="by-rule", rrule="FREQ=WEEKLY")
