# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `c`: on cron `@daily` (UTC)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="c", retries=2, retry_delay_seconds=30)
async def c_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="c", log_prints=True)
async def c() -> Any:
    async with Run("c") as run:
        await run.step("c", c_step)
    return run.outcome()


if __name__ == "__main__":
    c.serve(name="c", cron="@daily")
