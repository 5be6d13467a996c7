# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `a`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="a", retries=2, retry_delay_seconds=30)
async def a_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="a", log_prints=True)
async def a() -> Any:
    async with Run("a") as run:
        await run.step("a", a_step)
    return run.outcome()


if __name__ == "__main__":
    a.serve(name="a")
