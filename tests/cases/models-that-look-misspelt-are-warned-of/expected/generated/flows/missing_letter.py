# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `missing_letter`: started by hand."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="missing_letter", retries=2, retry_delay_seconds=30)
async def missing_letter_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        queue_model=run.params["queue_model"],
        priority_model=run.params["priority_model"],
        ticket_system=run.service(services.ticket_system),
        classification_service=run.service(services.topics),
    )


@flow(name="missing_letter", log_prints=True)
async def missing_letter(
    queue: str = "Inbox",
    queue_model: str = "acme/ticket-quues-v1",
    priority_model: str = "acme/urgency",
) -> Any:
    async with Run(
        "missing_letter",
        params={
            "queue": queue,
            "queue_model": queue_model,
            "priority_model": priority_model,
        },
    ) as run:
        await run.step("missing_letter", missing_letter_step)
    return run.outcome()


if __name__ == "__main__":
    missing_letter.serve(name="missing_letter")
