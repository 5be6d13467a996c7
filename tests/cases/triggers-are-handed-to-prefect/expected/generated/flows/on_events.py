# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `on_events`: on Prefect events."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="on_events", retries=2, retry_delay_seconds=30)
async def on_events_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template("{{ params.queue }}"),
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="on_events", log_prints=True)
async def on_events(queue: str = "Incoming") -> Any:
    async with Run("on_events", params={"queue": queue}) as run:
        await run.step("on_events", on_events_step)
    return run.outcome()


if __name__ == "__main__":
    on_events.serve(name="on_events")
