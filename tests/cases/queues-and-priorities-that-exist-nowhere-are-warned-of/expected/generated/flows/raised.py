# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `raised`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="raised", retries=2, retry_delay_seconds=30)
async def raised_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        raise_to=run.params["raise_to"],
        ticket_system=run.service(services.archive),
    )


@flow(name="raised", log_prints=True)
async def raised(raise_to: str = "urgent") -> Any:
    async with Run("raised", params={"raise_to": raise_to}) as run:
        await run.step("raised", raised_step)
    return run.outcome()


if __name__ == "__main__":
    raised.serve(name="raised")
