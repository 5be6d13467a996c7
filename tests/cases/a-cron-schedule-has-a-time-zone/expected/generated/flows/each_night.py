# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `each_night`: on cron `@daily` (UTC)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="each_night", retries=2, retry_delay_seconds=30)
async def each_night_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="each_night", log_prints=True)
async def each_night(queue: str = "Support") -> Any:
    async with Run("each_night", params={"queue": queue}) as run:
        await run.step("each_night", each_night_step)
    return run.outcome()


if __name__ == "__main__":
    each_night.serve(name="each_night", cron="@daily")
