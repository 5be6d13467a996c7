# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `afterwards`: after `first`."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="afterwards", retries=2, retry_delay_seconds=30)
async def afterwards_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.topics),
    )


@flow(name="afterwards", log_prints=True)
async def afterwards(queue: str = "Inbox") -> Any:
    async with Run("afterwards", params={"queue": queue}) as run:
        await run.step("afterwards", afterwards_step)
    return run.outcome()


if __name__ == "__main__":
    afterwards.serve(name="afterwards")
