# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `route`: every second, in a window every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run, Window
from prefect import flow, task
from prefect.schedules import Interval

from generated import services


@task(name="route", retries=2, retry_delay_seconds=30)
async def route_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        limit=run.params["limit"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="route tick", log_prints=True)
async def route_tick(queue: str = "Incoming", limit: int = 50) -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run("route", params={"queue": queue, "limit": limit}) as run:
        await run.step("route", route_step, probe=True)
    return run.outcome()


@flow(name="route", log_prints=True)
async def route(queue: str = "Incoming", limit: int = 50) -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=1, window_seconds=300) as window:
        async for tick in window:
            await tick.run(route_tick, queue=queue, limit=limit)
    return window.outcome()


if __name__ == "__main__":
    route.serve(name="route", schedule=Interval(300, parameters={"limit": 10}))
