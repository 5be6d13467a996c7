# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by-the-clock`: every 5 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="check", retries=2, retry_delay_seconds=30)
async def check(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.otobo_znuny),
    )


@flow(name="by-the-clock", log_prints=True)
async def by_the_clock() -> Any:
    async with Run("by-the-clock") as run:
        await run.step("check", check)
    return run.outcome()


if __name__ == "__main__":
    by_the_clock.serve(name="by-the-clock", interval=300)
