# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `window`: every 30 seconds, in a window every hour (inactive).

Routes the tickets of one queue
"""

from typing import Any

from otac.components import Classify, FetchTickets
from otac.runtime import Run, Template, Window
from prefect import flow, task
from prefect.schedules import Interval

from acme import count, stop_unless, tell
from generated import services

QUEUES: list[Any] = ["Incoming"]


@task(name="look.fetch", retries=2, retry_delay_seconds=30)
async def look_fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": Template("{{ params.queues[0] }}")}},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="look.any", retries=2, retry_delay_seconds=30)
async def look_any(run: Run) -> Any:
    return await run.call(
        stop_unless,
        found=Template("{{ get_pipe_result('fetch', 'fetched_tickets') }}"),
    )


@task(name="look.count", retries=2, retry_delay_seconds=30)
async def look_count(run: Run) -> Any:
    return await run.call(count)


async def look(run: Run) -> None:
    await run.step("fetch", look_fetch, probe=True)
    await run.step("any", look_any, probe=True)
    await run.step("count", look_count)


@task(name="each", retries=2, retry_delay_seconds=30)
async def each(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ item.subject }}"),
        classification_service=run.service(services.classifier),
    )


@flow(
    name="window tick",
    retries=1,
    persist_result=True,
    timeout_seconds=20,
    on_failure=[tell],
    on_crashed=[tell],
    log_prints=True,
)
async def window_tick(
    queues: list[Any] = QUEUES,
    tick: int = 1,
    window: int = 2,
) -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run(
        "window",
        params={"queues": queues, "tick": tick, "window": window},
    ) as run:
        await run.step("look", look, probe=True)
        await run.step(
            "each",
            each,
            for_each=Template("{{ get_pipe_result('fetch', 'fetched_tickets') }}"),
        )
    return run.outcome()


@flow(
    name="window",
    description="Routes the tickets of one queue",
    on_crashed=[tell],
    log_prints=True,
)
async def window_flow(
    queues: list[Any] = QUEUES,
    tick: int = 1,
    window: int = 2,
) -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=30, window_seconds=3600) as otac_window:
        async for otac_tick in otac_window:
            await otac_tick.run(window_tick, queues=queues, tick=tick, window=window)
    return otac_window.outcome()


if __name__ == "__main__":
    window_flow.serve(name="window", schedule=Interval(3600, active=False))
