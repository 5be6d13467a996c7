# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `second`: every 10 minutes."""

from typing import Any

from otac.components import FetchTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="fetch", retries=0, timeout_seconds=5)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "Sales"}, "limit": 5},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="again", retries=0, timeout_seconds=5)
async def again(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "Sales"}, "limit": 50},
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="second", log_prints=True)
async def second() -> Any:
    async with Run("second") as run:
        await run.step("fetch", fetch)
        await run.step("again", again)
    return run.outcome()


if __name__ == "__main__":
    second.serve(name="second", interval=600)
