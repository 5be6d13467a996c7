# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `warm`: every 10 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="warm", retries=2, retry_delay_seconds=30)
async def warm_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="warm", log_prints=True)
async def warm() -> Any:
    async with Run("warm") as run:
        await run.step("warm", warm_step)
    return run.outcome()


if __name__ == "__main__":
    warm.serve(name="warm", interval=600)
