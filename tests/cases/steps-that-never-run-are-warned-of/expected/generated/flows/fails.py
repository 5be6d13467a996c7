# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `fails`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task


@task(name="sometimes", retries=2, retry_delay_seconds=30)
async def sometimes(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ stop() }}"))


@task(name="tolerated", retries=2, retry_delay_seconds=30)
async def tolerated(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ fail('so what') }}"))


@task(name="broken", retries=2, retry_delay_seconds=30)
async def broken(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ fail('always') }}"))


@task(name="rescue", retries=2, retry_delay_seconds=30)
async def rescue(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="lost", retries=2, retry_delay_seconds=30)
async def lost(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@flow(name="fails", log_prints=True)
async def fails() -> Any:
    async with Run("fails") as run:
        await run.step("sometimes", sometimes, when=Template("{{ now().hour < 8 }}"))
        await run.step("tolerated", tolerated, on_error="continue")
        await run.step("broken", broken)
        await run.step(
            "rescue",
            rescue,
            when=Template("{{ has_failed('broken') }}"),
            after_failure=True,
        )
        await run.step("lost", lost)
    return run.outcome()


if __name__ == "__main__":
    fails.serve(name="fails")
