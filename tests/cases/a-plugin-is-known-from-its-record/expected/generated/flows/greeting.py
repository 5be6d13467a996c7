# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `greeting`: started by hand."""

from typing import Any

from otac.runtime import Run, Template
from prefect import flow, task

from generated import services
from otai_acme.pipes import Greet, Triage


@task(name="greet", retries=2, retry_delay_seconds=30)
async def greet(run: Run) -> Any:
    return await run.call(Greet, name="Eva", tone="loud")


@task(name="greet_2", retries=2, retry_delay_seconds=30)
async def greet_2(run: Run) -> Any:
    return await run.call(
        Greet,
        name=Template("{{ get_pipe_result('greet', 'text') }}"),
    )


@task(name="triage", retries=2, retry_delay_seconds=30)
async def triage(run: Run) -> Any:
    return await run.call(
        Triage,
        queue="inbox",
        ticket_system=run.service(services.ticket_system),
        classification_service=run.service(services.words),
    )


@flow(name="greeting", log_prints=True)
async def greeting() -> Any:
    async with Run("greeting") as run:
        await run.step("greet", greet)
        await run.step("greet_2", greet_2)
        await run.step("triage", triage)
    return run.outcome()


if __name__ == "__main__":
    greeting.serve(name="greeting")
