# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `triage`: every 5 minutes."""

from typing import Any

from otac.components import Classify, Expression, FetchTickets, UpdateTicket
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "Incoming"}, "limit": 10},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="each.classify", retries=2, retry_delay_seconds=30)
async def each_classify(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ item.subject }}"),
        classification_service=run.service(services.classifier),
    )


@task(
    name="each.update",
    retries=3,
    retry_delay_seconds=[5, 10, 20],
    timeout_seconds=20,
)
async def each_update(run: Run) -> Any:
    return await run.call(
        UpdateTicket,
        ticket_id=Template("{{ item.id }}"),
        updated_ticket={
            "queue": {"name": Template("{{ get_pipe_result('classify', 'label') }}")},
        },
        ticket_system=run.service(services.helpdesk),
    )


async def each(run: Run) -> None:
    await run.step("classify", each_classify)
    await run.step(
        "update",
        each_update,
        when=Template("{{ get_pipe_result('classify', 'confidence') >= 0.8 }}"),
        depends_on=["classify"],
    )


@task(name="numbered", retries=2, retry_delay_seconds=30)
async def numbered(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ index }}: {{ item }}"))


@flow(name="triage", log_prints=True)
async def triage() -> Any:
    async with Run("triage") as run:
        await run.step("fetch", fetch)
        await run.step(
            "each",
            each,
            for_each=Template("{{ get_pipe_result('fetch', 'fetched_tickets') }}"),
            max_concurrency=4,
            on_error="continue",
        )
        await run.step(
            "numbered",
            numbered,
            when=Template("{{ index > 0 }}"),
            for_each=["north", "south"],
        )
    return run.outcome()


if __name__ == "__main__":
    triage.serve(name="triage", interval=300)
