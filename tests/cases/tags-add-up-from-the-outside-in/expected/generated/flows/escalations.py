# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `escalations`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="sales", tags=["outer", "slow"], retries=2, retry_delay_seconds=30)
async def sales(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Sales",
        ticket_system=run.service(services.helpdesk),
    )


@task(name="support", tags=["outer"], retries=2, retry_delay_seconds=30)
async def support(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Support",
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="escalations", log_prints=True)
async def escalations() -> Any:
    async with Run("escalations") as run:
        await run.step("sales", sales)
        await run.step("support", support)
    return run.outcome()


if __name__ == "__main__":
    escalations.serve(name="escalations")
