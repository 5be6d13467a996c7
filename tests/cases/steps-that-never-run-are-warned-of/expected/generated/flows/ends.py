# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `ends`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task


@task(name="work", retries=2, retry_delay_seconds=30)
async def work(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ stop('nothing to do') if now().hour < 8 else 1 }}"),
    )


@task(name="inner.end", retries=2, retry_delay_seconds=30)
async def inner_end(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ stop('that is all') }}"))


@task(name="inner.lost", retries=2, retry_delay_seconds=30)
async def inner_lost(run: Run) -> Any:
    return await run.call(Expression, expression=1)


async def inner(run: Run) -> None:
    await run.step("end", inner_end)
    await run.step("lost", inner_lost)


@task(name="lost_too", retries=2, retry_delay_seconds=30)
async def lost_too(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="told_once", retries=2, retry_delay_seconds=30)
async def told_once(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@flow(name="ends", log_prints=True)
async def ends() -> Any:
    async with Run("ends") as run:
        await run.step("work", work)
        await run.step("inner", inner)
        await run.step("lost_too", lost_too)
        await run.step("told_once", told_once)
    return run.outcome()


if __name__ == "__main__":
    ends.serve(name="ends")
