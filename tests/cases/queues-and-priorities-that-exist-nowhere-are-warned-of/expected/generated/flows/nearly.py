# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `nearly`: started by hand."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="nearly", retries=2, retry_delay_seconds=30)
async def nearly_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        low_confidence_queue=run.params["low_confidence_queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.topics),
    )


@flow(name="nearly", log_prints=True)
async def nearly(
    queue: str = "Biling",
    low_confidence_queue: str = "IT-Support",
) -> Any:
    async with Run(
        "nearly",
        params={"queue": queue, "low_confidence_queue": low_confidence_queue},
    ) as run:
        await run.step("nearly", nearly_step)
    return run.outcome()


if __name__ == "__main__":
    nearly.serve(name="nearly")
