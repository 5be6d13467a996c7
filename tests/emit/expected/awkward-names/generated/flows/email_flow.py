# Compiled by otac from ../my coding_ latin-1__ type_ ignore.yml. Edit the configuration, then run `otac build`.
"""Runner `email`: started by hand."""

from json import dumps
from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.other import Run as RunComponent
from acme.other import Triage as TriageComponent
from acme.other import json
from acme.pipes import (
    Triage,
    Trrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr,
    triage,
)
from acme.pipes import email as email_component
from acme.pipes import services as services_component


@task(name="email", retries=2, retry_delay_seconds=30)
async def email_step(run: Run) -> Any:
    return await run.call(email_component)


@task(name="import", retries=2, retry_delay_seconds=30)
async def import_step(run: Run) -> Any:
    return await run.call(Triage)


@task(name="run", retries=2, retry_delay_seconds=30)
async def run_step(run: Run) -> Any:
    return await run.call(TriageComponent)


@task(name="2nd", retries=2, retry_delay_seconds=30)
async def step_2nd(run: Run) -> Any:
    return await run.call(RunComponent)


@task(name="print", retries=2, retry_delay_seconds=30)
async def print_step(run: Run) -> Any:
    return await run.call(json)


@task(name="TicketFetch", retries=2, retry_delay_seconds=30)
async def ticket_fetch(run: Run) -> Any:
    return await run.call(triage)


@task(name="ticket.fetch", retries=2, retry_delay_seconds=30)
async def ticket_fetch_step(run: Run) -> Any:
    return await run.call(triage)


@task(name="ticket.class", retries=2, retry_delay_seconds=30)
async def ticket_class(run: Run) -> Any:
    return await run.call(services_component)


async def ticket(run: Run) -> None:
    await run.step("fetch", ticket_fetch_step)
    await run.step("class", ticket_class)


@task(name="triage", retries=2, retry_delay_seconds=30)
async def triage_step(run: Run) -> Any:
    return await run.call(triage)


@task(
    name="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    retries=2,
    retry_delay_seconds=30,
)
async def xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx(run: Run) -> Any:
    return await run.call(
        Trrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
    )


@task(name="-.-", retries=2, retry_delay_seconds=30)
async def step(run: Run) -> Any:
    return await run.call(dumps)


@flow(name="email", log_prints=True)
async def email() -> Any:
    async with Run("email") as run:
        await run.step("email", email_step)
        await run.step("import", import_step)
        await run.step("run", run_step)
        await run.step("2nd", step_2nd)
        await run.step("print", print_step)
        await run.step("TicketFetch", ticket_fetch)
        await run.step("ticket", ticket)
        await run.step("triage", triage_step)
        await run.step(
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,
        )
        await run.step("-.-", step)
    return run.outcome()


if __name__ == "__main__":
    email.serve(name="email")
