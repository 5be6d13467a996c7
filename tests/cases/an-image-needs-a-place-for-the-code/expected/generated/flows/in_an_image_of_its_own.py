# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `in_an_image_of_its_own`: every 15 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="in_an_image_of_its_own", retries=2, retry_delay_seconds=30)
async def in_an_image_of_its_own_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="in_an_image_of_its_own", log_prints=True)
async def in_an_image_of_its_own(queue: str = "Sales") -> Any:
    async with Run("in_an_image_of_its_own", params={"queue": queue}) as run:
        await run.step("in_an_image_of_its_own", in_an_image_of_its_own_step)
    return run.outcome()


if __name__ == "__main__":
    in_an_image_of_its_own.serve(name="in_an_image_of_its_own", interval=900)
