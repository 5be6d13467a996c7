# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `level`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="level", retries=2, retry_delay_seconds=30)
async def level_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="level", log_prints=True)
async def level(queue: str = "Support::Level2") -> Any:
    async with Run("level", params={"queue": queue}) as run:
        await run.step("level", level_step)
    return run.outcome()


if __name__ == "__main__":
    level.serve(name="level")
