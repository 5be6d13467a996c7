# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `check_sales`: every hour."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="check_sales", retries=1, retry_delay_seconds=5)
async def check_sales_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="check_sales", timeout_seconds=300, log_prints=True)
async def check_sales(queue: str = "Sales") -> Any:
    async with Run("check_sales", params={"queue": queue}) as run:
        await run.step("check_sales", check_sales_step)
    return run.outcome()


if __name__ == "__main__":
    check_sales.serve(name="check_sales", interval=3600)
