# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `off`: every 5 minutes (inactive)."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import Interval

from generated import services


@task(name="off", retries=2, retry_delay_seconds=30)
async def off_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.topics),
    )


@flow(name="off", log_prints=True)
async def off(queue: str = "Inbox") -> Any:
    async with Run("off", params={"queue": queue}) as run:
        await run.step("off", off_step)
    return run.outcome()


if __name__ == "__main__":
    off.serve(name="off", schedule=Interval(300, active=False))
