# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `email`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="email", retries=2, retry_delay_seconds=30)
async def email_step(run: Run) -> Any:
    return await run.call(CheckEscalations, ticket_system=run.service(services.email))


@flow(name="email", log_prints=True)
async def email() -> Any:
    async with Run("email") as run:
        await run.step("email", email_step)
    return run.outcome()


if __name__ == "__main__":
    email.serve(name="email")
