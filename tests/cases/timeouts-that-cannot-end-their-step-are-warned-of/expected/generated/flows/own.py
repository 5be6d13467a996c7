# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `own`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.pipes import Calls, awaits, plain, sleeps


@task(name="sleeps", retries=2, retry_delay_seconds=30, timeout_seconds=5)
async def sleeps_step(run: Run) -> Any:
    return await run.call(sleeps)


@task(name="unlimited", retries=2, retry_delay_seconds=30)
async def unlimited(run: Run) -> Any:
    return await run.call(sleeps)


@task(name="awaits", retries=2, retry_delay_seconds=30, timeout_seconds=5)
async def awaits_step(run: Run) -> Any:
    return await run.call(awaits)


@task(name="plain", retries=2, retry_delay_seconds=30, timeout_seconds=5)
async def plain_step(run: Run) -> Any:
    return await run.call(plain)


@task(name="steps.calls", retries=2, retry_delay_seconds=30, timeout_seconds=5)
async def steps_calls(run: Run) -> Any:
    return await run.call(Calls)


async def steps(run: Run) -> None:
    await run.step("calls", steps_calls)


@flow(name="own", log_prints=True)
async def own() -> Any:
    async with Run("own") as run:
        await run.step("sleeps", sleeps_step)
        await run.step("unlimited", unlimited)
        await run.step("awaits", awaits_step)
        await run.step("plain", plain_step)
        await run.step("steps", steps)
    return run.outcome()


if __name__ == "__main__":
    own.serve(name="own")
