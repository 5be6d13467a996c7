# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `b`: every minute."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="b", retries=2, retry_delay_seconds=30)
async def b_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="b", log_prints=True)
async def b() -> Any:
    async with Run("b") as run:
        await run.step("b", b_step)
    return run.outcome()


if __name__ == "__main__":
    b.serve(name="b", interval=60)
