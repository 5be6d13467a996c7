# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `early`: started by hand."""

from typing import Any

from otac.components import Expression, FetchTickets
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "Incoming"}},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="guard", retries=2, retry_delay_seconds=30)
async def guard(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ get_pipe_result('fetch', 'fetched_tickets') or stop('nothing to do') }}"
        ),
    )


@task(name="strict", retries=2, retry_delay_seconds=30)
async def strict(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ 1 if get_pipe_result('guard') | length < 100 else fail('too many tickets') }}"
        ),
    )


@flow(name="early", log_prints=True)
async def early() -> Any:
    async with Run("early") as run:
        await run.step("fetch", fetch)
        await run.step("guard", guard)
        await run.step("strict", strict)
    return run.outcome()


if __name__ == "__main__":
    early.serve(name="early")
