# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `retried`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="first", retries=2, retry_delay_seconds=30)
async def first(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Sales",
        ticket_system=run.service(services.helpdesk),
    )


@task(name="second", retries=2, retry_delay_seconds=30)
async def second(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Support",
        ticket_system=run.service(services.helpdesk),
    )


@flow(
    name="retried",
    retries=2,
    persist_result=True,
    timeout_seconds=900,
    log_prints=True,
)
async def retried() -> Any:
    async with Run("retried") as run:
        await run.step("first", first)
        await run.step("second", second)
    return run.outcome()


if __name__ == "__main__":
    retried.serve(name="retried")
