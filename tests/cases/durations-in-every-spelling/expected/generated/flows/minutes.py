# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `minutes`: every 7 days."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="minutes", retries=2, retry_delay_seconds=60, timeout_seconds=5400)
async def minutes_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="minutes", log_prints=True)
async def minutes() -> Any:
    async with Run("minutes") as run:
        await run.step("minutes", minutes_step)
    return run.outcome()


if __name__ == "__main__":
    minutes.serve(name="minutes", interval=604800)
