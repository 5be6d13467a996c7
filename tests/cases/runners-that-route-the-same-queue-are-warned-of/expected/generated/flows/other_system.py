# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `other_system`: every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="other_system", retries=2, retry_delay_seconds=30)
async def other_system_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.archive),
        classification_service=run.service(services.topics),
    )


@flow(name="other_system", log_prints=True)
async def other_system(queue: str = "Inbox") -> Any:
    async with Run("other_system", params={"queue": queue}) as run:
        await run.step("other_system", other_system_step)
    return run.outcome()


if __name__ == "__main__":
    other_system.serve(name="other_system", interval=300)
