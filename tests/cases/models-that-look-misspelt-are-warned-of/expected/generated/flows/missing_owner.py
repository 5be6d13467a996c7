# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `missing_owner`: started by hand."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="process_tickets", retries=2, retry_delay_seconds=30)
async def process_tickets(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue="Sales",
        queue_model="acme/ticket-queues-v1",
        priority_model=Template("{{ config.priority_model }}"),
        ticket_system=run.service(services.ticket_system),
        classification_service=run.service(services.topics),
    )


@flow(name="missing_owner", log_prints=True)
async def missing_owner() -> Any:
    async with Run("missing_owner", config={"priority_model": "urgency"}) as run:
        await run.step("process_tickets", process_tickets)
    return run.outcome()


if __name__ == "__main__":
    missing_owner.serve(name="missing_owner")
