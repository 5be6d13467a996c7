# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `routing`: every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="routing", retries=2, retry_delay_seconds=30)
async def routing_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        queue_map={
            "Science/Physics": "Physics",
            "Science/*": "Science",
            "Science/*/old": "Archive",
            "*": "Others",
            "Billing": "Billing",
        },
        priority_map={
            "urgent*": "5 very high",
            "*urgent": "4 high",
            "urgent now": "5 very high",
        },
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.topics),
    )


@flow(name="routing", log_prints=True)
async def routing(queue: str = "Incoming") -> Any:
    async with Run("routing", params={"queue": queue}) as run:
        await run.step("routing", routing_step)
    return run.outcome()


if __name__ == "__main__":
    routing.serve(name="routing", interval=300)
