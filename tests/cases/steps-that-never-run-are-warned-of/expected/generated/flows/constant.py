# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `constant`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task


@task(name="off", retries=2, retry_delay_seconds=30)
async def off(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="on", retries=2, retry_delay_seconds=30)
async def on_step(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="never", retries=2, retry_delay_seconds=30)
async def never(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="never_either", retries=2, retry_delay_seconds=30)
async def never_either(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="always", retries=2, retry_delay_seconds=30)
async def always(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="asks", retries=2, retry_delay_seconds=30)
async def asks(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="wanted", retries=2, retry_delay_seconds=30)
async def wanted(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@flow(name="constant", log_prints=True)
async def constant(on: bool = True) -> Any:
    async with Run("constant", params={"on": on}) as run:
        await run.step("off", off, when=False)
        await run.step("on", on_step, when=True)
        await run.step("never", never, when=Template("{{ 1 > 2 }}"))
        await run.step("never_either", never_either, when=Template("{{ '' }}"))
        await run.step("always", always, when=Template("{{ 2 > 1 }}"))
        await run.step("asks", asks, when=Template("{{ params.on }}"))
        await run.step("wanted", wanted, when=False)
    return run.outcome()


if __name__ == "__main__":
    constant.serve(name="constant")
