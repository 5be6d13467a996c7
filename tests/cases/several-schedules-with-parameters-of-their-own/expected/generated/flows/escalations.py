# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `escalations`: every 15 minutes, every hour (inactive), on cron `0 7 * *
mon` (Europe/Vienna), on rrule `FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1` (UTC).
"""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Template
from prefect import flow, task
from prefect.schedules import Cron, Interval, RRule

from generated import services


@task(name="escalations", retries=2, retry_delay_seconds=30)
async def escalations_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template("{{ params.queue }}"),
        max_age_hours=Template("{{ params.max_age_hours }}"),
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="escalations", log_prints=True)
async def escalations(queue: str = "Incoming", max_age_hours: float = 24.0) -> Any:
    async with Run(
        "escalations",
        params={"queue": queue, "max_age_hours": max_age_hours},
    ) as run:
        await run.step("escalations", escalations_step)
    return run.outcome()


if __name__ == "__main__":
    escalations.serve(
        name="escalations",
        schedules=[
            Interval(900),
            Interval(3600, active=False),
            Cron(
                "0 7 * * mon",
                timezone="Europe/Vienna",
                parameters={"queue": "Sales", "max_age_hours": 4},
            ),
            RRule(
                "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1",
                parameters={"queue": "Straße & Söhne"},
            ),
        ],
    )
