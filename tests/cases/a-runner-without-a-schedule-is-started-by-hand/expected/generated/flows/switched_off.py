# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `switched_off`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="switched_off", retries=2, retry_delay_seconds=30)
async def switched_off_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="switched_off", log_prints=True)
async def switched_off(queue: str = "Sales") -> Any:
    async with Run("switched_off", params={"queue": queue}) as run:
        await run.step("switched_off", switched_off_step)
    return run.outcome()


if __name__ == "__main__":
    switched_off.serve(name="switched_off")
