# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `d`: on rrule `FREQ=DAILY` (UTC)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="d", retries=2, retry_delay_seconds=30)
async def d_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="d", log_prints=True)
async def d() -> Any:
    async with Run("d") as run:
        await run.step("d", d_step)
    return run.outcome()


if __name__ == "__main__":
    d.serve(name="d", rrule="FREQ=DAILY")
