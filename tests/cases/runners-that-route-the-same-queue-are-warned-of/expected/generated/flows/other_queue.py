# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `other_queue`: every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="other_queue", retries=2, retry_delay_seconds=30)
async def other_queue_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.topics),
    )


@flow(name="other_queue", log_prints=True)
async def other_queue(queue: str = "Other") -> Any:
    async with Run("other_queue", params={"queue": queue}) as run:
        await run.step("other_queue", other_queue_step)
    return run.outcome()


if __name__ == "__main__":
    other_queue.serve(name="other_queue", interval=300)
