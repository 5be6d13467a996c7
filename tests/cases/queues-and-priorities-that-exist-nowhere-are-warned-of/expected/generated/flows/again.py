# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `again`: every 90 seconds."""

from typing import Any

from otac.components import CreateTicket, FetchTickets, UpdateTicket
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "billing"}, "limit": 5},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="move", retries=2, retry_delay_seconds=30)
async def move(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ item.id }}"),
        updated_ticket={
            "subject": Template("{{ item.subject }}"),
            "queue": {"name": "Invoicing"},
            "priority": {"name": "5 Very High"},
        },
        ticket_system=run.service(services.helpdesk),
    )


@task(name="open", retries=2, retry_delay_seconds=30)
async def open_step(run: Run) -> Any:
    return await run.call(
        CreateTicket,
        new_ticket={
            "subject": "Moved",
            "queue": {"name": "Raw"},
            "priority": {"name": "4 hgih"},
        },
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="again", log_prints=True)
async def again() -> Any:
    async with Run("again") as run:
        await run.step("fetch", fetch)
        await run.step(
            "move",
            move,
            for_each=Template("{{ get_pipe_result('fetch', 'fetched_tickets') }}"),
        )
        await run.step("open", open_step)
    return run.outcome()


if __name__ == "__main__":
    again.serve(name="again", interval=90)
