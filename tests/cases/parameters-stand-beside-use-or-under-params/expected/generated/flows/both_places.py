# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `both_places`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="beside", retries=2, retry_delay_seconds=30)
async def beside(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Sales",
        max_age_hours=4,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="under", retries=2, retry_delay_seconds=30)
async def under(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Sales",
        max_age_hours=4,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="mixed", retries=2, retry_delay_seconds=30)
async def mixed(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Sales",
        max_age_hours=4,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="numbers_as_text", retries=2, retry_delay_seconds=30)
async def numbers_as_text(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        max_age_hours="4.5",
        dry_run="true",
        ticket_system=run.service(services.helpdesk),
    )


@task(name="a_priority_map", retries=2, retry_delay_seconds=30)
async def a_priority_map(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        max_age_hours_by_priority={"5 very high": 1, "4 high": 2.5},
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="both_places", log_prints=True)
async def both_places() -> Any:
    async with Run("both_places") as run:
        await run.step("beside", beside)
        await run.step("under", under)
        await run.step("mixed", mixed)
        await run.step("numbers_as_text", numbers_as_text)
        await run.step("a_priority_map", a_priority_map)
    return run.outcome()


if __name__ == "__main__":
    both_places.serve(name="both_places")
