# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `checks`: every 0.5 seconds, in a window every 5 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Window
from prefect import flow, task

from generated import services


@task(name="checks", retries=2, retry_delay_seconds=30)
async def checks_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="checks tick", log_prints=True)
async def checks_tick() -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run("checks") as run:
        await run.step("checks", checks_step)
    return run.outcome()


@flow(name="checks", log_prints=True)
async def checks() -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=0.5, window_seconds=300) as window:
        async for tick in window:
            await tick.run(checks_tick)
    return window.outcome()


if __name__ == "__main__":
    checks.serve(name="checks", interval=300)
