# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `sales`: every minute."""

from typing import Any

from otac.components import FetchTickets
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch_tickets", retries=2, retry_delay_seconds=30)
async def fetch_tickets(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={
            "queue": {"name": Template("{{ config.queue }}")},
            "limit": Template("{{ config['most'] }}"),
        },
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="sales", log_prints=True)
async def sales() -> Any:
    async with Run("sales", config={"queue": "Sales", "most": 5}) as run:
        await run.step("fetch_tickets", fetch_tickets)
    return run.outcome()


if __name__ == "__main__":
    sales.serve(name="sales", interval=60)
