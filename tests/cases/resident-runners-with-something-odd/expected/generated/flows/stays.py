# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `stays`: every second, in a window every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run, Window
from prefect import flow, task

from generated import services


@task(name="stays", retries=2, retry_delay_seconds=30)
async def stays_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        stop_when_empty=run.params["stop_when_empty"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="stays tick", log_prints=True)
async def stays_tick(queue: str = "a", stop_when_empty: bool = False) -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run(
        "stays",
        params={"queue": queue, "stop_when_empty": stop_when_empty},
    ) as run:
        await run.step("stays", stays_step, probe=True)
    return run.outcome()


@flow(name="stays", log_prints=True)
async def stays(queue: str = "a", stop_when_empty: bool = False) -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=1, window_seconds=300) as window:
        async for tick in window:
            await tick.run(stays_tick, queue=queue, stop_when_empty=stop_when_empty)
    return window.outcome()


if __name__ == "__main__":
    stays.serve(name="stays", interval=300)
