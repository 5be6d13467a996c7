# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `by_hand_written_steps`: every minute."""

from typing import Any

from otac.components import FetchTickets, UpdateTicket
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={
            "queue": {"name": Template("{{ params.inbox }}")},
            "limit": 5,
        },
        ticket_system=run.service(services.helpdesk),
    )


@task(name="move", retries=2, retry_delay_seconds=30)
async def move(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ item.id }}"),
        updated_ticket={"queue": {"name": "Sales"}},
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="by_hand_written_steps", log_prints=True)
async def by_hand_written_steps(inbox: str = "Inbox") -> Any:
    async with Run("by_hand_written_steps", params={"inbox": inbox}) as run:
        await run.step("fetch", fetch)
        await run.step(
            "move",
            move,
            for_each=Template("{{ get_pipe_result('fetch', 'fetched_tickets') }}"),
        )
    return run.outcome()


if __name__ == "__main__":
    by_hand_written_steps.serve(name="by_hand_written_steps", interval=60)
