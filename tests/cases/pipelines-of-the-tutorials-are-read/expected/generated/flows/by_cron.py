# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by_cron`: on cron `*/5 * * * *` (UTC)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="check", retries=2, retry_delay_seconds=30)
async def check(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="by_cron", log_prints=True)
async def by_cron() -> Any:
    async with Run("by_cron") as run:
        await run.step("check", check)
    return run.outcome()


if __name__ == "__main__":
    by_cron.serve(name="by_cron", cron="*/5 * * * *")
