# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `with_a_command_of_its_own`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="with_a_command_of_its_own", retries=2, retry_delay_seconds=30)
async def with_a_command_of_its_own_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="with_a_command_of_its_own", log_prints=True)
async def with_a_command_of_its_own() -> Any:
    async with Run("with_a_command_of_its_own") as run:
        await run.step("with_a_command_of_its_own", with_a_command_of_its_own_step)
    return run.outcome()


if __name__ == "__main__":
    with_a_command_of_its_own.serve(name="with_a_command_of_its_own")
