# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `injected`: started by hand."""

from typing import Any

from otac.components import Classify, FetchTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="classify", retries=2, retry_delay_seconds=30)
async def classify(run: Run) -> Any:
    return await run.call(
        Classify,
        text="refund",
        classification_service=run.service(services.classifier),
    )


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"limit": 1},
        ticket_system=run.service(services.ticket_system),
    )


@flow(name="injected", log_prints=True)
async def injected() -> Any:
    async with Run("injected") as run:
        await run.step("classify", classify)
        await run.step("fetch", fetch)
    return run.outcome()


if __name__ == "__main__":
    injected.serve(name="injected")
