# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `per_queue`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="check", retries=2, retry_delay_seconds=30)
async def check(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template("{{ item }}"),
        max_age_hours=run.params["max_age_hours"],
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="per_queue", log_prints=True)
async def per_queue(max_age_hours: float = 8) -> Any:
    async with Run("per_queue", params={"max_age_hours": max_age_hours}) as run:
        await run.step("check", check, for_each=["Sales", "Support"], max_concurrency=2)
    return run.outcome()


if __name__ == "__main__":
    per_queue.serve(name="per_queue")
