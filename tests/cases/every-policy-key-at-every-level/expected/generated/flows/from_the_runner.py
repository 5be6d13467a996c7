# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `from_the_runner`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="from_the_runner", retries=0)
async def from_the_runner_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="from_the_runner", log_prints=True)
async def from_the_runner() -> Any:
    async with Run("from_the_runner") as run:
        await run.step("from_the_runner", from_the_runner_step)
    return run.outcome()


if __name__ == "__main__":
    from_the_runner.serve(name="from_the_runner")
