# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `anonymous`: started by hand."""

from typing import Any

from otac.components import CheckEscalations, Expression
from otac.runtime import Run
from prefect import flow, task

from acme import HTTPRequest2Queue
from generated import services


@task(name="check_escalations", retries=2, retry_delay_seconds=30)
async def check_escalations(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Sales",
        ticket_system=run.service(services.helpdesk),
    )


@task(name="check_escalations_3", retries=2, retry_delay_seconds=30)
async def check_escalations_3(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Support",
        ticket_system=run.service(services.helpdesk),
    )


@task(name="check_escalations_2", retries=2, retry_delay_seconds=30)
async def check_escalations_2(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="It",
        ticket_system=run.service(services.helpdesk),
    )


@task(name="http_request_2_queue", retries=2, retry_delay_seconds=30)
async def http_request_2_queue(run: Run) -> Any:
    return await run.call(HTTPRequest2Queue, url="https://example.com")


@task(name="steps.expression", retries=2, retry_delay_seconds=30)
async def steps_expression(run: Run) -> Any:
    return await run.call(Expression, expression=1)


async def steps(run: Run) -> None:
    await run.step("expression", steps_expression)


@task(name="steps_2.expression", retries=2, retry_delay_seconds=30)
async def steps_2_expression(run: Run) -> Any:
    return await run.call(Expression, expression=2)


async def steps_2(run: Run) -> None:
    await run.step("expression", steps_2_expression)


@flow(name="anonymous", log_prints=True)
async def anonymous() -> Any:
    async with Run("anonymous") as run:
        await run.step("check_escalations", check_escalations)
        await run.step("check_escalations_3", check_escalations_3)
        await run.step("check_escalations_2", check_escalations_2)
        await run.step("http_request_2_queue", http_request_2_queue)
        await run.step("steps", steps)
        await run.step("steps_2", steps_2)
    return run.outcome()


if __name__ == "__main__":
    anonymous.serve(name="anonymous")
