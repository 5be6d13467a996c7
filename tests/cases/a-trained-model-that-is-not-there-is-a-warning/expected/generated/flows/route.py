# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `route`: every minute."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="route", retries=2, retry_delay_seconds=30)
async def route_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classifier),
    )


@flow(name="route", log_prints=True)
async def route(queue: str = "Incoming") -> Any:
    async with Run("route", params={"queue": queue}) as run:
        await run.step("route", route_step)
    return run.outcome()


if __name__ == "__main__":
    route.serve(name="route", interval=60)
