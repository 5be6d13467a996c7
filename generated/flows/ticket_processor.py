# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `ticket_processor`: every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="ticket_processor", retries=2, retry_delay_seconds=30)
async def ticket_processor_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.ticket_system),
        classification_service=run.service(services.classification_service),
    )


@flow(name="ticket_processor", log_prints=True)
async def ticket_processor(queue: str = "my-queue") -> Any:
    async with Run("ticket_processor", params={"queue": queue}) as run:
        await run.step("ticket_processor", ticket_processor_step)
    return run.outcome()


if __name__ == "__main__":
    ticket_processor.serve(name="ticket_processor", interval=300)
