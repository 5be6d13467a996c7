# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `reminders`: after `routing`."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="reminders", retries=2, retry_delay_seconds=30)
async def reminders_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="reminders", log_prints=True)
async def reminders() -> Any:
    async with Run("reminders") as run:
        await run.step("reminders", reminders_step)
    return run.outcome()


if __name__ == "__main__":
    reminders.serve(name="reminders")
