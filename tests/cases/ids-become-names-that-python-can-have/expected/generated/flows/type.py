# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `type`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="type", retries=2, retry_delay_seconds=30)
async def type_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.email),
    )


@flow(name="type", log_prints=True)
async def type_flow(queue: str = "Loans") -> Any:
    async with Run("type", params={"queue": queue}) as run:
        await run.step("type", type_step)
    return run.outcome()


if __name__ == "__main__":
    type_flow.serve(name="type")
