# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `fits`: every 10 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="fits", retries=3, retry_delay_seconds=[30, 60, 120])
async def fits_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="fits", log_prints=True)
async def fits() -> Any:
    async with Run("fits") as run:
        await run.step("fits", fits_step)
    return run.outcome()


if __name__ == "__main__":
    fits.serve(name="fits", interval=600)
