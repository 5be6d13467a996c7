# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `triage`: every 0.5 seconds, in a window every 5 minutes."""

from typing import Any

from otac.components import Classify, Expression, FetchTickets, UpdateTicket
from otac.runtime import Run, Template, Window
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={
            "queue": {"name": Template("{{ params.queue }}")},
            "limit": 1,
        },
        ticket_system=run.service(services.helpdesk),
    )


@task(name="ticket", retries=2, retry_delay_seconds=30)
async def ticket(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ stop('no tickets') if not get_pipe_result('fetch', 'fetched_tickets') else get_pipe_result('fetch', 'fetched_tickets')[0] }}"
        ),
    )


@task(name="classify", retries=2, retry_delay_seconds=30)
async def classify(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ get_pipe_result('ticket').subject }}"),
        classification_service=run.service(services.classifier),
    )


@task(name="update", retries=2, retry_delay_seconds=30)
async def update(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ get_pipe_result('ticket').id }}"),
        updated_ticket={
            "queue": {"name": Template("{{ get_pipe_result('classify', 'label') }}")},
        },
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="triage tick", log_prints=True)
async def triage_tick(queue: str = "Incoming") -> Any:
    """One tick. Its `probe` steps are tried first, outside of Prefect."""
    async with Run("triage", params={"queue": queue}) as run:
        await run.step("fetch", fetch, probe=True)
        await run.step("ticket", ticket, probe=True)
        await run.step("classify", classify)
        await run.step("update", update)
    return run.outcome()


@flow(name="triage", log_prints=True)
async def triage(queue: str = "Incoming") -> Any:
    """One window of ticks. Those that find work become runs of their own."""
    async with Window(interval_seconds=0.5, window_seconds=300) as window:
        async for tick in window:
            await tick.run(triage_tick, queue=queue)
    return window.outcome()


if __name__ == "__main__":
    triage.serve(name="triage", interval=300)
