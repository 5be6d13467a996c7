# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `with_hooks`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services
from hooks import page, write_down


@task(name="with_hooks", retries=2, retry_delay_seconds=30)
async def with_hooks_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(
    name="with_hooks",
    on_completion=[write_down],
    on_failure=[write_down, page],
    on_crashed=[page],
    log_prints=True,
)
async def with_hooks() -> Any:
    async with Run("with_hooks") as run:
        await run.step("with_hooks", with_hooks_step)
    return run.outcome()


if __name__ == "__main__":
    with_hooks.serve(name="with_hooks")
