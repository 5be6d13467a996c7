# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `in_a_container`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="in_a_container", retries=2, retry_delay_seconds=30)
async def in_a_container_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="in_a_container", log_prints=True)
async def in_a_container() -> Any:
    async with Run("in_a_container") as run:
        await run.step("in_a_container", in_a_container_step)
    return run.outcome()


if __name__ == "__main__":
    in_a_container.serve(name="in_a_container")
