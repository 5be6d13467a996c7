# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `routing`: every 10 seconds."""

from typing import Any

from otac.components import AddNote, Classify, Expression, FetchTickets, UpdateTicket
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
            "{{ get_pipe_result('queue_model', 'label') if get_pipe_result('queue_model', 'confidence') >= 0.8 else 'Unsorted' }}"
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


@task(name="queue_note", retries=2, retry_delay_seconds=30)
async def queue_note(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        key="queue",
        note={
            "subject": "Sorted",
            "body": Template(
                "{% if get_pipe_result('queue_model', 'confidence') >= 0.8 %}To {{ get_pipe_result('queue') }}, as sure as {{ get_pipe_result('queue_model', 'confidence') }}.\n"
                "{% else %}To {{ get_pipe_result('queue') }}: {{ get_pipe_result('queue_model', 'confidence') }} is too little.\n"
                "{% endif %}"
            ),
        },
        ticket_system=run.service(services.helpdesk),
    )


@task(name="queue_instead", retries=2, retry_delay_seconds=30)
async def queue_instead(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        updated_ticket={"queue": {"name": "Misrouted"}},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="queue_failed_note", retries=2, retry_delay_seconds=30)
async def queue_failed_note(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        note={"subject": "Sorted", "body": "Went to Misrouted."},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="priority_model", retries=2, retry_delay_seconds=30)
async def priority_model(run: Run) -> Any:
    return await run.call(
        Classify,
        model_name="acme/priorities",
        text=Template(
            "{{ get_pipe_result('ticket').subject }} {{ get_pipe_result('ticket').body }}"
        ),
        classification_service=run.service(services.classifier),
    )


@task(name="priority", retries=2, retry_delay_seconds=30)
async def priority(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ {'urgent': '5 very high', 'calm': '2 low'}.get(get_pipe_result('priority_model', 'label'), '3 normal') if get_pipe_result('priority_model', 'confidence') >= 0.6 else '3 normal' }}"
        ),
    )


@task(name="priority_update", retries=2, retry_delay_seconds=30)
async def priority_update(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        updated_ticket={
            "priority": {"name": Template("{{ get_pipe_result('priority') }}")},
        },
        ticket_system=run.service(services.helpdesk),
    )


@task(name="priority_note", retries=2, retry_delay_seconds=30)
async def priority_note(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        key="priority",
        note={
            "subject": "Priority",
            "body": Template("{{ get_pipe_result('priority') }}"),
        },
        ticket_system=run.service(services.helpdesk),
    )


@task(name="priority_failed_note", retries=2, retry_delay_seconds=30)
async def priority_failed_note(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        note={"subject": "Priority", "body": "It could not be set."},
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="routing", log_prints=True)
async def routing() -> Any:
    async with Run("routing") as run:
        await run.step("fetch", fetch)
        await run.step("ticket", ticket)
        await run.step("queue_model", queue_model)
        await run.step("queue", queue)
        await run.step("queue_update", queue_update, on_error="continue")
        await run.step(
            "queue_note",
            queue_note,
            when=Template("{{ has_succeeded('queue_update') }}"),
        )
        await run.step(
            "queue_instead",
            queue_instead,
            when=Template("{{ has_failed('queue_update') }}"),
            after_failure=True,
        )
        await run.step(
            "queue_failed_note",
            queue_failed_note,
            when=Template("{{ has_failed('queue_update') }}"),
            after_failure=True,
        )
        await run.step("priority_model", priority_model)
        await run.step("priority", priority)
        await run.step("priority_update", priority_update, on_error="continue")
        await run.step(
            "priority_note",
            priority_note,
            when=Template("{{ has_succeeded('priority_update') }}"),
        )
        await run.step(
            "priority_failed_note",
            priority_failed_note,
            when=Template("{{ has_failed('priority_update') }}"),
            after_failure=True,
        )
    return run.outcome()


if __name__ == "__main__":
    routing.serve(name="routing", interval=10)
