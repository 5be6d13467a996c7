# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `fast`: every 0.1 seconds, in a window every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run, Window
from prefect import flow, task

from generated import services


@task(name="fast", retries=2, retry_delay_seconds=30)
async def fast_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="fast tick", log_prints=True)
async def fast_tick(queue: str = "a") -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run("fast", params={"queue": queue}) as run:
        await run.step("fast", fast_step, probe=True)
    return run.outcome()


@flow(name="fast", log_prints=True)
async def fast(queue: str = "a") -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=0.1, window_seconds=300) as window:
        async for tick in window:
            await tick.run(fast_tick, queue=queue)
    return window.outcome()


if __name__ == "__main__":
    fast.serve(name="fast", interval=300)
