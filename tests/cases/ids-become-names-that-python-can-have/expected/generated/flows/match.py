# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `match`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="match", retries=2, retry_delay_seconds=30)
async def match_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.email),
    )


@flow(name="match", log_prints=True)
async def match_flow(queue: str = "Games") -> Any:
    async with Run("match", params={"queue": queue}) as run:
        await run.step("match", match_step)
    return run.outcome()


if __name__ == "__main__":
    match_flow.serve(name="match")
