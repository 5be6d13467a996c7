# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `careful`: started by hand."""

from typing import Any

from otac.components import AddNote, CheckEscalations, Expression
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="check", retries=2, retry_delay_seconds=30)
async def check(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="skipped_after_a_failure", retries=2, retry_delay_seconds=30)
async def skipped_after_a_failure(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ has_succeeded('check') }}"),
    )


@task(name="apology", retries=2, retry_delay_seconds=30)
async def apology(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=1,
        note={"subject": "Sorry", "body": "The check failed."},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="group.may_fail", retries=2, retry_delay_seconds=30)
async def group_may_fail(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Sales",
        ticket_system=run.service(services.helpdesk),
    )


@task(name="group.either_way", retries=2, retry_delay_seconds=30)
async def group_either_way(run: Run) -> Any:
    return await run.call(Expression, expression=1)


async def group(run: Run) -> None:
    await run.step("may_fail", group_may_fail)
    await run.step(
        "either_way",
        group_either_way,
        when=Template("{{ has_failed('may_fail') or true }}"),
        after_failure=True,
    )


@flow(name="careful", log_prints=True)
async def careful() -> Any:
    async with Run("careful") as run:
        await run.step("check", check)
        await run.step("skipped_after_a_failure", skipped_after_a_failure)
        await run.step(
            "apology",
            apology,
            when=Template("{{ has_failed('check') and not has_succeeded('check') }}"),
            after_failure=True,
        )
        await run.step("group", group, on_error="continue")
    return run.outcome()


if __name__ == "__main__":
    careful.serve(name="careful")
