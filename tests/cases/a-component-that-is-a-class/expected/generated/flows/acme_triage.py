# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `acme_triage`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.pipes import Page, Triage
from generated import services


@task(name="triage", retries=2, retry_delay_seconds=30)
async def triage(run: Run) -> Any:
    return await run.call(
        Triage,
        ticket_id="42",
        labels=["billing", "it"],
        ticket_system=run.service(services.helpdesk),
        classifier=run.service(services.classifier),
    )


@task(name="page", retries=2, retry_delay_seconds=30)
async def page(run: Run) -> Any:
    return await run.call(Page, text="Wake up", pager=run.service(services.pager))


@flow(name="acme_triage", log_prints=True)
async def acme_triage() -> Any:
    async with Run("acme_triage") as run:
        await run.step("triage", triage)
        await run.step("page", page)
    return run.outcome()


if __name__ == "__main__":
    acme_triage.serve(name="acme_triage")
