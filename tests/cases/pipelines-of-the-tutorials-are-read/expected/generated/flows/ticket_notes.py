# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `ticket_notes`: every minute."""

from typing import Any

from otac.components import AddNote, FetchTickets
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch_tickets", retries=2, retry_delay_seconds=30)
async def fetch_tickets(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={
            "limit": 50,
            "queue": {"name": Template("{{ config.queue }}")},
        },
        ticket_system=run.service(services.helpdesk),
    )


@task(name="add_note", retries=2, retry_delay_seconds=30)
async def add_note(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template(
            "{{ get_pipe_result('fetch_tickets', 'fetched_tickets')[0].id }}"
        ),
        note="seen",
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="ticket_notes", log_prints=True)
async def ticket_notes() -> Any:
    async with Run("ticket_notes", config={"queue": "Sales"}) as run:
        await run.step("fetch_tickets", fetch_tickets)
        await run.step("add_note", add_note)
    return run.outcome()


if __name__ == "__main__":
    ticket_notes.serve(name="ticket_notes", interval=60)
