# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `slow`: every 5 seconds, in a window every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run, Window
from prefect import flow, task

from generated import services


@task(name="slow", retries=2, retry_delay_seconds=30, timeout_seconds=20)
async def slow_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="slow tick", log_prints=True)
async def slow_tick(queue: str = "a") -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run("slow", params={"queue": queue}) as run:
        await run.step("slow", slow_step, probe=True)
    return run.outcome()


@flow(name="slow", log_prints=True)
async def slow(queue: str = "a") -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=5, window_seconds=300) as window:
        async for tick in window:
            await tick.run(slow_tick, queue=queue)
    return window.outcome()


if __name__ == "__main__":
    slow.serve(name="slow", interval=300)
