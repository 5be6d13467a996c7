# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `router`: every 5 minutes."""

from typing import Any

from otac.components import ProcessTickets
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="router", retries=2, retry_delay_seconds=30)
async def router_step(run: Run) -> Any:
    return await run.call(
        ProcessTickets,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
        classification_service=run.service(services.classification_service),
    )


@flow(name="router", log_prints=True)
async def router(queue: str = "Raw") -> Any:
    async with Run("router", params={"queue": queue}) as run:
        await run.step("router", router_step)
    return run.outcome()


if __name__ == "__main__":
    router.serve(name="router", interval=300)
