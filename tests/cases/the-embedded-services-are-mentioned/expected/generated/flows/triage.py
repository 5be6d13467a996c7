# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `triage`: started by hand."""

from typing import Any

from otac.components import Classify, FetchTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={},
        ticket_system=run.service(services.ticket_system),
    )


@task(name="again", retries=2, retry_delay_seconds=30)
async def again(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={},
        ticket_system=run.service(services.ticket_system),
    )


@task(name="classify", retries=2, retry_delay_seconds=30)
async def classify(run: Run) -> Any:
    return await run.call(
        Classify,
        text="refund",
        classification_service=run.service(services.classification_service),
    )


@flow(name="triage", log_prints=True)
async def triage() -> Any:
    async with Run("triage") as run:
        await run.step("fetch", fetch)
        await run.step("again", again)
        await run.step("classify", classify)
    return run.outcome()


if __name__ == "__main__":
    triage.serve(name="triage")
