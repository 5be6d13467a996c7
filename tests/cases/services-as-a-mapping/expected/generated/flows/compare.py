# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `compare`: started by hand."""

from typing import Any

from otac.components import Classify, FetchTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="words", retries=2, retry_delay_seconds=30)
async def words(run: Run) -> Any:
    return await run.call(
        Classify,
        text="refund please",
        classification_service=run.service(services.by_keyword),
    )


@task(name="meaning", retries=2, retry_delay_seconds=30)
async def meaning(run: Run) -> Any:
    return await run.call(
        Classify,
        text="refund please",
        classification_service=run.service(services.by_meaning),
    )


@task(name="tickets", retries=2, retry_delay_seconds=30)
async def tickets(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"limit": 5},
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="compare", log_prints=True)
async def compare() -> Any:
    async with Run("compare") as run:
        await run.step("words", words)
        await run.step("meaning", meaning)
        await run.step("tickets", tickets)
    return run.outcome()


if __name__ == "__main__":
    compare.serve(name="compare")
