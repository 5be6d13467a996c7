# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `two_values`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="two_values", retries=2, retry_delay_seconds=30)
async def two_values_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        dry_run=run.params["dry_run"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="two_values", log_prints=True)
async def two_values(queue: str = "Sales", dry_run: bool = True) -> Any:
    async with Run("two_values", params={"queue": queue, "dry_run": dry_run}) as run:
        await run.step("two_values", two_values_step)
    return run.outcome()


if __name__ == "__main__":
    two_values.serve(name="two_values")
