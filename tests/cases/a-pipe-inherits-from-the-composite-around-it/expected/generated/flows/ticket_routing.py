# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `ticket-routing`: every minute."""

from typing import Any

from otac.components import AddNote, Classify, FetchTickets, UpdateTicket
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={
            "limit": 1,
            "queue": Template("{{ config.ticket_search_criteria.queue }}"),
        },
        ticket_system=run.service(services.otobo),
    )


@task(name="classification.classify", retries=2, retry_delay_seconds=30)
async def classification_classify(run: Run) -> Any:
    return await run.call(
        Classify,
        model_name=Template("{{ config.model }}"),
        text=Template("{{ config.ticket.subject }}"),
        classification_service=run.service(services.hugging_face),
    )


@task(name="classification.move", retries=2, retry_delay_seconds=30)
async def classification_move(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ config.ticket.id }}"),
        updated_ticket=Template(
            "{{ get_pipe_result('classify', 'label', default=none) | nest_at('queue.name') }}"
        ),
        ticket_system=run.service(services.otobo),
    )


@task(name="classification.update_ticket", retries=2, retry_delay_seconds=30)
async def classification_update_ticket(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ config.ticket.id }}"),
        updated_ticket={"queue": {"name": Template("{{ config.error_queue }}")}},
        ticket_system=run.service(services.otobo),
    )


@task(name="classification.add_note", retries=2, retry_delay_seconds=30)
async def classification_add_note(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template("{{ config.ticket.id }}"),
        note=Template("{{ config.error_note }}"),
        ticket_system=run.service(services.otobo),
    )


async def classification(run: Run) -> None:
    await run.step("classify", classification_classify, on_error="fail_at_end")
    await run.step(
        "move",
        classification_move,
        depends_on=["classify"],
        on_error="fail_at_end",
    )
    await run.step(
        "update_ticket",
        classification_update_ticket,
        when=Template("{{ has_failed('move') and config.error_queue }}"),
        on_error="fail_at_end",
        after_failure=True,
    )
    await run.step(
        "add_note",
        classification_add_note,
        when=False,
        on_error="fail_at_end",
    )


@flow(name="ticket-routing", log_prints=True)
async def ticket_routing() -> Any:
    async with Run(
        "ticket-routing",
        config={
            "ticket_search_criteria": {"queue": {"name": "Incoming"}, "limit": 20},
            "min_confidence": 0.8,
            "model": "softoft/queue",
            "error_queue": "Error",
        },
    ) as run:
        await run.step("fetch", fetch, on_error="fail_at_end")
        await run.step(
            "classification",
            classification,
            when=Template(
                "{{ (get_pipe_result('fetch', 'fetched_tickets', default=none) | length) > 0 }}"
            ),
            on_error="fail_at_end",
            config={
                "ticket": Template(
                    "{{ get_pipe_result('fetch', 'fetched_tickets', default=none) | first }}"
                ),
                "min_conf": Template("{{ config.min_confidence }}"),
                "model": Template("{{ config.model }}"),
                "error_queue": Template("{{ config.error_queue }}"),
            },
        )
    return run.outcome()


if __name__ == "__main__":
    ticket_routing.serve(name="ticket-routing", interval=60)
