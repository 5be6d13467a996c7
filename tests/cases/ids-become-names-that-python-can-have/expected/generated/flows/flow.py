# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `flow`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="flow", retries=2, retry_delay_seconds=30)
async def flow_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.email),
    )


@flow(name="flow", log_prints=True)
async def flow_flow(queue: str = "Legal") -> Any:
    async with Run("flow", params={"queue": queue}) as run:
        await run.step("flow", flow_step)
    return run.outcome()


if __name__ == "__main__":
    flow_flow.serve(name="flow")
