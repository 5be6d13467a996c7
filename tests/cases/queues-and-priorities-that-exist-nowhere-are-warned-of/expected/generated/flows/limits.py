# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `limits`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="limits", retries=2, retry_delay_seconds=30)
async def limits_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        max_age_hours_by_priority={"3 normal": 48, "2 low": 96, "1 verylow": 99},
        ticket_system=run.service(services.archive),
    )


@flow(name="limits", log_prints=True)
async def limits() -> Any:
    async with Run("limits") as run:
        await run.step("limits", limits_step)
    return run.outcome()


if __name__ == "__main__":
    limits.serve(name="limits")
