# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by_trigger`: every 2 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="by_trigger", retries=2, retry_delay_seconds=30)
async def by_trigger_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="by_trigger", log_prints=True)
async def by_trigger(queue: str = "Sales") -> Any:
    async with Run("by_trigger", params={"queue": queue}) as run:
        await run.step("by_trigger", by_trigger_step, on_error="fail_at_end")
    return run.outcome()


if __name__ == "__main__":
    by_trigger.serve(name="by_trigger", interval=120)
