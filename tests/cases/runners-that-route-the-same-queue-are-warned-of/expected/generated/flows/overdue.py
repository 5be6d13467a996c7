# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `overdue`: every minute."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="overdue", retries=2, retry_delay_seconds=30)
async def overdue_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="overdue", log_prints=True)
async def overdue(queue: str = "Inbox") -> Any:
    async with Run("overdue", params={"queue": queue}) as run:
        await run.step("overdue", overdue_step)
    return run.outcome()


if __name__ == "__main__":
    overdue.serve(name="overdue", interval=60)
