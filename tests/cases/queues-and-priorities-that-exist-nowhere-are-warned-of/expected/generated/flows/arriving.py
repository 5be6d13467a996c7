# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `arriving`: started by hand."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="arriving", retries=2, retry_delay_seconds=30)
async def arriving_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        low_confidence_queue=run.params["low_confidence_queue"],
        queues={"Billing": "invoices", "it support": "computers", "Returns": "parcels"},
        priorities={
            "3 normal": "a question",
            "4 high": "urgent",
            "5 very high": "an emergency",
        },
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.topics),
    )


@flow(name="arriving", log_prints=True)
async def arriving(queue: str = "Raw", low_confidence_queue: str = "Triage") -> Any:
    async with Run(
        "arriving",
        params={"queue": queue, "low_confidence_queue": low_confidence_queue},
    ) as run:
        await run.step("arriving", arriving_step)
    return run.outcome()


if __name__ == "__main__":
    arriving.serve(name="arriving")
