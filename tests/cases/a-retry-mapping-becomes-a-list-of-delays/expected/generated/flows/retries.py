# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `retries`: every 10 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(
    name="check",
    retries=4,
    retry_delay_seconds=[2, 6, 18, 30],
    retry_jitter_factor=0.5,
    timeout_seconds=20,
)
async def check(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template("{{ config.queue }}"),
        ticket_system=run.service(services.helpdesk),
    )


@task(name="again", retries=0)
async def again(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template("{{ config['queue'] }}"),
        ticket_system=run.service(services.helpdesk),
    )


@task(name="once_more", retries=2, retry_delay_seconds=[5, 10])
async def once_more(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template("{{ config['queue'] }}"),
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="retries", log_prints=True)
async def retries() -> Any:
    async with Run("retries", config={"queue": "Sales"}) as run:
        await run.step("check", check)
        await run.step(
            "again",
            again,
            when=Template("{{ not has_failed('check') }}"),
            after_failure=True,
        )
        await run.step("once_more", once_more, when=True)
    return run.outcome()


if __name__ == "__main__":
    retries.serve(name="retries", interval=600)
