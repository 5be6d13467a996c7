# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `route`: every minute."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Deferred, Run
from prefect import flow, task

from generated import services


@task(name="route", retries=2, retry_delay_seconds=30)
async def route_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        queue_model=run.params["queue_model"],
        queue_map={"Science/*": "Science", "Hardware": {"id": 5}, "*": "Others"},
        low_confidence_queue={"name": "Junk"},
        priority_model=run.params["priority_model"],
        priority_map={"high": "4 high", "*": {"id": 3}},
        low_confidence_priority=run.params["low_confidence_priority"],
        may_lower_priority=run.params["may_lower_priority"],
        text=Deferred("{{ ticket.subject }} {{ ticket.subject }} {{ ticket.body }}"),
        note_subject=Deferred("AI: {{ decision.queue }}"),
        note_body=Deferred(
            "{{ decision.text }}\nWrong? Call 4711 and say {{ ticket.id }}.\n"
        ),
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="route", log_prints=True)
async def route(
    queue: str = "Incoming",
    queue_model: str = "acme/queues",
    priority_model: str = "acme/priorities",
    low_confidence_priority: str = "3 normal",
    may_lower_priority: bool = True,
) -> Any:
    async with Run(
        "route",
        params={
            "queue": queue,
            "queue_model": queue_model,
            "priority_model": priority_model,
            "low_confidence_priority": low_confidence_priority,
            "may_lower_priority": may_lower_priority,
        },
    ) as run:
        await run.step("route", route_step)
    return run.outcome()


if __name__ == "__main__":
    route.serve(name="route", interval=60)
