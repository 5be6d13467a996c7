# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `tagging`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.pipes import tag


@task(name="tag", retries=2, retry_delay_seconds=30)
async def tag_step(run: Run) -> Any:
    return await run.call(tag, names=["urgent", "42"])


@task(name="tag_2", retries=2, retry_delay_seconds=30)
async def tag_2(run: Run) -> Any:
    return await run.call(tag, names=[1, 2])


@flow(name="tagging", log_prints=True)
async def tagging() -> Any:
    async with Run("tagging") as run:
        await run.step("tag", tag_step)
        await run.step("tag_2", tag_2)
    return run.outcome()


if __name__ == "__main__":
    tagging.serve(name="tagging")
