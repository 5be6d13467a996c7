# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `sales`: every 10 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="sales", retries=2, retry_delay_seconds=30)
async def sales_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="sales", log_prints=True)
async def sales(queue: str = "Sales") -> Any:
    async with Run("sales", params={"queue": queue}) as run:
        await run.step("sales", sales_step)
    return run.outcome()


if __name__ == "__main__":
    sales.serve(name="sales", interval=600)
