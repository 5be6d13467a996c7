# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `with_timeouts`: every 5 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="with_timeouts", retries=2, retry_delay_seconds=30, timeout_seconds=100)
async def with_timeouts_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="with_timeouts", log_prints=True)
async def with_timeouts() -> Any:
    async with Run("with_timeouts") as run:
        await run.step("with_timeouts", with_timeouts_step)
    return run.outcome()


if __name__ == "__main__":
    with_timeouts.serve(name="with_timeouts", interval=300)
