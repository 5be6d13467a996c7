# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `built_in`: every 30 seconds."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="built_in", retries=2, retry_delay_seconds=30)
async def built_in_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="built_in", log_prints=True)
async def built_in() -> Any:
    async with Run("built_in") as run:
        await run.step("built_in", built_in_step)
    return run.outcome()


if __name__ == "__main__":
    built_in.serve(name="built_in", interval=30)
