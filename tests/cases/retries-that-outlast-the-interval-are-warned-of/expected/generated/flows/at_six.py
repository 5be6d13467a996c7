# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `at_six`: on cron `0 6 * * *` (UTC)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="at_six", retries=9, retry_delay_seconds=3600)
async def at_six_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="at_six", log_prints=True)
async def at_six() -> Any:
    async with Run("at_six") as run:
        await run.step("at_six", at_six_step)
    return run.outcome()


if __name__ == "__main__":
    at_six.serve(name="at_six", cron="0 6 * * *")
