# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `ticket-routing`: every 90 seconds."""

from typing import Any

from otac.components import AddNote, Classify, Expression, FetchTickets
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={
            "queue": {"name": Template("{{ get_parent_param('queue') }}")},
            "limit": 1,
        },
        ticket_system=run.service(services.otobo_znuny),
    )


@task(name="ticket", retries=2, retry_delay_seconds=30)
async def ticket(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ stop() if (get_pipe_result('fetch', 'fetched_tickets') | length) == 0 else get_pipe_result('fetch', 'fetched_tickets')[0] }}\n"
        ),
    )


@task(name="queue", retries=2, retry_delay_seconds=30)
async def queue(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template(
            "{{ get_at(get_pipe_result('ticket'), 'queue.name') }}: {{ get_pipe_result('ticket')['subject'] }}"
        ),
        model_name="softoft/otai-queue-de-bert-v1",
        classification_service=run.service(services.hf_local),
    )


@task(name="note", retries=2, retry_delay_seconds=30)
async def note(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template("{{ get_pipe_result('ticket')['id'] }}"),
        note={
            "subject": "Queue",
            "body": Template("{{ get_pipe_result('queue', 'label') }}"),
        },
        ticket_system=run.service(services.otobo_znuny),
    )


@flow(name="ticket-routing", log_prints=True)
async def ticket_routing() -> Any:
    async with Run("ticket-routing", config={"queue": "Incoming"}) as run:
        await run.step("fetch", fetch)
        await run.step("ticket", ticket)
        await run.step("queue", queue)
        await run.step("note", note)
    return run.outcome()


if __name__ == "__main__":
    ticket_routing.serve(name="ticket-routing", interval=90)
