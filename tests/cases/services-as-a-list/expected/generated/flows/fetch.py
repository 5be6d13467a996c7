# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `fetch`: started by hand."""

from typing import Any

from otac.components import FetchTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="new", retries=2, retry_delay_seconds=30)
async def new(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"limit": 1},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="old", retries=2, retry_delay_seconds=30)
async def old(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"limit": 1},
        ticket_system=run.service(services.archive),
    )


@flow(name="fetch", log_prints=True)
async def fetch() -> Any:
    async with Run("fetch") as run:
        await run.step("new", new)
        await run.step("old", old)
    return run.outcome()


if __name__ == "__main__":
    fetch.serve(name="fetch")
