# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `1st`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="1st", retries=2, retry_delay_seconds=30)
async def step_1st(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.email),
    )


@flow(name="1st", log_prints=True)
async def flow_1st(queue: str = "Support") -> Any:
    async with Run("1st", params={"queue": queue}) as run:
        await run.step("1st", step_1st)
    return run.outcome()


if __name__ == "__main__":
    flow_1st.serve(name="1st")
