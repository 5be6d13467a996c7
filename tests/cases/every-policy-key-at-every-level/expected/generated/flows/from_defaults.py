# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `from_defaults`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(
    name="from_defaults",
    retries=5,
    retry_delay_seconds=8,
    retry_jitter_factor=0.5,
    timeout_seconds=60,
)
async def from_defaults_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(
    name="from_defaults",
    retries=1,
    persist_result=True,
    timeout_seconds=600,
    log_prints=True,
)
async def from_defaults() -> Any:
    async with Run("from_defaults") as run:
        await run.step("from_defaults", from_defaults_step, on_error="continue")
    return run.outcome()


if __name__ == "__main__":
    from_defaults.serve(name="from_defaults")
