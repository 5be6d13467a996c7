# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `rules`: on rrule `FREQ=DAILY;UNTIL=20251231T000000` (UTC), on rrule
`DTSTART:20240101T080000 RRULE:FREQ=DAILY;COUNT=30` (UTC), on rrule
`RDATE:20241224T080000` (UTC), on rrule `FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29`
(UTC), on rrule `FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=-1` (UTC), on rrule
`FREQ=DAILY;UNTIL=20991231T000000` (UTC), on rrule `DTSTART:20270101T080000
RRULE:FREQ=DAILY;UNTIL=20270101T080000` (UTC).
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run
from prefect import flow, task
from prefect.schedules import RRule


@task(name="rules", retries=2, retry_delay_seconds=30)
async def rules_step(run: Run) -> Any:
    return await run.call(Expression, expression=run.params["expression"])


@flow(name="rules", log_prints=True)
async def rules(expression: int = 1) -> Any:
    async with Run("rules", params={"expression": expression}) as run:
        await run.step("rules", rules_step)
    return run.outcome()


if __name__ == "__main__":
    rules.serve(
        name="rules",
        schedules=[
            RRule("FREQ=DAILY;UNTIL=20251231T000000"),
            RRule("DTSTART:20240101T080000\nRRULE:FREQ=DAILY;COUNT=30"),
            RRule("RDATE:20241224T080000"),
            RRule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
            RRule("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=-1"),
            RRule("FREQ=DAILY;UNTIL=20991231T000000"),
            RRule("DTSTART:20270101T080000\nRRULE:FREQ=DAILY;UNTIL=20270101T080000"),
        ],
    )
