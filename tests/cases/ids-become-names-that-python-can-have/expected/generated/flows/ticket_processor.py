# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `TicketProcessor`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="TicketProcessor", retries=2, retry_delay_seconds=30)
async def ticket_processor_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.email),
    )


@flow(name="TicketProcessor", log_prints=True)
async def ticket_processor(queue: str = "It") -> Any:
    async with Run("TicketProcessor", params={"queue": queue}) as run:
        await run.step("TicketProcessor", ticket_processor_step)
    return run.outcome()


if __name__ == "__main__":
    ticket_processor.serve(name="TicketProcessor")
