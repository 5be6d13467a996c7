# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by_day`: every 2 seconds, in a window every 5 minutes."""

from typing import Any

from otac.runtime import Run, Template, Window
from prefect import flow, task

from acme import count


@task(name="night", retries=2, retry_delay_seconds=30)
async def night(run: Run) -> Any:
    return await run.call(count)


@task(name="work", retries=2, retry_delay_seconds=30)
async def work(run: Run) -> Any:
    return await run.call(count)


@flow(name="by_day tick", log_prints=True)
async def by_day_tick() -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run("by_day") as run:
        await run.step(
            "night",
            night,
            when=Template("{{ now().hour > 6 or stop('it is night') }}"),
            probe=True,
        )
        await run.step("work", work)
    return run.outcome()


@flow(name="by_day", log_prints=True)
async def by_day() -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=2, window_seconds=300) as window:
        async for tick in window:
            await tick.run(by_day_tick)
    return window.outcome()


if __name__ == "__main__":
    by_day.serve(name="by_day", interval=300)
