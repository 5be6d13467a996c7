# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `anchored_by_a_day`: every hour."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="anchored_by_a_day", retries=2, retry_delay_seconds=30)
async def anchored_by_a_day_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="anchored_by_a_day", log_prints=True)
async def anchored_by_a_day(queue: str = "Sales") -> Any:
    async with Run("anchored_by_a_day", params={"queue": queue}) as run:
        await run.step("anchored_by_a_day", anchored_by_a_day_step)
    return run.outcome()


if __name__ == "__main__":
    anchored_by_a_day.serve(name="anchored_by_a_day", interval=3600)
