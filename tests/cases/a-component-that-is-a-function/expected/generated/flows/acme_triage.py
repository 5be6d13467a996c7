# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `acme_triage`: every minute."""

from typing import Any

from otac.runtime import Run, Template
from prefect import flow, task

from acme import call_back
from acme.pipes import anything_goes, triage
from generated import services


@task(name="triage", retries=2, retry_delay_seconds=30)
async def triage_step(run: Run) -> Any:
    return await run.call(
        triage,
        ticket_id=42,
        rules={"vip": 1},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="call_back", retries=2, retry_delay_seconds=30)
async def call_back_step(run: Run) -> Any:
    return await run.call(
        call_back,
        number=Template("{{ get_pipe_result('triage', 'number') }}"),
        phone_book=run.service(services.phone_book),
    )


@task(name="anything", retries=2, retry_delay_seconds=30)
async def anything(run: Run) -> Any:
    return await run.call(
        anything_goes,
        colour="red",
        **{"class": "keyword", "two words": "quoted"},
    )


@flow(name="acme_triage", log_prints=True)
async def acme_triage() -> Any:
    async with Run("acme_triage") as run:
        await run.step("triage", triage_step)
        await run.step("call_back", call_back_step)
        await run.step("anything", anything)
    return run.outcome()


if __name__ == "__main__":
    acme_triage.serve(name="acme_triage", interval=60)
