# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `routing`: every 5 minutes."""

from typing import Any

from otac.components import Classify, FetchTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="fetch_tickets", retries=2, retry_delay_seconds=30)
async def fetch_tickets(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"limit": 1},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="classify", retries=2, retry_delay_seconds=30)
async def classify(run: Run) -> Any:
    return await run.call(
        Classify,
        model_name="softoft/queue",
        text="hello",
        classification_service=run.service(services.hugging_face),
    )


@flow(name="routing", log_prints=True)
async def routing() -> Any:
    async with Run("routing") as run:
        await run.step("fetch_tickets", fetch_tickets)
        await run.step("classify", classify)
    return run.outcome()


if __name__ == "__main__":
    routing.serve(name="routing", interval=300)
