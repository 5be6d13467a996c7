# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `routing`: every 30 seconds."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Deferred, Run
from prefect import flow, task

from generated import services


@task(name="routing", retries=2, retry_delay_seconds=30)
async def routing_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        text=Deferred("{{ ticket.subject }}: {{ ticket.body }}"),
        min_confidence=run.params["min_confidence"],
        low_confidence_queue=run.params["low_confidence_queue"],
        queue_map={"invoice": "Billing"},
        labels_are_queues=run.params["labels_are_queues"],
        note_subject=run.params["note_subject"],
        note_body=Deferred(
            "To {{ decision.queue }}, as the label {{ decision.queue_label }}\n"
            "has {{ decision.queue_confidence }} of 0.8.\n"
        ),
        queue_model=run.params["queue_model"],
        min_priority_confidence=run.params["min_priority_confidence"],
        low_confidence_priority=run.params["low_confidence_priority"],
        labels_are_priorities=run.params["labels_are_priorities"],
        priority_note_subject=run.params["priority_note_subject"],
        priority_note_body=Deferred("Now {{ decision.priority }}."),
        priority_model=run.params["priority_model"],
        may_lower_priority=run.params["may_lower_priority"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="routing", log_prints=True)
async def routing(
    queue: str = "Incoming",
    min_confidence: float = 0.8,
    low_confidence_queue: str = "Unsorted",
    labels_are_queues: bool = True,
    note_subject: str = "Sorted",
    queue_model: str = "acme/queues",
    min_priority_confidence: float = 0.6,
    low_confidence_priority: str = "3 normal",
    labels_are_priorities: bool = True,
    priority_note_subject: str = "Priority",
    priority_model: str = "acme/priorities",
    may_lower_priority: bool = True,
) -> Any:
    async with Run(
        "routing",
        params={
            "queue": queue,
            "min_confidence": min_confidence,
            "low_confidence_queue": low_confidence_queue,
            "labels_are_queues": labels_are_queues,
            "note_subject": note_subject,
            "queue_model": queue_model,
            "min_priority_confidence": min_priority_confidence,
            "low_confidence_priority": low_confidence_priority,
            "labels_are_priorities": labels_are_priorities,
            "priority_note_subject": priority_note_subject,
            "priority_model": priority_model,
            "may_lower_priority": may_lower_priority,
        },
    ) as run:
        await run.step("routing", routing_step)
    return run.outcome()


if __name__ == "__main__":
    routing.serve(name="routing", interval=30)
