# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `first`: every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="first", retries=2, retry_delay_seconds=30)
async def first_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.topics),
    )


@flow(name="first", log_prints=True)
async def first(queue: str = "Inbox") -> Any:
    async with Run("first", params={"queue": queue}) as run:
        await run.step("first", first_step)
    return run.outcome()


if __name__ == "__main__":
    first.serve(name="first", interval=300)
