# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `greeting`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from otai_acme.pipes import Greet


@task(name="greeting", retries=2, retry_delay_seconds=30)
async def greeting_step(run: Run) -> Any:
    return await run.call(Greet, name=run.params["name"])


@flow(name="greeting", log_prints=True)
async def greeting(name: str = "Eva") -> Any:
    async with Run("greeting", params={"name": name}) as run:
        await run.step("greeting", greeting_step)
    return run.outcome()


if __name__ == "__main__":
    greeting.serve(name="greeting")
