# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `slow`: every minute."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="check_escalations", retries=2, retry_delay_seconds=30, timeout_seconds=45)
async def check_escalations(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(
    name="steps.check_escalations",
    retries=2,
    retry_delay_seconds=30,
    timeout_seconds=30,
)
async def steps_check_escalations(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


async def steps(run: Run) -> None:
    await run.step("check_escalations", steps_check_escalations)


@task(name="check_escalations_2", retries=2, retry_delay_seconds=30)
async def check_escalations_2(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="slow", log_prints=True)
async def slow() -> Any:
    async with Run("slow") as run:
        await run.step("check_escalations", check_escalations)
        await run.step("steps", steps)
        await run.step("check_escalations_2", check_escalations_2)
    return run.outcome()


if __name__ == "__main__":
    slow.serve(name="slow", interval=60)
