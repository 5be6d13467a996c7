# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `routing`: started by hand."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="routing", retries=2, retry_delay_seconds=30)
async def routing_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        limit=run.params["limit"],
        note=run.params["note"],
        min_confidence=run.params["min_confidence"],
        queues={"billing": "Invoices and refunds", "it": "Devices"},
        dry_run=Template("{{ get_env('DRY_RUN', default='no') == 'yes' }}"),
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="routing", log_prints=True)
async def routing(
    note: bool = False,
    queue: str = "Incoming",
    limit: int = 20,
    min_confidence: float = 1,
) -> Any:
    async with Run(
        "routing",
        params={
            "note": note,
            "queue": queue,
            "limit": limit,
            "min_confidence": min_confidence,
        },
    ) as run:
        await run.step("routing", routing_step)
    return run.outcome()


if __name__ == "__main__":
    routing.serve(name="routing")
