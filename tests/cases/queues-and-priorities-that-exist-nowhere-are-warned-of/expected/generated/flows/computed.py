# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `computed`: started by hand."""

from typing import Any

from otac.components import CheckEscalations, FetchTickets
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services

PRIOS: list[Any] = ["low", "high", "highest"]
TARGET: dict[str, Any] = {"queue": {"name": "Biling"}}


@task(name="check_escalations", retries=2, retry_delay_seconds=30)
async def check_escalations(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        priorities=Template("{{ params.prios }}"),
        raise_to="highest",
        ticket_system=run.service(services.archive),
    )


@task(name="check_escalations_2", retries=2, retry_delay_seconds=30)
async def check_escalations_2(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        priorities=["low", Template("{{ get_env('P') }}")],
        raise_to="other",
        ticket_system=run.service(services.archive),
    )


@task(name="fetch_tickets", retries=2, retry_delay_seconds=30)
async def fetch_tickets(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria=Template("{{ params.target }}"),
        ticket_system=run.service(services.helpdesk),
    )


@task(name="check_escalations_3", retries=2, retry_delay_seconds=30)
async def check_escalations_3(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template("{{ params.queue }}"),
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="computed", log_prints=True)
async def computed(
    prios: list[Any] = PRIOS,
    target: dict[str, Any] = TARGET,
    queue: str = "Bililng",
) -> Any:
    async with Run(
        "computed",
        params={"prios": prios, "target": target, "queue": queue},
    ) as run:
        await run.step("check_escalations", check_escalations)
        await run.step("check_escalations_2", check_escalations_2)
        await run.step("fetch_tickets", fetch_tickets)
        await run.step("check_escalations_3", check_escalations_3)
    return run.outcome()


if __name__ == "__main__":
    computed.serve(name="computed")
