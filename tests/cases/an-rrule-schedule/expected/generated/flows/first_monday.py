# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `first_monday`: on rrule `DTSTART:20260101T080000
RRULE:FREQ=MONTHLY;BYDAY=1MO` (America/New_York).
"""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import RRule

from generated import services


@task(name="first_monday", retries=2, retry_delay_seconds=30)
async def first_monday_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="first_monday", log_prints=True)
async def first_monday(queue: str = "Sales") -> Any:
    async with Run("first_monday", params={"queue": queue}) as run:
        await run.step("first_monday", first_monday_step)
    return run.outcome()


if __name__ == "__main__":
    first_monday.serve(
        name="first_monday",
        schedule=RRule(
            "DTSTART:20260101T080000\nRRULE:FREQ=MONTHLY;BYDAY=1MO",
            timezone="America/New_York",
        ),
    )
