# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `unchecked`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.inner.pipes import Claim, decorated, first
from generated import services


@task(name="decorated", retries=2, retry_delay_seconds=30)
async def decorated_step(run: Run) -> Any:
    return await run.call(decorated, anything=1)


@task(name="first", retries=2, retry_delay_seconds=30)
async def first_step(run: Run) -> Any:
    return await run.call(first, anything=2)


@task(name="claim", retries=2, retry_delay_seconds=30)
async def claim(run: Run) -> Any:
    return await run.call(Claim, tickets=run.service(services.archive))


@flow(name="unchecked", log_prints=True)
async def unchecked() -> Any:
    async with Run("unchecked") as run:
        await run.step("decorated", decorated_step)
        await run.step("first", first_step)
        await run.step("claim", claim)
    return run.outcome()


if __name__ == "__main__":
    unchecked.serve(name="unchecked")
