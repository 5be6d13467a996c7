# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `in_the_image`: every 15 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="in_the_image", retries=2, retry_delay_seconds=30)
async def in_the_image_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="in_the_image", log_prints=True)
async def in_the_image() -> Any:
    async with Run("in_the_image") as run:
        await run.step("in_the_image", in_the_image_step)
    return run.outcome()


if __name__ == "__main__":
    in_the_image.serve(name="in_the_image", interval=900)
