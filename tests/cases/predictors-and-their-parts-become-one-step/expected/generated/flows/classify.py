# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `classify`: every minute."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Deferred, Run
from prefect import flow, task

from generated import services


@task(name="classify", retries=2, retry_delay_seconds=30)
async def classify_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        text=Deferred("{{ ticket.subject }} {{ ticket.subject }} {{ ticket.body }}"),
        min_confidence=run.params["min_confidence"],
        low_confidence_queue=run.params["low_confidence_queue"],
        queue_map={
            "Money/Invoices": "Billing",
            "Money/*": "Hardware",
            "Things/*": "Hardware",
            "*": "Elsewhere",
        },
        queue_model=run.params["queue_model"],
        min_priority_confidence=run.params["min_priority_confidence"],
        low_confidence_priority={"id": 3},
        priority_map={
            "1": {"id": 1},
            "2": {"id": 2},
            "3": {"id": 3},
            "4": {"id": 4},
            "5": {"id": 5},
        },
        priority_model=run.params["priority_model"],
        may_lower_priority=run.params["may_lower_priority"],
        note=run.params["note"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="classify", log_prints=True)
async def classify(
    queue: str = "Incoming",
    min_confidence: float = 0.8,
    low_confidence_queue: str = "Unsorted",
    queue_model: str = "acme/queues",
    min_priority_confidence: float = 0.6,
    priority_model: str = "acme/priorities",
    may_lower_priority: bool = True,
    note: bool = False,
) -> Any:
    async with Run(
        "classify",
        params={
            "queue": queue,
            "min_confidence": min_confidence,
            "low_confidence_queue": low_confidence_queue,
            "queue_model": queue_model,
            "min_priority_confidence": min_priority_confidence,
            "priority_model": priority_model,
            "may_lower_priority": may_lower_priority,
            "note": note,
        },
    ) as run:
        await run.step("classify", classify_step)
    return run.outcome()


if __name__ == "__main__":
    classify.serve(name="classify", interval=60)
