# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by_milliseconds`: every 90 seconds."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="by_milliseconds", retries=2, retry_delay_seconds=30)
async def by_milliseconds_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="by_milliseconds", log_prints=True)
async def by_milliseconds() -> Any:
    async with Run("by_milliseconds") as run:
        await run.step("by_milliseconds", by_milliseconds_step, on_error="fail_at_end")
    return run.outcome()


if __name__ == "__main__":
    by_milliseconds.serve(name="by_milliseconds", interval=90)
