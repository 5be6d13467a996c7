# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `any_queue`: every minute."""

from typing import Any

from otac.components import FetchTickets, UpdateTicket
from otac.runtime import Run, Template
from prefect import flow, task
from prefect.schedules import Interval

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


@flow(name="any_queue", log_prints=True)
async def any_queue(inbox: str = "Inbox") -> Any:
    async with Run("any_queue", params={"inbox": inbox}) as run:
        await run.step("fetch", fetch)
        await run.step(
            "move",
            move,
            for_each=Template("{{ get_pipe_result('fetch', 'fetched_tickets') }}"),
        )
    return run.outcome()


if __name__ == "__main__":
    any_queue.serve(
        name="any_queue",
        schedule=Interval(60, parameters={"inbox": "Else"}),
    )
