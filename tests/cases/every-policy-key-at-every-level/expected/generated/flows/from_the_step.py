# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `from_the_step`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(
    name="nearest",
    retries=1,
    retry_delay_seconds=8,
    retry_jitter_factor=0.5,
    timeout_seconds=5,
)
async def nearest(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Sales",
        ticket_system=run.service(services.helpdesk),
    )


@task(
    name="further_out",
    retries=4,
    retry_delay_seconds=8,
    retry_jitter_factor=0.5,
    timeout_seconds=60,
)
async def further_out(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Support",
        ticket_system=run.service(services.helpdesk),
    )


@flow(
    name="from_the_step",
    retries=1,
    persist_result=True,
    timeout_seconds=600,
    log_prints=True,
)
async def from_the_step() -> Any:
    async with Run("from_the_step") as run:
        await run.step("nearest", nearest)
        await run.step("further_out", further_out, on_error="continue")
    return run.outcome()


if __name__ == "__main__":
    from_the_step.serve(name="from_the_step")
