# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `iso`: every 26 hours."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="iso", retries=2, retry_delay_seconds=0.5, timeout_seconds=90)
async def iso_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="iso", log_prints=True)
async def iso() -> Any:
    async with Run("iso") as run:
        await run.step("iso", iso_step)
    return run.outcome()


if __name__ == "__main__":
    iso.serve(name="iso", interval=93600)
