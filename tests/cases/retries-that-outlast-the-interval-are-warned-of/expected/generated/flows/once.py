# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `once`: every 30 seconds."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="once", retries=0, timeout_seconds=20)
async def once_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="once", log_prints=True)
async def once() -> Any:
    async with Run("once") as run:
        await run.step("once", once_step)
    return run.outcome()


if __name__ == "__main__":
    once.serve(name="once", interval=30)
