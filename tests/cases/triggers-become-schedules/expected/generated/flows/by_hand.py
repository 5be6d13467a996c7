# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by_hand`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="by_hand", retries=1, retry_delay_seconds=5)
async def by_hand_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="by_hand", timeout_seconds=300, log_prints=True)
async def by_hand(queue: str = "HR") -> Any:
    async with Run("by_hand", params={"queue": queue}) as run:
        await run.step("by_hand", by_hand_step)
    return run.outcome()


if __name__ == "__main__":
    by_hand.serve(name="by_hand")
