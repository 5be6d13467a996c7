# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `prefect`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="prefect", retries=2, retry_delay_seconds=30)
async def prefect_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.email),
    )


@flow(name="prefect", log_prints=True)
async def prefect(queue: str = "Hr") -> Any:
    async with Run("prefect", params={"queue": queue}) as run:
        await run.step("prefect", prefect_step)
    return run.outcome()


if __name__ == "__main__":
    prefect.serve(name="prefect")
