# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `without_hooks`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="without_hooks", retries=2, retry_delay_seconds=30)
async def without_hooks_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="without_hooks", log_prints=True)
async def without_hooks(queue: str = "Sales") -> Any:
    async with Run("without_hooks", params={"queue": queue}) as run:
        await run.step("without_hooks", without_hooks_step)
    return run.outcome()


if __name__ == "__main__":
    without_hooks.serve(name="without_hooks")
