# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `raised_to_the_usual`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="raised_to_the_usual", retries=2, retry_delay_seconds=30)
async def raised_to_the_usual_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        priorities=["low", "normal", "high"],
        ticket_system=run.service(services.archive),
    )


@flow(name="raised_to_the_usual", log_prints=True)
async def raised_to_the_usual() -> Any:
    async with Run("raised_to_the_usual") as run:
        await run.step("raised_to_the_usual", raised_to_the_usual_step)
    return run.outcome()


if __name__ == "__main__":
    raised_to_the_usual.serve(name="raised_to_the_usual")
