# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `beside_a_list`: on cron `0 6 * * *` (UTC)."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="beside_a_list", retries=2, retry_delay_seconds=30)
async def beside_a_list_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="beside_a_list", log_prints=True)
async def beside_a_list() -> Any:
    async with Run("beside_a_list") as run:
        await run.step("beside_a_list", beside_a_list_step)
    return run.outcome()


if __name__ == "__main__":
    beside_a_list.serve(name="beside_a_list", cron="0 6 * * *")
