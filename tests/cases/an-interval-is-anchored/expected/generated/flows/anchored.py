# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `anchored`: every day."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Interval

from generated import services


@task(name="anchored", retries=2, retry_delay_seconds=30)
async def anchored_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="anchored", log_prints=True)
async def anchored() -> Any:
    async with Run("anchored") as run:
        await run.step("anchored", anchored_step)
    return run.outcome()


if __name__ == "__main__":
    anchored.serve(name="anchored", schedule=Interval(86400, timezone="Europe/Berlin"))
