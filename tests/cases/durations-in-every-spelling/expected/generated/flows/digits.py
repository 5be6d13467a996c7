# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `digits`: every 2 hours."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="digits", retries=2, retry_delay_seconds=[5, 90])
async def digits_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="digits", timeout_seconds=9000, log_prints=True)
async def digits() -> Any:
    async with Run("digits") as run:
        await run.step("digits", digits_step)
    return run.outcome()


if __name__ == "__main__":
    digits.serve(name="digits", interval=7200)
