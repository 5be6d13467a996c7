# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `unused`: every minute."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="unused", retries=2, retry_delay_seconds=30)
async def unused_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="unused", log_prints=True)
async def unused() -> Any:
    async with Run("unused") as run:
        await run.step("unused", unused_step)
    return run.outcome()


if __name__ == "__main__":
    unused.serve(name="unused", interval=60)
