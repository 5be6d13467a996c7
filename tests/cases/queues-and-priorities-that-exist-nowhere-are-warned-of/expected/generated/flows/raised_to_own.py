# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `raised_to_own`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="raised_to_own", retries=2, retry_delay_seconds=30)
async def raised_to_own_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        priorities=["low", "normal", "high"],
        raise_to=run.params["raise_to"],
        ticket_system=run.service(services.archive),
    )


@flow(name="raised_to_own", log_prints=True)
async def raised_to_own(raise_to: str = "higher") -> Any:
    async with Run("raised_to_own", params={"raise_to": raise_to}) as run:
        await run.step("raised_to_own", raised_to_own_step)
    return run.outcome()


if __name__ == "__main__":
    raised_to_own.serve(name="raised_to_own")
