# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `guarded`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task


@task(name="in_a_loop", retries=2, retry_delay_seconds=30)
async def in_a_loop(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ item | default('no item') }}"),
    )


@task(name="once", retries=2, retry_delay_seconds=30)
async def once(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ item | default('no item') }}"),
    )


@flow(name="guarded", log_prints=True)
async def guarded() -> Any:
    async with Run("guarded") as run:
        await run.step("in_a_loop", in_a_loop, for_each=[1])
        await run.step("once", once, when=Template("{{ index is not defined }}"))
    return run.outcome()


if __name__ == "__main__":
    guarded.serve(name="guarded")
