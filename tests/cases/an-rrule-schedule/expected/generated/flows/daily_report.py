# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `daily_report`: on rrule `FREQ=DAILY;BYHOUR=8` (UTC)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="daily_report", retries=2, retry_delay_seconds=30)
async def daily_report_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="daily_report", log_prints=True)
async def daily_report() -> Any:
    async with Run("daily_report") as run:
        await run.step("daily_report", daily_report_step)
    return run.outcome()


if __name__ == "__main__":
    daily_report.serve(name="daily_report", rrule="FREQ=DAILY;BYHOUR=8")
