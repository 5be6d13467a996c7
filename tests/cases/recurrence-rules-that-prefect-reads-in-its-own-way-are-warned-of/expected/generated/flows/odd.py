# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `odd`: on rrule `DTSTART;TZID=Europe/Paris:20260105T070000
RRULE:FREQ=WEEKLY` (UTC), on rrule `DTSTART:20260105T070000Z RRULE:FREQ=WEEKLY`
(Europe/Paris), on rrule `FREQ=SECONDLY;INTERVAL=20` (UTC), on rrule
`FREQ=MINUTELY;BYHOUR=7` (UTC), on rrule
`FREQ=DAILY;BYHOUR=2;BYMINUTE=40;BYSECOND=0` (Europe/Paris), on rrule
`DTSTART;TZID=Europe/Paris:20260105T070000 RRULE:FREQ=WEEKLY` (Europe/Paris), on
rrule `DTSTART:20260105T070000Z RRULE:FREQ=WEEKLY` (UTC), on rrule
`DTSTART:20260105T070000 RRULE:FREQ=SECONDLY;INTERVAL=20` (UTC), on rrule
`RDATE:20271224T070000,20281224T070000` (UTC), on rrule `DTSTART:20260105T070000
RRULE:FREQ=DAILY EXDATE;VALUE=DATE:20261224` (UTC), on rrule
`FREQ=DAILY;BYHOUR=2;BYMINUTE=40;BYSECOND=0` (UTC).
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import RRule


@task(name="odd", retries=2, retry_delay_seconds=30)
async def odd_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="odd", log_prints=True)
async def odd(expression: int = 1) -> Any:
    async with Run("odd", params={"expression": expression}) as run:
        await run.step("odd", odd_step)
    return run.outcome()


if __name__ == "__main__":
    odd.serve(
        name="odd",
        schedules=[
            RRule("DTSTART;TZID=Europe/Paris:20260105T070000\nRRULE:FREQ=WEEKLY"),
            RRule(
                "DTSTART:20260105T070000Z\nRRULE:FREQ=WEEKLY",
                timezone="Europe/Paris",
            ),
            RRule("FREQ=SECONDLY;INTERVAL=20"),
            RRule("FREQ=MINUTELY;BYHOUR=7"),
            RRule(
                "FREQ=DAILY;BYHOUR=2;BYMINUTE=40;BYSECOND=0",
                timezone="Europe/Paris",
            ),
            RRule(
                "DTSTART;TZID=Europe/Paris:20260105T070000\nRRULE:FREQ=WEEKLY",
                timezone="Europe/Paris",
            ),
            RRule("DTSTART:20260105T070000Z\nRRULE:FREQ=WEEKLY"),
            RRule("DTSTART:20260105T070000\nRRULE:FREQ=SECONDLY;INTERVAL=20"),
            RRule("RDATE:20271224T070000,20281224T070000"),
            RRule(
                "DTSTART:20260105T070000\nRRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20261224"
            ),
            RRule("FREQ=DAILY;BYHOUR=2;BYMINUTE=40;BYSECOND=0"),
        ],
    )
