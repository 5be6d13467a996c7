# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `several`: every second, in a window every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run, Window
from prefect import flow, task

from generated import services


@task(name="several", retries=2, retry_delay_seconds=30)
async def several_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="several tick", log_prints=True)
async def several_tick(queue: str = "a") -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run("several", params={"queue": queue}) as run:
        await run.step("several", several_step, probe=True)
    return run.outcome()


@flow(name="several", log_prints=True)
async def several(queue: str = "a") -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=1, window_seconds=300) as window:
        async for tick in window:
            await tick.run(several_tick, queue=queue)
    return window.outcome()


if __name__ == "__main__":
    several.serve(name="several", interval=300)
