# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `incoming`: every 10 seconds."""

from typing import Any

from otac.components import Classify, Expression, FetchTickets, UpdateTicket
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "Incoming"}, "limit": 1},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="ticket", retries=2, retry_delay_seconds=30)
async def ticket(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ get_pipe_result('fetch', 'fetched_tickets') | first if get_pipe_result('fetch', 'fetched_tickets') else stop('no ticket') }}"
        ),
    )


@task(name="queue_model", retries=2, retry_delay_seconds=30)
async def queue_model(run: Run) -> Any:
    return await run.call(
        Classify,
        model_name="acme/queues",
        text=Template(
            "{{ get_pipe_result('ticket').subject }} {{ get_pipe_result('ticket').body }}"
        ),
        classification_service=run.service(services.classifier),
    )


@task(name="queue", retries=2, retry_delay_seconds=30)
async def queue(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ {'invoice': 'Billing', 'Hardware': 'Hardware'}.get(get_pipe_result('queue_model', 'label'), 'Unsorted') if get_pipe_result('queue_model', 'confidence') >= 0.8 else 'Unsorted' }}"
        ),
    )


@task(name="queue_update", retries=2, retry_delay_seconds=30)
async def queue_update(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        updated_ticket={"queue": {"name": Template("{{ get_pipe_result('queue') }}")}},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="queue_instead", retries=2, retry_delay_seconds=30)
async def queue_instead(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        updated_ticket={
            "queue": {"name": Template("{{ get_env('OTAI_ERROR_QUEUE') }}")},
        },
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="incoming", log_prints=True)
async def incoming() -> Any:
    async with Run("incoming") as run:
        await run.step("fetch", fetch)
        await run.step("ticket", ticket)
        await run.step("queue_model", queue_model)
        await run.step("queue", queue)
        await run.step("queue_update", queue_update, on_error="continue")
        await run.step(
            "queue_instead",
            queue_instead,
            when=Template("{{ has_failed('queue_update') }}"),
            after_failure=True,
        )
    return run.outcome()


if __name__ == "__main__":
    incoming.serve(name="incoming", interval=10)
