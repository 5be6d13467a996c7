# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `reports`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme.careful import local
from acme.careful import send as send_component
from acme.mail import send as send_component_2
from acme.reports import send


@task(name="patient", retries=2, retry_delay_seconds=30)
async def patient(run: Run) -> Any:
    return await run.call(send)


@task(name="limited", retries=2, retry_delay_seconds=30, timeout_seconds=30)
async def limited(run: Run) -> Any:
    return await run.call(send)


@task(name="careful", retries=2, retry_delay_seconds=30)
async def careful(run: Run) -> Any:
    return await run.call(send_component)


@task(name="other", retries=2, retry_delay_seconds=30)
async def other(run: Run) -> Any:
    return await run.call(local)


@task(name="blocks", retries=2, retry_delay_seconds=30)
async def blocks(run: Run) -> Any:
    return await run.call(send_component_2)


@flow(name="reports", log_prints=True)
async def reports() -> Any:
    async with Run("reports") as run:
        await run.step("patient", patient)
        await run.step("limited", limited)
        await run.step("careful", careful)
        await run.step("other", other)
        await run.step("blocks", blocks)
    return run.outcome()


if __name__ == "__main__":
    reports.serve(name="reports")
