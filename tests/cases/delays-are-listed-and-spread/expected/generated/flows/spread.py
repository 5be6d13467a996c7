# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `spread`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(
    name="spread",
    retries=3,
    retry_delay_seconds=[1, 30, 300],
    retry_jitter_factor=0.3,
)
async def spread_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="spread", log_prints=True)
async def spread() -> Any:
    async with Run("spread") as run:
        await run.step("spread", spread_step)
    return run.outcome()


if __name__ == "__main__":
    spread.serve(name="spread")
