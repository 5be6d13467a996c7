# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `elsewhere`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="elsewhere", retries=2, retry_delay_seconds=30)
async def elsewhere_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.archive),
    )


@flow(name="elsewhere", log_prints=True)
async def elsewhere(queue: str = "Biling") -> Any:
    async with Run("elsewhere", params={"queue": queue}) as run:
        await run.step("elsewhere", elsewhere_step)
    return run.outcome()


if __name__ == "__main__":
    elsewhere.serve(name="elsewhere")
