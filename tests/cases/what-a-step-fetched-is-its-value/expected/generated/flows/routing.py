# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `routing`: every minute."""

from typing import Any

from otac.components import AddNote, FetchTickets
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "Incoming"}, "limit": 1},
        ticket_system=run.service(services.otobo),
    )


@task(name="note", retries=2, retry_delay_seconds=30)
async def note(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template(
            "{{ (pipe_result('fetch', 'fetched_tickets', default=none) | first).id }}"
        ),
        note=Template(
            "The first of {{ pipe_result('fetch', 'fetched_tickets', default=none) | length }}: {{ (pipe_result('fetch', 'fetched_tickets', default=[]) | first).subject }}"
        ),
        ticket_system=run.service(services.otobo),
    )


@flow(name="routing", log_prints=True)
async def routing() -> Any:
    async with Run("routing") as run:
        await run.step("fetch", fetch, on_error="fail_at_end")
        await run.step(
            "note",
            note,
            when=Template(
                "{{ (pipe_result('fetch', 'fetched_tickets', default=none) | length) > 0 }}"
            ),
            on_error="fail_at_end",
        )
    return run.outcome()


if __name__ == "__main__":
    routing.serve(name="routing", interval=60)
